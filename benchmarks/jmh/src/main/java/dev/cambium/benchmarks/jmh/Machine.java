package dev.cambium.benchmarks.jmh;

import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

import dev.cambium.cpu.kernels.Products;

/** What the machine can do at most with some threads busy at once: the best that was seen of it. */
final class Machine {
    /** 64 MB an array: more than caches hold. */
    private static final int FLOATS = 1 << 24;
    private static final int TIMES = 8;

    private final int threads;
    private double peak;
    private double bandwidth;

    Machine(int threads) {
        this.threads = threads;
    }

    /** Multiply-adds in registers, two operations each, a second. */
    double peak() {
        return peak;
    }

    /** Bytes a second that memory moves. */
    double bandwidth() {
        return bandwidth;
    }

    /** Looks again. */
    void measure() throws InterruptedException, ExecutionException {
        peak = Math.max(peak, sum(() -> Products.best().peak()));
        bandwidth = Math.max(bandwidth, sum(new Streams(FLOATS / threads)));
    }

    private double sum(Callable<Double> task) throws InterruptedException, ExecutionException {
        try (var pool = Executors.newFixedThreadPool(threads)) {
            double sum = 0;
            for (var rate : pool.invokeAll(Collections.nCopies(threads, task))) {
                sum += rate.get();
            }
            return sum;
        }
    }

    /** A copy, which moves two arrays, and a triad, which moves three. A line that is written counts once, though it may be read before. */
    private record Streams(int floats) implements Callable<Double> {
        @Override
        public Double call() {
            float[] a = new float[floats];
            float[] b = new float[floats];
            float[] c = new float[floats];
            double best = 0;
            for (int i = 0; i < TIMES; i++) {
                long start = System.nanoTime();
                System.arraycopy(b, 0, a, 0, floats);
                long middle = System.nanoTime();
                triad(a, b, c, i);
                long end = System.nanoTime();
                best = Math.max(best, Float.BYTES * Math.max(2e9 * floats / (middle - start),
                        3e9 * floats / (end - middle)));
            }
            return a[floats / 2] < 0 ? 0 : best;
        }

        private static void triad(float[] a, float[] b, float[] c, float factor) {
            for (int i = 0; i < a.length; i++) {
                a[i] = b[i] + factor * c[i];
            }
        }
    }
}
