package dev.cambium.benchmarks;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

import dev.cambium.CambiumException;
import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.Backends;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Executable;
import dev.cambium.data.Batch;
import dev.cambium.data.Examples;
import dev.cambium.data.Splits;
import dev.cambium.datasets.Mnist;
import dev.cambium.models.Accuracy;
import dev.cambium.models.Adam;
import dev.cambium.models.CrossEntropy;
import dev.cambium.models.Dropout2d;
import dev.cambium.models.MnistCnn;
import dev.cambium.models.Safetensors;
import dev.cambium.nn.Metric;
import dev.cambium.nn.Trace;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.train.Model;
import dev.cambium.train.Trainer;
import dev.cambium.train.TrainingEvent;

/**
 * Trains the reference network on MNIST on two backends, from the same seed, and compares all that they promise to agree in: batches,
 * dropout masks, losses, accuracies, and predictions from each other's weights. Prints each bar with what was measured and ends with
 * exit code 1 if one is missed. Arguments: the number of epochs (3 without one) and the backend compared with {@code cpu}
 * ({@code tensorflow} without one).
 *
 * <p>
 * Losses drift apart about tenfold every 20 steps: rounding differs from the first on, and Adam divides a gradient by its size,
 * however small. What rounding alone does is measured beside it: the CPU backend against itself, its initial weights moved by no
 * more than a unit in the last place.
 */
public final class Agreement {
    private static final int BATCH = 50;
    private static final int TEST_BATCH = 500;
    private static final long SEED = 1;
    private static final double DROPOUT = 0.25;
    private static final int CHANNELS = 64;
    private static final int NUDGES = 2;

    /** What one backend did. */
    private record Run(Model model, List<Integer> batches, List<Double> losses, List<Double> accuracies)
            implements AutoCloseable {
        static Run train(Backend backend, Splits data, int epochs) {
            var batches = new ArrayList<Integer>();
            var losses = new ArrayList<Double>();
            SequencedMap<String, Metric> metrics = new LinkedHashMap<>(Map.of("accuracy", new Accuracy()));
            Model model = Model.create(new MnistCnn(DROPOUT), data.train().inputType(), backend, SEED);
            try (var trainer = new Trainer(model, new CrossEntropy(), new Adam(), BATCH, metrics)) {
                List<TrainingEvent.EpochEnded> history = trainer.fit(new Recorded(data.train(), batches), data.test(),
                        epochs, event -> {
                            if (event instanceof TrainingEvent.StepEnded step) {
                                losses.add(step.batch().loss());
                            }
                        });
                return new Run(model, batches, losses,
                        history.stream().map(epoch -> epoch.test().get("accuracy")).toList());
            } catch (RuntimeException | Error e) {
                model.close();
                throw e;
            }
        }

        String backend() {
            return model.backend().name();
        }

        @Override
        public void close() {
            model.close();
        }
    }

    /** Examples that write down a checksum of each batch asked for. */
    private record Recorded(Examples examples, List<Integer> batches) implements Examples {
        @Override
        public int size() {
            return examples.size();
        }

        @Override
        public TensorType inputType() {
            return examples.inputType();
        }

        @Override
        public TensorType targetType() {
            return examples.targetType();
        }

        @Override
        public List<String> classNames() {
            return examples.classNames();
        }

        @Override
        public Batch batch(int epoch, int... indices) {
            Batch batch = examples.batch(epoch, indices);
            var checksum = new CRC32C();
            checksum.update(batch.inputs().segment().toArray(ValueLayout.JAVA_BYTE));
            checksum.update(batch.targets().segment().toArray(ValueLayout.JAVA_BYTE));
            batches.add((int) checksum.getValue());
            return batch;
        }
    }

    private Agreement() {}

    /** Runs the comparison. */
    public static void main(String[] args) throws IOException {
        int epochs = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        String name = args.length > 1 ? args[1] : "tensorflow";
        List<Check> checks;
        try (Backend cpu = Backends.open(Optional.of("cpu"), BackendOptions.defaults());
                Backend other = Backends.open(Optional.of(name), BackendOptions.defaults())) {
            checks = compare(cpu, other, new Mnist().load(), epochs);
        } catch (CambiumException e) {
            System.err.println(e.getMessage());
            System.exit(1);
            return;
        }
        System.out.printf("%-47s %-19s %s%n", "'cpu' and '%s', reference CNN on MNIST".formatted(name), "bar",
                "measured");
        for (Check check : checks) {
            System.out.printf("%-47s %-19s %s%s%n", check.what(), check.bar(), check.measured(),
                    check.held() ? "" : "   MISSED");
        }
        System.exit(checks.stream().allMatch(Check::held) ? 0 : 1);
    }

    private static List<Check> compare(Backend cpu, Backend other, Splits data, int epochs) throws IOException {
        var checks = new ArrayList<Check>();
        try (Run first = Run.train(cpu, data, epochs); Run second = Run.train(other, data, epochs)) {
            int steps = first.losses().size();
            checks.add(Check.equal("%,d batches".formatted(steps), first.batches(), second.batches()));
            checks.add(Check.equal("%,d dropout masks".formatted(steps), masks(cpu, steps), masks(other, steps)));
            checks.add(Check.losses("loss of step 1, relative", 1e-5, 0, 1, first.losses(), second.losses()));
            checks.add(Check.losses("losses of 20 steps, relative", 1e-3, 0, 20, first.losses(), second.losses()));
            checks.add(Check.losses("losses of 200 steps, relative or to 0.1", 2e-2, 0.1, 200, first.losses(),
                    second.losses()));
            for (int i = 1; i <= NUDGES; i++) {
                checks.add(Check.losses("  the same of 'cpu' and 'cpu' nudged, %d".formatted(i),
                        Double.POSITIVE_INFINITY, 0.1, 200,
                        first.losses(), nudgedLosses(cpu, data, 200, i)));
            }
            for (int epoch = 0; epoch < epochs; epoch++) {
                checks.add(Check.points("accuracy after epoch %d".formatted(epoch + 1), 0.3,
                        first.accuracies().get(epoch), second.accuracies().get(epoch)));
            }
            checks.add(transfer(first, other, data.test()));
            checks.add(transfer(second, cpu, data.test()));
        }
        return checks;
    }

    /** The losses of a run's first steps from initial weights of which a third each went to the next float up and down. */
    private static List<Double> nudgedLosses(Backend backend, Splits data, int steps, int seed) {
        var losses = new ArrayList<Double>();
        var random = new Random(seed);
        try (Model model = Model.create(new MnistCnn(DROPOUT), data.train().inputType(), backend, SEED);
                var trainer = new Trainer(model, new CrossEntropy(), new Adam(), BATCH)) {
            SequencedMap<String, NdArray> weights = model.weights();
            weights.replaceAll((_, value) -> nudged(value, random));
            model.load(weights);
            trainer.fit(data.train(), data.test(), 1, event -> {
                if (event instanceof TrainingEvent.StepEnded step) {
                    losses.add(step.batch().loss());
                    if (losses.size() == steps) {
                        trainer.stop();
                    }
                }
            });
        }
        return losses;
    }

    private static NdArray nudged(NdArray value, Random random) {
        float[] floats = value.toFloatArray();
        for (int i = 0; i < floats.length; i++) {
            floats[i] = switch (random.nextInt(3)) {
                case 0 -> Math.nextUp(floats[i]);
                case 1 -> Math.nextDown(floats[i]);
                default -> floats[i];
            };
        }
        return NdArray.of(value.shape(), floats);
    }

    /** The mask of each step's dropout as the network itself draws it: its layer, under its name, over ones. */
    private static List<NdArray> masks(Backend backend, int steps) {
        Tensor ones = Tensor.full(new TensorType(DType.FLOAT32, Shape.of(BATCH, CHANNELS, 1, 1)), 1);
        Tensor dropped = new Trace(true, DType.FLOAT32).call(
                (input, cx) -> cx.call("dropout", new Dropout2d(DROPOUT), input), ones);
        try (Buffer seed = backend.buffer(NdArray.scalar(SEED));
                Buffer step = backend.buffer(NdArray.scalar(0L));
                Executable draw = backend.compile(Graph.of("mask", dropped),
                        Map.of(Trace.SEED, seed, Trace.STEP, step))) {
            return IntStream.range(0, steps).mapToObj(i -> {
                step.write(NdArray.scalar((long) i));
                return draw.run(Map.of()).firstEntry().getValue();
            }).toList();
        }
    }

    /** What the weights of one run, saved and loaded on the other backend, predict there. */
    private static Check transfer(Run run, Backend backend, Examples test) throws IOException {
        Path file = Files.createTempFile("cambium-agreement-", ".safetensors");
        try (Model loaded = Model.create(run.model().layer(), run.model().inputType(), backend, SEED + 1)) {
            Safetensors.write(file, run.model().weights(), Map.of());
            loaded.load(Safetensors.read(file).tensors());
            return Check.predictions("weights of '%s' on '%s', %,d images".formatted(run.backend(), backend.name(),
                    test.size()), scores(run.model(), test), scores(loaded, test));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** [examples, classes] */
    private static NdArray scores(Model model, Examples examples) {
        int classes = model.outputType().shape().dim(0);
        float[] scores = new float[examples.size() * classes];
        for (int start = 0; start < examples.size(); start += TEST_BATCH) {
            int end = Math.min(start + TEST_BATCH, examples.size());
            Batch batch = examples.batch(0, IntStream.range(start, end).toArray());
            float[] part = model.predict(batch.inputs()).toFloatArray();
            System.arraycopy(part, 0, scores, start * classes, part.length);
        }
        return NdArray.of(Shape.of(examples.size(), classes), scores);
    }
}
