package dev.cambium.app.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.cambium.CambiumException;
import dev.cambium.app.picture.DigitPicture;
import dev.cambium.app.run.RunFolder;
import dev.cambium.app.run.RunSettings;
import dev.cambium.app.terminal.Bars;
import dev.cambium.app.terminal.Numbers;
import dev.cambium.app.terminal.Terminal;
import dev.cambium.app.terminal.Terminal.Style;
import dev.cambium.app.wiring.PartChoice;
import dev.cambium.app.wiring.Platform;
import dev.cambium.app.wiring.PlatformModule;
import dev.cambium.app.wiring.SavedModelModule;
import dev.cambium.app.wiring.Wiring;
import dev.cambium.data.Examples;
import dev.cambium.data.Splits;
import dev.cambium.data.Transform;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;
import dev.cambium.train.Model;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "predict", mixinStandardHelpOptions = true,
        description = "Says which digit a picture shows: of any size, dark on light or light on dark.")
final class PredictCommand implements Callable<Integer> {
    private static final Shape IMAGE = Shape.of(1, DigitPicture.SIZE, DigitPicture.SIZE);

    private final Supplier<Platform> platform;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Parameters(paramLabel = "IMAGE", arity = "1..*", description = "A PNG or JPEG file with one digit.")
    private List<Path> images = List.of();

    @Option(names = "--model", paramLabel = "RUN",
            description = "The folder of a run. Default: the newest one in runs/.")
    private @Nullable Path model;

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    PredictCommand(Supplier<Platform> platform) {
        this.platform = platform;
    }

    @Override
    public Integer call() {
        Platform chosen = platform.get();
        RunFolder folder = model == null ? RunFolder.newest(chosen.runs()) : RunFolder.open(model);
        RunSettings settings = folder.settings();
        requireImages(folder, settings.input().type());
        try (var wiring = new Wiring(new PlatformModule(chosen, compute.choose(chosen)),
                new SavedModelModule(folder, settings))) {
            Model trained = wiring.get(Model.class);
            chosen.terminal().line(
                    chosen.terminal().paint(Style.DIM, "%s of %s".formatted(settings.network().name(), folder.path())));
            int code = 0;
            for (Path image : images) {
                try {
                    NdArray input = transformed(settings, chosen,
                            NdArray.of(IMAGE.prepend(1), DigitPicture.read(image)));
                    print(chosen.terminal(), image, Prediction.all(trained.predict(input)).getFirst(),
                            settings.classes());
                } catch (CambiumException e) {
                    chosen.terminal().out().flush();
                    PrintWriter err = command.commandLine().getErr();
                    err.println("cambium: " + e.getMessage());
                    err.flush();
                    code = Failures.FAILED;
                }
            }
            return code;
        }
    }

    /** The picture as the transforms of the run would change one that it is judged by. */
    private static NdArray transformed(RunSettings settings, Platform platform, NdArray picture) {
        if (settings.transforms().isEmpty()) {
            return picture;
        }
        Examples one = Examples.of(picture, NdArray.of(Shape.of(1), 0L), List.of());
        Splits splits = new Splits(one, one);
        for (RunSettings.PartSettings each : settings.transforms()) {
            splits = PartChoice.of(each).create(platform.parts(), Transform.class).part().apply(splits);
        }
        return splits.test().batch(0, 0).inputs();
    }

    private static void requireImages(RunFolder folder, TensorType input) {
        if (!input.equals(new TensorType(DType.FLOAT32, IMAGE))) {
            throw new CambiumException(
                    "the network of %s takes %s, but pictures are made into %s".formatted(folder.path(),
                            input, new TensorType(DType.FLOAT32, IMAGE)));
        }
    }

    private static void print(Terminal terminal, Path image, Prediction prediction, List<String> names) {
        int best = prediction.best();
        terminal.line();
        terminal.line("%s: %s, %s".formatted(image, terminal.paint(Style.BOLD, names.get(best)),
                Numbers.percent(prediction.probabilities().get(best))));
        Bars.print(terminal, names, prediction.probabilities());
    }
}
