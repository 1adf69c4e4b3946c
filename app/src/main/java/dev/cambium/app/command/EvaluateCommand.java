package dev.cambium.app.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

import dev.cambium.app.run.RunFolder;
import dev.cambium.app.run.RunSettings;
import dev.cambium.app.wiring.DataModule;
import dev.cambium.app.wiring.LoadedData;
import dev.cambium.app.wiring.PartChoice;
import dev.cambium.app.wiring.Platform;
import dev.cambium.app.wiring.PlatformModule;
import dev.cambium.app.wiring.SavedModelModule;
import dev.cambium.app.wiring.Wiring;
import dev.cambium.data.Dataset;
import dev.cambium.data.Transform;
import dev.cambium.nn.Loss;
import dev.cambium.train.Model;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "evaluate", mixinStandardHelpOptions = true,
        description = "Measures a trained network on the test images of the dataset that it was trained on, or of another one.")
final class EvaluateCommand implements Runnable {
    private final Supplier<Platform> platform;

    @Parameters(paramLabel = "RUN", description = "The folder of a run.")
    private Path run = Path.of("");

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    EvaluateCommand(Supplier<Platform> platform) {
        this.platform = platform;
    }

    @Override
    public void run() {
        Platform standard = platform.get();
        Optional<PartChoice> named = data.dataset(standard.parts());
        RunFolder folder = RunFolder.open(run);
        RunSettings settings = folder.settings();
        Platform chosen = data.applyTo(trainedOn(settings).map(standard::withData).orElse(standard));
        PartChoice dataset = named.orElseGet(() -> PartChoice.of(settings.dataset()));
        try (var wiring = new Wiring(new PlatformModule(chosen, compute.choose(chosen)),
                new DataModule(Optional.of(dataset.create(chosen.parts(), Dataset.class)),
                        settings.transforms().stream()
                                .map(each -> PartChoice.of(each).create(chosen.parts(), Transform.class)).toList()),
                new SavedModelModule(folder, settings))) {
            Model model = wiring.get(Model.class);
            LoadedData examples = wiring.get(LoadedData.class);
            chosen.terminal().heading("%s of %s on %s".formatted(settings.network().name(), run, dataset));
            TestResult.of(model, examples.test(), wiring.get(Loss.class), chosen.parts()).print(chosen.terminal());
        }
    }

    /** The folder that was named for the data when the network was trained, if it is still there. */
    private static Optional<Path> trainedOn(RunSettings settings) {
        return Optional.ofNullable(settings.data()).map(Path::of).filter(Files::isDirectory);
    }
}
