package dev.cambium.app.command;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.cambium.CambiumException;
import dev.cambium.app.experiment.Experiment;
import dev.cambium.app.experiment.ExperimentReader;
import dev.cambium.app.experiment.ExperimentReader.Replacement;
import dev.cambium.app.run.RunFolder;
import dev.cambium.app.wiring.ChosenPart;
import dev.cambium.app.wiring.DataModule;
import dev.cambium.app.wiring.PartChoice;
import dev.cambium.app.wiring.Platform;
import dev.cambium.app.wiring.PlatformModule;
import dev.cambium.app.wiring.TrainingModule;
import dev.cambium.app.wiring.TrainingPlan;
import dev.cambium.app.wiring.Wiring;
import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendProvider;
import dev.cambium.backend.Profiler;
import dev.cambium.data.Dataset;
import dev.cambium.data.Transform;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Loss;
import dev.cambium.nn.Optimizer;
import dev.cambium.nn.Schedule;
import dev.cambium.part.Parts;
import dev.cambium.train.Callback;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
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

    @Parameters(paramLabel = "FILE", arity = "0..1",
            description = "An experiment, see 'cambium describe'. Default: the reference run. Options win over what it says.")
    private @Nullable Path file;

    @Option(names = "--set", paramLabel = "KEY=VALUE",
            description = "Replaces one value of the experiment, such as optimizer.learningRate=3e-4 or model.conv1.stride=2.")
    private List<String> set = List.of();

    @Option(names = "--network", paramLabel = PartOption.LABEL, converter = Converters.Part.class,
            description = "What to train. Default: mnist-cnn.")
    private @Nullable PartChoice network;

    @Option(names = "--loss", paramLabel = PartOption.LABEL, converter = Converters.Part.class,
            description = "What to make small. Default: cross-entropy.")
    private @Nullable PartChoice loss;

    @Option(names = "--optimizer", paramLabel = PartOption.LABEL, converter = Converters.Part.class,
            description = "How to make it small. Default: adam.")
    private @Nullable PartChoice optimizer;

    @Option(names = "--epochs", paramLabel = "N", converter = Converters.Count.class,
            description = "How many times to go through the images. Default: 15.")
    private @Nullable Integer epochs;

    @Option(names = "--batch-size", paramLabel = "N", converter = Converters.Count.class,
            description = "How many images a step takes. Default: 50.")
    private @Nullable Integer batchSize;

    @Option(names = "--learning-rate", paramLabel = "X", converter = Converters.Rate.class,
            description = "The optimizer's learning rate. Default: the optimizer's own, 0.001 of adam.")
    private @Nullable Double learningRate;

    @Option(names = "--seed", paramLabel = "N", converter = Converters.Seed.class,
            description = "What initial weights, dropout and the order of images follow from. Default: 1.")
    private @Nullable Long seed;

    @Option(names = "--max-steps", paramLabel = "N", converter = Converters.Steps.class,
            description = "Stop after so many steps. Default: when all epochs are done.")
    private @Nullable Long maxSteps;

    @Option(names = "--out", paramLabel = "DIR",
            description = "The folder to write to, new or empty. Default: one with a readable name in runs/.")
    private @Nullable Path out;

    @Option(names = "--profile",
            description = "Print which kernels take the time, layer by layer, and write the last "
                    + TrainingRun.TRACED_STEPS
                    + " steps, call by call, to trace.json in the run's folder, for ui.perfetto.dev or chrome://tracing. "
                    + "Timing each call makes steps a little slower; results stay the same.")
    private boolean profile;

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
        Parts parts = chosen.parts();
        Experiment experiment = ExperimentReader.read(Optional.ofNullable(file), replacements(chosen), parts,
                chosen.offers());
        TrainingPlan plan = plan(experiment, parts, compute.choose(chosen, experiment.backend()));
        try (RunFolder folder = out == null ? RunFolder.create(chosen.runs(), name(plan)) : RunFolder.create(out);
                var wiring = new Wiring(new PlatformModule(chosen, plan.backend()),
                        new DataModule(
                                experiment.dataset().map(dataset -> ChosenPart.of(parts, Dataset.class, dataset)),
                                all(parts, Transform.class, experiment.transforms())),
                        new TrainingModule(plan))) {
            Backend backend = wiring.get(Backend.class); // the first, as it prepares itself while data is read
            Optional<Profiler> profiler = profile ? Optional.of(profiler(backend)) : Optional.empty();
            wiring.get(TrainingRun.class).execute(folder, profiler);
        }
    }

    private Profiler profiler(Backend backend) {
        return backend.profiler().orElseThrow(() -> new ParameterException(command.commandLine(),
                "Invalid option '--profile': backend '%s' can't measure its kernels; leave the option away, or name a backend that can, such as --backend cpu"
                        .formatted(backend.name())));
    }

    /** What stands on the command line, in the terms of an experiment. */
    private List<Replacement> replacements(Platform chosen) {
        Parts parts = chosen.parts();
        var all = new ArrayList<Replacement>();
        data.dataset(parts).ifPresent(dataset -> all.add(new Replacement("--dataset", "dataset", dataset.yaml())));
        compute.backend(chosen).ifPresent(backend -> all.add(new Replacement("--backend", "backend", backend.yaml())));
        add(all, "--network", "model", network, parts, Layer.class);
        add(all, "--loss", "loss", loss, parts, Loss.class);
        add(all, "--optimizer", "optimizer", optimizer, parts, Optimizer.class);
        add(all, "--epochs", "epochs", epochs);
        add(all, "--batch-size", "batchSize", batchSize);
        add(all, "--seed", "seed", seed);
        add(all, "--max-steps", "maxSteps", maxSteps);
        if (optimizer == null || !optimizer.settings().containsKey("learningRate")) {
            add(all, "--learning-rate", "optimizer.learningRate", learningRate);
        }
        for (String each : set) {
            try {
                all.add(Replacement.parse("--set", each));
            } catch (CambiumException e) {
                throw new ParameterException(command.commandLine(),
                        "Invalid value for option '--set': " + e.getMessage(), e);
            }
        }
        return all;
    }

    private <K> void add(List<Replacement> all, String option, String key, @Nullable PartChoice choice, Parts parts,
            Class<K> kind) {
        if (choice != null) {
            PartOption.create(command, option, choice, parts, kind);
            all.add(new Replacement(option, key, choice.yaml()));
        }
    }

    private static void add(List<Replacement> all, String option, String key, @Nullable Object value) {
        if (value != null) {
            all.add(new Replacement(option, key, value.toString()));
        }
    }

    private TrainingPlan plan(Experiment experiment, Parts parts, ChosenPart<BackendProvider> backend) {
        return new TrainingPlan(data.folder(), ChosenPart.of(parts, Layer.class, experiment.model()),
                ChosenPart.of(parts, Loss.class, experiment.loss()),
                ChosenPart.of(parts, Optimizer.class, experiment.optimizer()),
                experiment.schedule().map(schedule -> ChosenPart.of(parts, Schedule.class, schedule)),
                all(parts, Callback.class, experiment.callbacks()),
                experiment.epochs(), experiment.batchSize(), experiment.maxSteps(), experiment.seed(), backend);
    }

    private static <K> List<ChosenPart<K>> all(Parts parts, Class<K> kind, List<K> made) {
        return made.stream().map(part -> ChosenPart.of(parts, kind, part)).toList();
    }

    private String name(TrainingPlan plan) {
        var minute = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmm", Locale.ROOT);
        String subject = file == null ? plan.network().name()
                : String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
        return "%s-%s-seed%d".formatted(LocalDateTime.now(ZoneId.systemDefault()).format(minute), subject,
                plan.seed());
    }
}
