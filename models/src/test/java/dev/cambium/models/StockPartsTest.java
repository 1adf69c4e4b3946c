package dev.cambium.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.cambium.CambiumException;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Loss;
import dev.cambium.nn.Metric;
import dev.cambium.nn.Optimizer;
import dev.cambium.part.PartType;
import dev.cambium.part.Parts;

@Tag("classpath")
class StockPartsTest {
    private static final Parts PARTS = Parts.discover();

    @Test
    void every_layer_loss_optimizer_and_metric_of_the_module_is_offered_by_its_provider() throws Exception {
        List<Class<?>> offered = PARTS.entries().stream().<Class<?>>map(entry -> entry.type().recordClass()).toList();
        List<Class<?>> parts = classes().stream().filter(StockPartsTest::isPart).toList();
        assertThat(parts).hasSize(17).contains(Conv2d.class, Network.class);
        assertThat(offered).containsAll(parts);
        assertThat(PARTS.refusals()).isEmpty();
    }

    private static boolean isPart(Class<?> type) {
        return Stream.of(Layer.class, Loss.class, Optimizer.class, Metric.class)
                .anyMatch(kind -> kind.isAssignableFrom(type));
    }

    /** The classes of the module's main code. */
    private static List<Class<?>> classes() throws IOException, URISyntaxException, ClassNotFoundException {
        URI uri = Conv2d.class.getResource("Conv2d.class").toURI();
        try (Stream<Path> files = Files.list(Path.of(uri).getParent())) {
            var names = files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".class"))
                    .map(name -> Conv2d.class.getPackageName() + "." + name.substring(0, name.length() - 6)).toList();
            var classes = new ArrayList<Class<?>>();
            for (String name : names) {
                classes.add(Class.forName(name));
            }
            return classes;
        }
    }

    @Test
    void names_are_those_of_experiment_files() {
        assertThat(names(Layer.class)).containsExactlyInAnyOrder("conv2d", "linear", "relu", "max-pool2d", "dropout",
                "dropout2d", "flatten", "log-softmax", "network", "mnist-cnn");
        assertThat(names(Loss.class)).containsExactlyInAnyOrder("cross-entropy", "nll");
        assertThat(names(Optimizer.class)).containsExactlyInAnyOrder("adam", "adamw", "sgd");
        assertThat(names(Metric.class)).containsExactlyInAnyOrder("accuracy", "confusion-matrix");
    }

    private static List<String> names(Class<?> kind) {
        return PARTS.all(kind).stream().map(PartType::name).toList();
    }

    @Test
    void convenience_constructors_have_the_defaults_of_the_settings() {
        assertThat(new Conv2d(32, 3)).isEqualTo(create(Layer.class, "conv2d", "outChannels", 32, "kernelSize", 3));
        assertThat(new Conv2d(32, 3, Conv2d.SAME)).isEqualTo(
                create(Layer.class, "conv2d", "outChannels", 32, "kernelSize", 3, "padding", "same"));
        assertThat(new Linear(10)).isEqualTo(create(Layer.class, "linear", "outFeatures", 10));
        assertThat(new MaxPool2d(3)).isEqualTo(create(Layer.class, "max-pool2d", "kernelSize", 3));
        assertThat(new MaxPool2d(3).stride()).isEqualTo(3);
        assertThat(new Flatten()).isEqualTo(create(Layer.class, "flatten"));
        assertThat(new LogSoftmax()).isEqualTo(create(Layer.class, "log-softmax"));
        assertThat(new Adam()).isEqualTo(create(Optimizer.class, "adam"));
        assertThat(new Adam(0.01)).isEqualTo(create(Optimizer.class, "adam", "learningRate", 0.01));
        assertThat(new AdamW()).isEqualTo(create(Optimizer.class, "adamw"));
        assertThat(new AdamW(0.01)).isEqualTo(create(Optimizer.class, "adamw", "learningRate", 0.01));
        assertThat(new Sgd(0.001)).isEqualTo(create(Optimizer.class, "sgd"));
        assertThat(new Sgd(0.1, 0.9)).isEqualTo(create(Optimizer.class, "sgd", "learningRate", 0.1, "momentum", 0.9));
    }

    @Test
    void defaults_are_those_of_pytorch() {
        assertThat(create(Layer.class, "conv2d", "outChannels", 1, "kernelSize", 1))
                .isEqualTo(new Conv2d(1, 1, 1, "0", 1, 1, true));
        assertThat(create(Layer.class, "linear", "outFeatures", 1)).isEqualTo(new Linear(1, true));
        assertThat(create(Layer.class, "max-pool2d", "kernelSize", 2)).isEqualTo(new MaxPool2d(2, 2, 0, 1));
        assertThat(create(Layer.class, "dropout")).isEqualTo(new Dropout(0.5));
        assertThat(create(Layer.class, "dropout2d")).isEqualTo(new Dropout2d(0.5));
        assertThat(create(Layer.class, "flatten")).isEqualTo(new Flatten(1));
        assertThat(create(Optimizer.class, "adam")).isEqualTo(new Adam(0.001, 0.9, 0.999, 1e-8, 0));
        assertThat(create(Optimizer.class, "adamw")).isEqualTo(new AdamW(0.001, 0.9, 0.999, 1e-8, 0.01));
        assertThat(create(Optimizer.class, "sgd")).isEqualTo(new Sgd(0.001, 0, 0, 0, false));
    }

    @Test
    void padding_may_be_written_as_a_number_or_as_same() {
        assertThat(create(Layer.class, "conv2d", "outChannels", 8, "kernelSize", "5", "padding", 2))
                .isEqualTo(new Conv2d(8, 5, 1, "2", 1, 1, true));
        assertThatThrownBy(() -> create(Layer.class, "conv2d", "outChannels", 8, "kernelSize", 5, "padding", "smae"))
                .isInstanceOf(CambiumException.class)
                .hasMessage("conv2d: padding is 'smae', but must be a number of at least 0 or 'same'");
    }

    @Test
    void settings_out_of_range_name_part_and_setting() {
        assertThatThrownBy(() -> create(Layer.class, "mnist-cnn", "dropout", 1.5)).isInstanceOf(CambiumException.class)
                .hasMessage("mnist-cnn.dropout is '1.5', but must be a number from 0 to 1");
        assertThatThrownBy(() -> create(Optimizer.class, "adam", "beta1", 1)).isInstanceOf(CambiumException.class)
                .hasMessage("adam: beta1 is 1.0, but must be at least 0 and below 1");
    }

    private static <K> K create(Class<K> kind, String name, Object... settings) {
        var values = new HashMap<String, Object>();
        for (int i = 0; i < settings.length; i += 2) {
            values.put((String) settings[i], settings[i + 1]);
        }
        return PARTS.find(kind, name).create(Map.copyOf(values));
    }
}
