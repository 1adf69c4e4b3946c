package dev.cambium.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Backends;
import dev.cambium.data.Dataset;
import dev.cambium.data.Splits;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Loss;
import dev.cambium.nn.Optimizer;
import dev.cambium.part.PartProvider;
import dev.cambium.part.Parts;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;
import dev.cambium.train.Model;
import dev.cambium.train.Trainer;

/** The README's code is compiled and run as it stands; only the data is made small and the file put elsewhere. */
class ReadmeTest {
    private static final Pattern BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TYPE = Pattern.compile("public (?:final )?(?:record|class) (\\w+)");

    @TempDir
    private Path folder;
    private Map<String, String> sources = Map.of();

    @BeforeEach
    void read_the_blocks() throws IOException {
        String readme = Files.readString(Path.of(System.getProperty("basedir", "."), "..", "README.md"));
        sources = new LinkedHashMap<>();
        Matcher block = BLOCK.matcher(readme);
        while (block.find()) {
            Matcher type = TYPE.matcher(block.group(1));
            sources.put(type.find() ? type.group(1) : "Train", block.group(1));
        }
        assertThat(sources).containsOnlyKeys("Train", "MyCnn", "LearnedSwish", "MyParts", "Lion", "Diagonal");
    }

    @Test
    void the_training_run_trains_and_saves() throws Exception {
        Path weights = folder.resolve("weights.safetensors");
        sources.computeIfPresent("Train", (_, code) -> code.replace("new Mnist()", "new SyntheticDigits(0, 200, 100)")
                .replace("\"mnist.safetensors\"", '"' + weights.toString() + '"')
                .replace("mnist.test(), 15", "mnist.test(), 2"));
        try (URLClassLoader classes = compile()) {
            Constructor<?> constructor = classes.loadClass("Train").getDeclaredConstructor();
            Method main = classes.loadClass("Train").getDeclaredMethod("main");
            constructor.setAccessible(true);
            main.setAccessible(true);
            main.invoke(constructor.newInstance());
        }
        assertThat(weights).exists();
    }

    @Test
    void the_parts_are_found_and_train() throws Exception {
        try (URLClassLoader classes = compile(); Backend backend = Backends.open()) {
            var provider = (PartProvider) classes.loadClass("readme.MyParts").getConstructor().newInstance();
            Parts parts = Parts.of(List.of(provider));
            assertThat(parts.refusals()).isEmpty();
            Loss crossEntropy = Parts.discover().find(Loss.class, "cross-entropy").create();
            Optimizer lion = parts.find(Optimizer.class, "lion").create(Map.of("learningRate", 0.01));

            Splits points = parts.find(Dataset.class, "diagonal").create().load();
            Layer linear = Parts.discover().find(Layer.class, "linear").create(Map.of("outFeatures", 2));
            try (Model model = Model.create(linear, points.train().inputType(), backend, 1);
                    Trainer trainer = new Trainer(model, crossEntropy, lion, 20)) {
                var epochs = trainer.fit(points.train(), points.test(), 3);
                assertThat(epochs.getLast().test().loss()).isLessThan(0.4);
            }

            TensorType image = new TensorType(DType.FLOAT32, Shape.of(1, 28, 28));
            Layer cnn = parts.find(Layer.class, "my-cnn").create();
            Layer swish = parts.find(Layer.class, "learned-swish").create();
            Layer both = (x, cx) -> cx.call("cnn", cnn, cx.call("swish", swish, x));
            try (Model model = Model.create(both, image, backend, 1)) {
                assertThat(model.weights()).containsKeys("swish.slope", "cnn.conv1.weight", "cnn.fc2.bias");
                assertThat(model.outputType()).isEqualTo(new TensorType(DType.FLOAT32, Shape.of(10)));
            }
        }
    }

    private URLClassLoader compile() throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        var files = new ArrayList<Path>();
        for (var source : sources.entrySet()) {
            files.add(Files.writeString(folder.resolve(source.getKey() + ".java"), source.getValue()));
        }
        String path = Stream.of("java.class.path", "jdk.module.path").map(System::getProperty)
                .filter(each -> each != null && !each.isBlank())
                .collect(Collectors.joining(System.getProperty("path.separator")));
        var arguments = new ArrayList<>(List.of("-d", classes.toString(), "-classpath", path, "-proc:none"));
        files.forEach(file -> arguments.add(file.toString()));
        var messages = new StringWriter();
        int exitCode = ToolProvider.findFirst("javac").orElseThrow().run(new PrintWriter(messages),
                new PrintWriter(messages),
                arguments.toArray(String[]::new));
        assertThat(exitCode).as(messages.toString()).isZero();
        return new URLClassLoader(new URL[] {classes.toUri().toURL()}, ReadmeTest.class.getClassLoader());
    }
}
