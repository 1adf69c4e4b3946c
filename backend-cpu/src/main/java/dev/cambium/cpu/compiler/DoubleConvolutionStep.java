package dev.cambium.cpu.compiler;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import dev.cambium.cpu.kernels.DoubleProducts;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Window2d;

/**
 * Convolution and its gradients in float64, for gradient checks: plain loops, the batch one sample after the other.
 *
 * @param images
 *            the shape of the images
 * @param outputs
 *            the number of output channels
 */
record DoubleConvolutionStep(Kind kind, Window2d window, int groups, Shape images, int outputs, View left, View right,
        View result) implements Step {
    enum Kind {
        FORWARD, INPUT_GRADIENT, WEIGHT_GRADIENT
    }

    @Override
    public String name() {
        return "conv2d_" + kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public List<View> reads() {
        return List.of(left, right);
    }

    @Override
    public List<View> writes() {
        return List.of(result);
    }

    @Override
    public int units() {
        return 1;
    }

    @Override
    public void run(int from, int to, int part, Lane lane) {
        double[] a = (double[]) left.storage().array();
        double[] b = (double[]) right.storage().array();
        double[] c = (double[]) result.storage().array();
        int height = images.dim(2);
        int width = images.dim(3);
        int channels = images.dim(1);
        if (kind == Kind.WEIGHT_GRADIENT) {
            Arrays.fill(c, lane.at(result), lane.at(result) + result.size(), 0);
        }
        for (int sample = 0; sample < images.dim(0); sample++) {
            int aAt = lane.at(left, sample);
            switch (kind) {
                case FORWARD ->
                        DoubleProducts.conv2d(window, groups, a, aAt, height, width, channels, b, lane.at(right), c,
                                lane.at(result, sample), outputs);
                case INPUT_GRADIENT ->
                        DoubleProducts.conv2dInputGradient(window, groups, a, aAt, outputs, b, lane.at(right), c,
                                lane.at(result, sample), height, width, channels);
                case WEIGHT_GRADIENT ->
                        DoubleProducts.conv2dWeightGradient(window, groups, a, aAt, height, width, channels, b,
                                lane.at(right, sample), outputs, c, lane.at(result));
            }
        }
    }

    @Override
    public String toString() {
        return name() + " " + left + ", " + right + " → " + result;
    }
}
