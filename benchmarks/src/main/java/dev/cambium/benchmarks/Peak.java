package dev.cambium.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

import dev.cambium.cpu.kernels.Products;

/** The machine's peak: the rate at which threads that do nothing else make multiply-adds in registers. */
final class Peak {
    private Peak() {}

    /** Operations a second with so many threads busy at once, a multiply-add counted as two. */
    static double measure(Products products, int threads) throws InterruptedException, ExecutionException {
        try (var pool = Executors.newFixedThreadPool(threads)) {
            List<Callable<Double>> tasks = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                tasks.add(products::peak);
            }
            double sum = 0;
            for (var rate : pool.invokeAll(tasks)) {
                sum += rate.get();
            }
            return sum;
        }
    }
}
