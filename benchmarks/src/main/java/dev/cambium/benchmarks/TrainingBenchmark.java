package dev.cambium.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.Backends;
import dev.cambium.cpu.kernels.Products;
import dev.cambium.data.Batch;
import dev.cambium.data.Examples;
import dev.cambium.models.Adam;
import dev.cambium.models.Conv2d;
import dev.cambium.models.CrossEntropy;
import dev.cambium.models.Linear;
import dev.cambium.models.MnistCnn;
import dev.cambium.models.Summary;
import dev.cambium.nn.Context;
import dev.cambium.nn.Layer;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Philox;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.train.Model;
import dev.cambium.train.Trainer;
import dev.cambium.train.TrainingEvent;

/**
 * Trains networks of different kinds and prints the rate of each: images a second, the median over windows of steps, and the share of
 * the machine's multiply-add peak, which is measured right before and after. Argument: the number of threads (all cores without one).
 */
public final class TrainingBenchmark {
    private static final int WARM_UP = 300;
    private static final int WINDOW = 50;
    private static final int WINDOWS = 15;
    private static final int CLASSES = 10;

    /** A network with the shape of its images and its batch size. */
    private record Subject(String name, Layer network, Shape image, int batch) {}

    /** Noise, made once: the same images over and over cost what any others cost. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Noise(Shape image, int size, float[] pixels) implements Examples {
        static Noise of(Shape image, int size) {
            float[] pixels = new float[Math.toIntExact(size * image.size())];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (Philox.bits(1, 1, 0, i) >>> 8) * 0x1p-24f;
            }
            return new Noise(image, size, pixels);
        }

        @Override
        public TensorType inputType() {
            return new TensorType(DType.FLOAT32, image);
        }

        @Override
        public TensorType targetType() {
            return new TensorType(DType.INT64, Shape.scalar());
        }

        @Override
        public List<String> classNames() {
            return List.of();
        }

        @Override
        public Batch batch(int epoch, int... indices) {
            int length = Math.toIntExact(image.size());
            float[] inputs = new float[indices.length * length];
            long[] targets = new long[indices.length];
            for (int i = 0; i < indices.length; i++) {
                System.arraycopy(pixels, indices[i] * length, inputs, i * length, length);
                targets[i] = indices[i] % CLASSES;
            }
            return new Batch(NdArray.of(image.prepend(indices.length), inputs),
                    NdArray.of(Shape.of(indices.length), targets));
        }
    }

    private TrainingBenchmark() {}

    /** Runs the benchmark. */
    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        int threads = args.length > 0 ? Integer.parseInt(args[0]) : Runtime.getRuntime().availableProcessors();
        System.out.printf("Java %s, %d threads%n", Runtime.version(), threads);
        System.out.printf("%-34s %12s %10s %10s %8s%n", "training, Adam", "images/s", "GFLOP/s", "peak", "share");
        for (Subject subject : subjects()) {
            measure(subject, threads);
        }
        System.out.printf("peak resident memory of all: %d MB%n", peakResidentMegabytes());
    }

    private static List<Subject> subjects() {
        return List.of(new Subject("reference CNN, batch 50", new MnistCnn(0.25), Shape.of(1, 28, 28), 50),
                new Subject("MLP 784-512-256-10, batch 128", TrainingBenchmark::mlp, Shape.of(1, 28, 28), 128),
                new Subject("3 blocks, strides, odd, batch 64", TrainingBenchmark::threeBlocks, Shape.of(3, 33, 31),
                        64));
    }

    private static Tensor mlp(Tensor images, Context cx) {
        Tensor x = cx.call("fc1", new Linear(512), images.flatten(1)).relu();
        x = cx.call("fc2", new Linear(256), x).relu();
        return cx.call("fc3", new Linear(CLASSES), x).logSoftmax(1);
    }

    private static Tensor threeBlocks(Tensor images, Context cx) {
        Tensor x = cx.call("conv1", new Conv2d(24, 3, Conv2d.SAME), images).relu();
        x = cx.call("conv2", new Conv2d(48, 3, 2, "1", 1, 1, true), x).relu();
        x = cx.call("conv3", new Conv2d(80, 3, 2, "1", 1, 1, true), x).relu().flatten(1);
        return cx.call("fc", new Linear(CLASSES), x).logSoftmax(1);
    }

    private static void measure(Subject subject, int threads) throws InterruptedException, ExecutionException {
        double peak = Peak.measure(Products.best(), threads);
        Noise examples = Noise.of(subject.image(), subject.batch() * 40);
        var rates = new ArrayList<Double>();
        try (Backend backend = Backends.open(Optional.empty(), new BackendOptions("auto", threads));
                Model model = Model.create(subject.network(), examples.inputType(), backend, 1);
                Trainer trainer = new Trainer(model, new CrossEntropy(), new Adam(), subject.batch())) {
            long[] windowStart = {System.nanoTime()};
            trainer.fit(examples, Noise.of(subject.image(), 1), Integer.MAX_VALUE / 2, event -> {
                if (event instanceof TrainingEvent.StepEnded step && step.step() % WINDOW == 0) {
                    long now = System.nanoTime();
                    if (step.step() > WARM_UP) {
                        rates.add(1e9 * WINDOW * subject.batch() / (now - windowStart[0]));
                    }
                    windowStart[0] = now;
                    if (rates.size() == WINDOWS) {
                        trainer.stop();
                    }
                }
            });
        }
        peak = Math.max(peak, Peak.measure(Products.best(), threads));
        Collections.sort(rates);
        double median = rates.get(rates.size() / 2);
        double rate = median * trainingFlops(subject);
        System.out.printf("%-34s %12.0f %10.1f %10.1f %7.1f%%%n", subject.name(), median, rate / 1e9, peak / 1e9,
                100 * rate / peak);
    }

    /** Operations of one image's step: forward, and twice that backward but for the first layer, whose input needs no gradient. */
    private static long trainingFlops(Subject subject) {
        Summary summary = Summary.of(subject.network(), new TensorType(DType.FLOAT32, subject.image()));
        long first = summary.rows().stream().filter(row -> !row.path().isEmpty() && row.flops() > 0).findFirst()
                .orElseThrow().flops();
        return 3 * summary.flops() - first;
    }

    private static long peakResidentMegabytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return -1;
        }
        return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmHWM:")).findFirst()
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10).orElse(-1L);
    }
}
