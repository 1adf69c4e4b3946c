package dev.cambium.tensorflow;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Max-pooling of some images. TensorFlow's kernels pass over NaN and don't know −∞, so they compute where all of the images are
 * finite, which their sum tells; in a run where it isn't, the window's exact form does.
 */
final class MaxPooling {
    /**
     * What the kernel computes.
     *
     * @param finite
     *            the images, in runs where they are finite
     * @param pooled
     *            the largest of each window, in those runs
     * @param others
     *            the images, in the other runs
     */
    private record Kernel(Output finite, Output pooled, Output others) {}

    private final Windows window;
    private final Emitter emit;
    private final Output images;
    private final @Nullable Kernel kernel;

    MaxPooling(Emitter emit, Windows window, Output images) {
        this.emit = emit;
        this.window = window;
        this.images = images;
        kernel = window.hasMaxKernel() ? kernel() : null;
    }

    private Kernel kernel() {
        Output isFinite = emit.call("IsFinite", emit.call("Sum", images, emit.ints(0, 1, 2, 3)));
        Output others = emit.call("Switch", images, isFinite);
        Output finite = new Output(others.operation(), 1);
        return new Kernel(finite, window.maxKernel("MaxPool", finite), others);
    }

    Output value() {
        return kernel == null ? window.max(images) : either(kernel.pooled(), window.max(kernel.others()));
    }

    Output gradient(Output gradient) {
        return kernel == null ? window.maxGradient(images, gradient)
                : either(window.maxKernel("MaxPoolGrad", kernel.finite(), kernel.pooled(), gradient),
                        window.maxGradient(kernel.others(), gradient));
    }

    Output pick(Output values) {
        return window.maxPick(images, values);
    }

    /** Of two values the one that a run computes. */
    private Output either(Output a, Output b) {
        return emit.op("Merge").inputs(List.of(a, b)).build();
    }
}
