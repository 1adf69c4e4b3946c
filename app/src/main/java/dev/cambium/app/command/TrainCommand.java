package dev.cambium.app.command;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.cambium.app.run.RunFolder;
import dev.cambium.app.wiring.DataModule;
import dev.cambium.app.wiring.PartChoice;
import dev.cambium.app.wiring.Platform;
import dev.cambium.app.wiring.PlatformModule;
import dev.cambium.app.wiring.TrainingModule;
import dev.cambium.app.wiring.TrainingPlan;
import dev.cambium.app.wiring.Wiring;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Loss;
import dev.cambium.nn.Optimizer;
import dev.cambium.part.Parts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "train", mixinStandardHelpOptions = true,
        description = {"Trains a network and writes what came of it to a folder.",
                "Ctrl-C ends training after the step that it is at and writes everything all the same."},
        footer = {"", "PART is a name that 'cambium plugins' lists, with settings if need be, such as",
                "  --optimizer sgd:momentum=0.9,nesterov=true"})
final class TrainCommand implements Runnable {
    private final Supplier<Platform> platform;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--network", paramLabel = PartOption.LABEL, converter = Converters.Part.class,
            defaultValue = "mnist-cnn", description = "What to train. Default: ${DEFAULT-VALUE}.")
    private PartChoice network = new PartChoice("");

    @Option(names = "--loss", paramLabel = PartOption.LABEL, converter = Converters.Part.class,
            defaultValue = "cross-entropy", description = "What to make small. Default: ${DEFAULT-VALUE}.")
    private PartChoice loss = new PartChoice("");

    @Option(names = "--optimizer", paramLabel = PartOption.LABEL, converter = Converters.Part.class,
            defaultValue = "adam", description = "How to make it small. Default: ${DEFAULT-VALUE}.")
    private PartChoice optimizer = new PartChoice("");

    @Option(names = "--epochs", paramLabel = "N", defaultValue = "15", converter = Converters.Count.class,
            description = "How many times to go through the images. Default: ${DEFAULT-VALUE}.")
    private int epochs;

    @Option(names = "--batch-size", paramLabel = "N", defaultValue = "50", converter = Converters.Count.class,
            description = "How many images a step takes. Default: ${DEFAULT-VALUE}.")
    private int batchSize;

    @Option(names = "--learning-rate", paramLabel = "X", defaultValue = "0.001", converter = Converters.Rate.class,
            description = "The optimizer's learning rate. Default: ${DEFAULT-VALUE}.")
    private double learningRate;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", converter = Converters.Seed.class,
            description = "What initial weights, dropout and the order of images follow from. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--max-steps", paramLabel = "N", converter = Converters.Steps.class,
            description = "Stop after so many steps. Default: when all epochs are done.")
    private @Nullable Long maxSteps;

    @Option(names = "--out", paramLabel = "DIR",
            description = "The folder to write to, new or empty. Default: one with a readable name in runs/.")
    private @Nullable Path out;

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    TrainCommand(Supplier<Platform> platform) {
        this.platform = platform;
    }

    @Override
    public void run() {
        Platform chosen = data.applyTo(platform.get());
        Optional<PartChoice> dataset = data.dataset(chosen.parts());
        TrainingPlan plan = plan(chosen);
        try (RunFolder folder = out == null ? RunFolder.create(chosen.runs(), name(plan)) : RunFolder.create(out);
                var wiring = new Wiring(new PlatformModule(chosen, plan.backend()), new DataModule(dataset),
                        new TrainingModule(plan))) {
            wiring.get(TrainingRun.class).execute(folder);
        }
    }

    private TrainingPlan plan(Platform chosen) {
        Parts parts = chosen.parts();
        return new TrainingPlan(data.folder(), PartOption.create(command, "--network", network, parts, Layer.class),
                PartOption.create(command, "--loss", loss, parts, Loss.class),
                PartOption.create(command, "--optimizer",
                        optimizer.withDefault(parts, Optimizer.class, "learningRate", learningRate), parts,
                        Optimizer.class),
                epochs, batchSize, Optional.ofNullable(maxSteps), seed, compute.choice(chosen));
    }

    private static String name(TrainingPlan plan) {
        var minute = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmm", Locale.ROOT);
        return "%s-%s-seed%d".formatted(LocalDateTime.now(ZoneId.systemDefault()).format(minute),
                plan.network().name(), plan.seed());
    }
}
