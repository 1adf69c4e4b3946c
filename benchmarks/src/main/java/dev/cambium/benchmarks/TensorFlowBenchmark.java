package dev.cambium.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import org.tensorflow.Graph;
import org.tensorflow.TensorFlow;

import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.Backends;
import dev.cambium.data.Batch;
import dev.cambium.data.Examples;
import dev.cambium.data.Splits;
import dev.cambium.datasets.Mnist;
import dev.cambium.models.Accuracy;
import dev.cambium.models.Adam;
import dev.cambium.models.CrossEntropy;
import dev.cambium.models.MnistCnn;
import dev.cambium.nn.Metric;
import dev.cambium.tensor.TensorType;
import dev.cambium.train.Model;
import dev.cambium.train.Trainer;
import dev.cambium.train.TrainingEvent;

/**
 * Trains the reference network on MNIST by a TensorFlow graph written by hand and on every backend that is there, some steps of each
 * in turn, and prints the rates side by side: whatever else the machine does slows all of them. A ratio is the median of the rounds'
 * ratios; the accuracies at the end show that all learned the same. Argument: the number of threads (all cores without one).
 */
public final class TensorFlowBenchmark {
    private static final int BATCH = 50;
    private static final int TEST_BATCH = 500;
    private static final int STEPS = 40;
    private static final int WARM_UP = 6;
    private static final int ROUNDS = 25;

    /** One of those compared. */
    private interface Contender extends AutoCloseable {
        String name();

        /** Makes one step, then {@link #STEPS} more, and gives the seconds that these took. */
        double window();

        /** The share of the test images that it gets right. */
        double accuracy();

        @Override
        void close();
    }

    /** The graph written by hand. Its batches are made before the time is taken, on no thread that it would have to share. */
    private static final class ByHand implements Contender {
        private final Splits data;
        private final HandWrittenCnn network;
        private final Random random = new Random(1);

        ByHand(Splits data, int threads) {
            this.data = data;
            network = new HandWrittenCnn(BATCH, TEST_BATCH, threads);
        }

        @Override
        public String name() {
            return "TensorFlow graph by hand";
        }

        @Override
        public double window() {
            var batches = new ArrayList<Batch>();
            for (int i = 0; i < STEPS; i++) {
                batches.add(randomBatch());
            }
            network.step(randomBatch());
            long start = System.nanoTime();
            batches.forEach(network::step);
            return (System.nanoTime() - start) / 1e9;
        }

        private Batch randomBatch() {
            return data.train().batch(0, random.ints(BATCH, 0, data.train().size()).toArray());
        }

        @Override
        public double accuracy() {
            return network.accuracy(data.test());
        }

        @Override
        public void close() {
            network.close();
        }
    }

    /** The usual training loop on a backend, batches prepared beside it, stopped after each window. */
    private static final class OnBackend implements Contender {
        private final Splits data;
        private final Backend backend;
        private final Model model;
        private final Trainer trainer;

        OnBackend(Splits data, Backend backend) {
            this.data = data;
            this.backend = backend;
            model = Model.create(new MnistCnn(0.25), data.train().inputType(), backend, 1);
            trainer = new Trainer(model, new CrossEntropy(), new Adam(), BATCH);
        }

        @Override
        public String name() {
            return "Cambium on '%s'".formatted(backend.name());
        }

        @Override
        public double window() {
            var ends = new ArrayList<Long>();
            trainer.fit(data.train(), new First(data.test()), Integer.MAX_VALUE, event -> {
                if (event instanceof TrainingEvent.StepEnded) {
                    ends.add(System.nanoTime());
                    if (ends.size() > STEPS) {
                        trainer.stop();
                    }
                }
            });
            return (ends.getLast() - ends.getFirst()) / 1e9;
        }

        @Override
        public double accuracy() {
            Map<String, Metric> metrics = Map.of("accuracy", new Accuracy());
            return model.evaluate(data.test(), new CrossEntropy(), metrics, TEST_BATCH).get("accuracy");
        }

        @Override
        public void close() {
            trainer.close();
            model.close();
            backend.close();
        }
    }

    /** The first of some examples alone: the training loop evaluates whenever it stops. */
    private record First(Examples all) implements Examples {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public TensorType inputType() {
            return all.inputType();
        }

        @Override
        public TensorType targetType() {
            return all.targetType();
        }

        @Override
        public List<String> classNames() {
            return all.classNames();
        }

        @Override
        public Batch batch(int epoch, int... indices) {
            return all.batch(epoch, indices);
        }
    }

    private TensorFlowBenchmark() {}

    /** Runs the benchmark. */
    public static void main(String[] args) {
        int threads = args.length > 0 ? Integer.parseInt(args[0]) : Runtime.getRuntime().availableProcessors();
        Splits data = new Mnist().load();
        var contenders = new ArrayList<Contender>();
        try {
            contenders.add(new ByHand(data, threads));
            for (Backends.Candidate candidate : Backends.discover()) {
                if (candidate.problem().isEmpty()) {
                    contenders.add(new OnBackend(data, Backends.open(Optional.of(candidate.name()),
                            new BackendOptions("cpu", threads))));
                }
            }
            compare(contenders, threads);
        } finally {
            contenders.forEach(Contender::close);
        }
    }

    private static void compare(List<Contender> contenders, int threads) {
        double[][] seconds = new double[contenders.size()][ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (int i = 0; i < contenders.size(); i++) {
                double window = contenders.get(i).window();
                if (round >= 0) {
                    seconds[i][round] = window;
                }
            }
        }
        System.out.printf("Java %s, TensorFlow %s (Java binding %s), %d threads%n", Runtime.version(),
                TensorFlow.version(), Graph.class.getModule().getDescriptor().rawVersion().orElse("unknown"), threads);
        System.out.printf("%-26s %10s %7s %9s after %,d steps%n", "the reference CNN", "images/s", "ratio", "accuracy",
                (WARM_UP + ROUNDS) * (STEPS + 1));
        for (int i = 0; i < contenders.size(); i++) {
            double[] ratios = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                ratios[round] = seconds[0][round] / seconds[i][round];
            }
            System.out.printf("%-26s %,10.0f %7.3f %9.4f%n", contenders.get(i).name(),
                    STEPS * BATCH / median(seconds[i]), median(ratios), contenders.get(i).accuracy());
        }
    }

    private static double median(double... values) {
        return Arrays.stream(values).sorted().skip(values.length / 2).findFirst().orElseThrow();
    }
}
