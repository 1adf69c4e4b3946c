package dev.cambium.app.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;

import com.google.inject.Inject;

import dev.cambium.CambiumException;
import dev.cambium.app.picture.ConfusionPicture;
import dev.cambium.app.picture.LearningCurve;
import dev.cambium.app.picture.SampleSheet;
import dev.cambium.app.run.AtomicFile;
import dev.cambium.app.run.FileProblem;
import dev.cambium.app.run.MetricsLog;
import dev.cambium.app.run.RunFolder;
import dev.cambium.app.run.RunSettings;
import dev.cambium.app.run.StepTrace;
import dev.cambium.app.terminal.DataTable;
import dev.cambium.app.terminal.Image;
import dev.cambium.app.terminal.Numbers;
import dev.cambium.app.terminal.ProfileTable;
import dev.cambium.app.terminal.SummaryTable;
import dev.cambium.app.terminal.Table;
import dev.cambium.app.terminal.Table.Column;
import dev.cambium.app.terminal.Terminal;
import dev.cambium.app.terminal.TrainingProgress;
import dev.cambium.app.wiring.ChosenPart;
import dev.cambium.app.wiring.LoadedData;
import dev.cambium.app.wiring.TrainingPlan;
import dev.cambium.backend.Profile;
import dev.cambium.backend.Profiler;
import dev.cambium.data.Batch;
import dev.cambium.models.Safetensors;
import dev.cambium.models.Summary;
import dev.cambium.nn.Loss;
import dev.cambium.nn.Trace;
import dev.cambium.part.Parts;
import dev.cambium.train.TrainingListener;
import dev.cambium.train.Model;
import dev.cambium.train.Trainer;
import dev.cambium.train.TrainingEvent;

/** Trains as a plan says, shows it in the terminal, and leaves a {@link RunFolder} behind. */
final class TrainingRun {
    private static final long TEXTS_AND_PICTURES = 4_000_000;
    private static final int SAMPLES = 50;
    /** The steps of which a profiled run keeps every call: enough to see what repeats, in a file that viewers open at once. */
    static final int TRACED_STEPS = 10;

    private final TrainingPlan plan;
    private final Terminal terminal;
    private final Parts parts;
    private final LoadedData data;
    private final Model model;
    private final Loss loss;
    private final Trainer trainer;

    @Inject
    TrainingRun(TrainingPlan plan, Terminal terminal, Parts parts, LoadedData data, Model model, Loss loss,
            Trainer trainer) {
        this.plan = plan;
        this.terminal = terminal;
        this.parts = parts;
        this.data = data;
        this.model = model;
        this.loss = loss;
        this.trainer = trainer;
    }

    /**
     * Trains, to the end or until Ctrl-C is pressed, and writes everything into a folder. The weights are written after each
     * epoch, so that a later failure costs no more than one.
     *
     * @param profiler
     *            measures the backend, if that was asked for
     * @throws CambiumException
     *             if a file can't be written
     */
    void execute(RunFolder folder, Optional<Profiler> profiler) {
        DataTable.print(terminal, data.dataset().name(), data.splits(), first(data.train().size(), plan.batchSize()));
        SummaryTable.print(terminal, plan.network().name(), Summary.of(model.layer(), model.inputType()));

        requireSpace(folder);
        var written = new LinkedHashMap<Path, String>();
        folder.writeSettings(settings());
        written.put(folder.file(RunFolder.SETTINGS), "what the run follows from: options, seed, versions, machine");

        terminal.heading(
                "Training on %s: %s".formatted(model.backend().name(), model.backend().device().description()));
        var trace = new StepTrace(TRACED_STEPS, System::nanoTime);
        List<MetricsLog.Line> lines = train(folder, trace);
        written.put(folder.file(RunFolder.METRICS),
                "loss and accuracy, a line for step 1, every %d steps and each epoch"
                        .formatted(MetricsLog.INTERVAL));
        written.put(folder.file(RunFolder.WEIGHTS), "the trained weights, named as in PyTorch");

        TestResult result = TestResult.of(model, data.test(), loss, parts);
        result.print(terminal);
        draw(folder, lines, result, written);
        profiler.ifPresent(each -> report(folder, trainingSteps(each), trace, written));
        list(folder, written);
    }

    private Batch first(int size, int count) {
        return data.train().batch(0, IntStream.range(0, Math.min(count, size)).toArray());
    }

    /** Twice the weights, since a new file of them is whole before the old one goes. What else layers keep is small. */
    private void requireSpace(RunFolder folder) {
        folder.requireSpace(2 * Float.BYTES * model.parameterCount() + TEXTS_AND_PICTURES);
    }

    private List<MetricsLog.Line> train(RunFolder folder, StepTrace trace) {
        long maxSteps = plan.maxSteps().orElse(Long.MAX_VALUE);
        TrainingListener stop = event -> {
            if (event instanceof TrainingEvent.StepEnded step && step.step() >= maxSteps) {
                trainer.stop();
            }
        };
        TrainingListener save = event -> {
            if (event instanceof TrainingEvent.EpochEnded) {
                Safetensors.write(folder.file(RunFolder.WEIGHTS), model.weights(),
                        Map.of("network", plan.network().name(), "settings", plan.network().settings().toString()));
            }
        };
        try (var metrics = folder.metrics(System::nanoTime);
                var _ = Interrupt.handle(this::interrupt, folder::removeUnfinished)) {
            var listeners = new ArrayList<TrainingListener>(
                    List.of(trace, stop, new TrainingProgress(terminal, maxSteps, System::nanoTime), save, metrics));
            plan.callbacks().forEach(callback -> listeners.add(callback.part().listener(trainer)));
            trainer.fit(data.train(), data.test(), plan.epochs(), listeners.toArray(TrainingListener[]::new));
            return metrics.lines();
        }
    }

    private void interrupt() {
        terminal.interject("Stopping after this step and writing the results; Ctrl-C again ends at once.");
        trainer.stop();
    }

    /** The profiles of the step's executables, one for each size of a batch, without those of evaluation. */
    private static List<Profile> trainingSteps(Profiler profiler) {
        return profiler.profiles().stream()
                .filter(profile -> profile.graph().updates().containsKey(Trace.STEP)).toList();
    }

    private void report(RunFolder folder, List<Profile> profiles, StepTrace trace, SequencedMap<Path, String> written) {
        ProfileTable.print(terminal, profiles);
        Path file = folder.file(RunFolder.TRACE);
        AtomicFile.write(file, out -> trace.write(out, profiles));
        written.put(file, "the last %d steps, call by call, for ui.perfetto.dev or chrome://tracing"
                .formatted(trace.steps()));
    }

    private void draw(RunFolder folder, List<MetricsLog.Line> lines, TestResult result,
            SequencedMap<Path, String> written) {
        Path curve = folder.file(RunFolder.LEARNING_CURVE);
        long stepsPerEpoch = Math.ceilDiv((long) data.train().size(), plan.batchSize());
        AtomicFile.write(curve, out -> LearningCurve.write(out, title(), lines, stepsPerEpoch));
        written.put(curve, "how loss and accuracy went");

        Path confusion = folder.file(RunFolder.CONFUSION_MATRIX);
        AtomicFile.write(confusion, out -> ConfusionPicture.write(out, result.confusion(), data.test().classNames()));
        written.put(confusion, "which class was taken for which");

        if (Image.isImage(data.test().inputType())) {
            Path sheet = folder.file(RunFolder.SAMPLES);
            AtomicFile.write(sheet, out -> SampleSheet.write(out, samples()));
            written.put(sheet, "test images and what the network takes them for");
        }
    }

    private String title() {
        return "%s on %s, seed %d".formatted(plan.network().name(), data.dataset().name(), plan.seed());
    }

    private List<SampleSheet.Sample> samples() {
        Batch batch = data.test().batch(0, IntStream.range(0, Math.min(SAMPLES, data.test().size())).toArray());
        List<Prediction> predictions = Prediction.all(model.predict(batch.inputs()));
        List<String> names = data.test().classNames();
        var samples = new ArrayList<SampleSheet.Sample>();
        for (int i = 0; i < batch.size(); i++) {
            int label = (int) batch.targets().getLong(i);
            int predicted = predictions.get(i).best();
            String caption = predicted == label ? names.get(label)
                    : "%s, not %s".formatted(names.get(label), names.get(predicted));
            samples.add(new SampleSheet.Sample(Image.of(batch.inputs(), i), caption, predicted != label));
        }
        return samples;
    }

    private void list(RunFolder folder, SequencedMap<Path, String> written) {
        terminal.heading("Written to " + folder.path());
        var table = new Table(Column.text("file"), Column.number("size"), Column.text("holds"));
        written.forEach((file, content) -> {
            try {
                table.row(String.valueOf(file.getFileName()), Numbers.bytes(Files.size(file)), content);
            } catch (IOException e) {
                throw new CambiumException("can't find %s again: %s".formatted(file, FileProblem.of(e)), e);
            }
        });
        table.print(terminal);
    }

    private RunSettings settings() {
        return new RunSettings(OffsetDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS).toString(),
                of(data.dataset()), plan.data().map(path -> path.toAbsolutePath().toString()).orElse(null),
                data.transforms().stream().map(TrainingRun::of).toList(), of(plan.network()), of(plan.loss()),
                of(plan.optimizer()), plan.schedule().map(TrainingRun::of).orElse(null),
                plan.callbacks().stream().map(TrainingRun::of).toList(), plan.epochs(), plan.batchSize(),
                plan.maxSteps().orElse(null), plan.seed(), RunSettings.Input.of(model.inputType()),
                data.train().classNames(), of(plan.backend()), RunSettings.Machine.current(model.backend()));
    }

    private static RunSettings.PartSettings of(ChosenPart<?> part) {
        return new RunSettings.PartSettings(part.name(), part.settings());
    }
}
