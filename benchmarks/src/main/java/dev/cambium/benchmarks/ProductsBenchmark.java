package dev.cambium.benchmarks;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

import dev.cambium.cpu.kernels.Alignment;
import dev.cambium.cpu.kernels.Convolution;
import dev.cambium.cpu.kernels.ConvolutionShape;
import dev.cambium.cpu.kernels.Matmul;
import dev.cambium.cpu.kernels.Products;
import dev.cambium.cpu.kernels.Matmul.Layout;

/**
 * Times products alone and prints each one's best rate, and its share of the fused-multiply-add peak that is measured right
 * beside it. Arguments: {@code scalar} for the scalar path, then
 * words of which a line must contain one, for instance {@code fc1 conv2}.
 */
public final class ProductsBenchmark {
    private static final double SECONDS = 0.4;
    private static final int MAX_THREADS = 2;

    private final Products products;
    private final String[] words;
    private final ExecutorService helper = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    private final float[] memory = new float[32 << 20];
    private final int start;
    private int used;

    private ProductsBenchmark(Products products, String[] words) {
        this.products = products;
        this.words = words;
        products.warmUp();
        products.warmUpTransposition();
        start = products.lineStart(memory);
        var random = new Random(1);
        for (int i = 0; i < memory.length; i++) {
            memory[i] = random.nextFloat() - 0.5f;
        }
    }

    /** Runs all benchmarks. */
    public static void main(String[] args) throws InterruptedException, ExecutionException {
        boolean scalar = args.length > 0 && args[0].equals("scalar");
        var words = scalar ? Arrays.copyOfRange(args, 1, args.length) : args;
        new ProductsBenchmark(scalar ? Products.scalar() : Products.best(), words).runAll();
    }

    private void runAll() throws InterruptedException, ExecutionException {
        matmul("fc1 forward", 1, 50, 1000, 3136, false, true);
        matmul("fc1 dX", 1, 50, 3136, 1000, false, false);
        matmul("fc1 dW", 1, 1000, 3136, 50, true, false);
        matmul("fc2 forward", 1, 50, 10, 1000, false, true);
        matmul("fc2 dX", 1, 50, 1000, 10, false, false);
        matmul("fc2 dW", 1, 10, 1000, 50, true, false);
        matmul("mlp forward", 1, 128, 512, 784, false, true);
        matmul("mlp dW", 1, 512, 784, 128, true, false);
        matmul("attention scores", 8, 64, 64, 64, false, true);
        matmul("attention values", 8, 64, 64, 64, false, false);
        matmul("square", 1, 1024, 1024, 1024, false, false);
        matmul("square transposed", 1, 1024, 1024, 1024, true, true);
        matmul("batch of one", 1, 1, 1000, 3136, false, true);
        convolution("conv1", 50, new ConvolutionShape(1, 28, 28, 32, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1));
        convolution("conv2", 50, new ConvolutionShape(32, 14, 14, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1));
        convolution("strided", 16, new ConvolutionShape(32, 28, 28, 64, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1));
        convolution("pointwise", 16, new ConvolutionShape(64, 28, 28, 128, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1));
        convolution("odd sizes", 16, new ConvolutionShape(24, 27, 27, 40, 5, 5, 1, 1, 1, 1, 2, 2, 2, 2, 1));
        convolution("groups", 16, new ConvolutionShape(64, 14, 14, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 4));
        convolution("depthwise", 16, new ConvolutionShape(64, 28, 28, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 64));
    }

    private void matmul(String name, int batch, int rows, int columns, int inner, boolean transposedA,
            boolean transposedB) throws InterruptedException, ExecutionException {
        var a = transposedA ? Layout.rowMajor(inner, rows).transposed() : Layout.rowMajor(rows, inner);
        var b = transposedB ? Layout.rowMajor(columns, inner).transposed() : Layout.rowMajor(inner, columns);
        var matmul = new Matmul(products, batch, rows, columns, inner, a, b, Layout.rowMajor(rows, columns));
        used = start;
        int aAt = allocate(batch * rows * inner);
        int bAt = allocate(batch * inner * columns);
        int cAt = allocate(batch * rows * columns);
        int[] scratch = {allocate(matmul.scratch()), allocate(matmul.scratch())};
        time("%s %dx%dx%dx%d".formatted(name, batch, rows, columns, inner), 2.0 * batch * rows * columns * inner,
                matmul.parts(), (part, thread) -> matmul.run(part, memory, aAt, memory, bAt, memory, cAt, false, memory,
                        scratch[thread]));
    }

    private void convolution(String name, int batch, ConvolutionShape s)
            throws InterruptedException, ExecutionException {
        var convolution = new Convolution(products, s);
        int in = s.inHeight() * s.inWidth() * s.inChannels();
        int out = s.outHeight() * s.outWidth() * s.outChannels();
        used = start;
        int x = allocate(batch * in);
        int dx = allocate(batch * in);
        int y = allocate(batch * out);
        int forwardKernel = allocate(convolution.forwardKernel());
        int inputGradientKernel = allocate(convolution.inputGradientKernel());
        int[] sums = {allocate(convolution.kernelGradient()), allocate(convolution.kernelGradient())};
        int floats = Math.max(convolution.forwardScratch(),
                Math.max(convolution.inputGradientScratch(), convolution.kernelGradientScratch()));
        int[] scratch = {allocate(floats), allocate(floats)};
        double flop = 2.0 * batch * s.multiplyAdds();
        int bands = convolution.forwardParts();
        time(name + " forward", flop, batch * bands,
                (i, thread) -> convolution.forward(i % bands, memory, x + i / bands * in,
                        memory, forwardKernel, memory, y + i / bands * out, memory, scratch[thread]));
        int parts = convolution.inputGradientParts();
        time(name + " dX", flop, batch * parts, (i, thread) -> convolution.inputGradient(i % parts, memory,
                y + i / parts * out, memory, inputGradientKernel, memory, dx + i / parts * in, memory,
                scratch[thread]));
        time(name + " dW", flop, 2, (half, thread) -> {
            int first = batch * half / 2;
            convolution.kernelGradient(batch * (half + 1) / 2 - first, memory, x + first * in, memory, y + first * out,
                    memory, sums[half], false, memory, scratch[thread]);
        });
    }

    private int allocate(int floats) {
        int offset = used;
        used += Alignment.roundUp(floats);
        return offset;
    }

    /** What a thread does for one part. */
    private interface Task {
        void run(int part, int thread);
    }

    private void time(String name, double flop, int parts, Task task) throws InterruptedException, ExecutionException {
        if (words.length > 0 && Arrays.stream(words).noneMatch(name::contains)) {
            return;
        }
        for (int threads = 1; threads <= MAX_THREADS; threads++) {
            double best = Double.POSITIVE_INFINITY;
            long end = System.nanoTime() + (long) (SECONDS * 1e9);
            while (System.nanoTime() < end) {
                best = Math.min(best, seconds(threads, parts, task));
            }
            double peak = Peak.measure(products, threads);
            System.out.printf("%-36s %d thread(s) %9.3f ms %7.1f GFLOP/s %4.0f %% of %.0f%n", name, threads, best * 1e3,
                    flop / best / 1e9, 100 * flop / best / peak, peak / 1e9);
        }
    }

    private double seconds(int threads, int parts, Task task) throws InterruptedException, ExecutionException {
        long before = System.nanoTime();
        var next = new AtomicInteger();
        IntConsumer work = thread -> {
            for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
                task.run(part, thread);
            }
        };
        if (threads == 1) {
            work.accept(0);
        } else {
            var other = helper.submit(() -> work.accept(1));
            work.accept(0);
            other.get();
        }
        return (System.nanoTime() - before) / 1e9;
    }
}
