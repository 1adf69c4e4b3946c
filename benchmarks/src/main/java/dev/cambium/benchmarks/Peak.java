package dev.cambium.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The machine's peak: the rate at which threads that do nothing else make fused multiply-adds in registers. */
final class Peak {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int STEPS = 2_000_000;
    private static final int CHAINS = 10;
    private static final int TRIES = 12;

    private Peak() {}

    /** Operations a second with so many threads busy at once, a multiply-add counted as two; the best of some tries. */
    static double measure(int threads) throws InterruptedException, ExecutionException {
        try (var pool = Executors.newFixedThreadPool(threads)) {
            double best = 0;
            for (int i = 0; i < TRIES; i++) {
                List<Callable<Double>> tasks = new ArrayList<>();
                for (int t = 0; t < threads; t++) {
                    tasks.add(Peak::rate);
                }
                double sum = 0;
                for (var rate : pool.invokeAll(tasks)) {
                    sum += rate.get();
                }
                best = Math.max(best, sum);
            }
            return best;
        }
    }

    private static double rate() {
        long start = System.nanoTime();
        float result = chains(STEPS);
        double seconds = (System.nanoTime() - start) / 1e9;
        return Float.isNaN(result) ? 0 : 2.0 * STEPS * CHAINS * SPECIES.length() / seconds;
    }

    private static float chains(int steps) {
        FloatVector factor = FloatVector.broadcast(SPECIES, 0.999f);
        FloatVector term = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        FloatVector e = a;
        FloatVector f = a;
        FloatVector g = a;
        FloatVector h = a;
        FloatVector i = a;
        FloatVector j = a;
        for (int step = 0; step < steps; step++) {
            a = a.fma(factor, term);
            b = b.fma(factor, term);
            c = c.fma(factor, term);
            d = d.fma(factor, term);
            e = e.fma(factor, term);
            f = f.fma(factor, term);
            g = g.fma(factor, term);
            h = h.fma(factor, term);
            i = i.fma(factor, term);
            j = j.fma(factor, term);
        }
        return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).lane(0);
    }
}
