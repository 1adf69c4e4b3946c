package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cambium.tensor.Window2d;

/** Both at once against {@link Convolution} and {@link Pooling} one after the other, which are compared with plain loops themselves. */
@Tag("kernels")
class PooledConvolutionTest {
    private static final int MARGIN = 19;
    /** Of the largest element: both sum in single precision, in different orders. */
    private static final double TOLERANCE = 1e-6;
    private static final Window2d WINDOW = Window2d.square(2, 2);
    private static final List<ConvolutionShape> SHAPES = List.of(shape(1, 28, 28, 32, 3, 1, 1),
            shape(3, 9, 11, 64, 5, 1, 2),
            shape(2, 13, 12, 96, 3, 2, 0), shape(1, 2, 3, 32, 1, 1, 0));

    /** Winograd's way, of a block of squares and more, and of columns that fill no vector. */
    private static final List<ConvolutionShape> WINOGRAD = List.of(shape(32, 14, 14, 64, 3, 1, 1),
            shape(17, 8, 10, 83, 3, 1, 1), shape(16, 10, 12, 16, 3, 1, 0));

    /** A machine whose vectors have 16 registers alone has only the plain loops. */
    static Stream<Products> implementations() {
        return Stream.of(Products.best(), Products.scalar()).filter(products -> products.pools(32));
    }

    private static List<ConvolutionShape> allShapes() {
        return Stream.concat(SHAPES.stream(), WINOGRAD.stream()).toList();
    }

    private static ConvolutionShape shape(int in, int height, int width, int out, int kernel, int stride, int pad) {
        return new ConvolutionShape(in, height, width, out, kernel, kernel, stride, stride, 1, 1, pad, pad, pad, pad,
                1);
    }

    private static final class Run {
        final Convolution dense;
        final PooledConvolution both;
        final int height;
        final int width;
        final int channels;
        final int places;
        final float[] x;
        final float[] w;
        final float[] dy;
        float[] shifts;
        int shiftsOffset;
        float floor = Float.NEGATIVE_INFINITY;
        float[] pooled = {};
        float[] winners = {};

        Run(Products products, ConvolutionShape s) {
            dense = new Convolution(products, s);
            assertThat(PooledConvolution.pays(products, dense, WINDOW)).isTrue();
            both = new PooledConvolution(products, dense, WINDOW);
            height = s.outHeight();
            width = s.outWidth();
            channels = s.outChannels();
            places = height / 2 * (width / 2) * channels;
            var random = new Random(4);
            x = random(random, s.inHeight() * s.inWidth() * s.inChannels());
            w = random(random, s.weights());
            dy = random(random, places);
            shifts = both.unshifted();
        }

        Run withBiasAndRelu() {
            shiftsOffset = 3;
            shifts = random(new Random(5), shiftsOffset + channels);
            floor = 0;
            return this;
        }

        /** With equals among what they make. */
        private static float[] random(Random random, int length) {
            float[] values = new float[length];
            for (int i = 0; i < length; i++) {
                values[i] = random.nextInt(-3, 4) / 4f;
            }
            return values;
        }

        private static float[] garbage(int length) {
            float[] values = new float[length];
            Arrays.fill(values, Float.NaN);
            return values;
        }

        private static float[] cut(float[] values, int length) {
            assertThat(Arrays.copyOf(values, MARGIN)).containsOnly(Float.NaN);
            assertThat(Arrays.copyOfRange(values, MARGIN + length, values.length)).containsOnly(Float.NaN);
            return Arrays.copyOfRange(values, MARGIN, MARGIN + length);
        }

        private float[] packed() {
            float[] packed = garbage(dense.forwardKernel());
            dense.packForward(w, 0, packed, 0);
            return packed;
        }

        Run atOnce() {
            float[] result = garbage(places + 2 * MARGIN);
            float[] told = garbage(places + 2 * MARGIN);
            both.forward(x, 0, packed(), 0, shifts, shiftsOffset, floor, result, MARGIN, told, MARGIN,
                    garbage(both.scratch()), 0);
            pooled = cut(result, places);
            winners = cut(told, places);
            float[] alone = garbage(places + 2 * MARGIN);
            both.forward(x, 0, packed(), 0, shifts, shiftsOffset, floor, alone, MARGIN, garbage(both.scratch()), 0);
            assertThat(cut(alone, places)).as("without winners").isEqualTo(pooled);
            return this;
        }

        Run oneByOne() {
            float[] y = new float[height * width * channels];
            dense.forward(0, x, 0, packed(), 0, y, 0, garbage(dense.forwardScratch()), 0);
            pooled = new float[places];
            winners = new float[places];
            Pooling.maxPoolWinners(WINDOW, y, 0, height, width, channels, pooled, 0, winners, 0);
            for (int i = 0; i < places; i++) {
                pooled[i] += shifts[shiftsOffset + i % channels];
                pooled[i] = pooled[i] <= floor ? floor : pooled[i];
            }
            return this;
        }

        /** Twice that of the image. */
        float[] dw() {
            float[] sum = garbage(dense.kernelGradient() + 2 * MARGIN);
            for (int i = 0; i < 2; i++) {
                both.kernelGradient(x, 0, winners, 0, dy, 0, sum, MARGIN, i > 0, garbage(both.scratch()), 0);
            }
            return stored(cut(sum, dense.kernelGradient()));
        }

        float[] denseDw() {
            float[] spread = garbage(height * width * channels);
            Pooling.maxPoolScatter(WINDOW, winners, 0, dy, 0, height, width, channels, spread, 0);
            float[] sum = garbage(dense.kernelGradient());
            for (int i = 0; i < 2; i++) {
                dense.kernelGradient(1, x, 0, spread, 0, sum, 0, i > 0, garbage(dense.kernelGradientScratch()), 0);
            }
            return stored(sum);
        }

        private float[] stored(float[] sum) {
            float[] gradient = new float[w.length];
            dense.storeKernelGradient(0, channels, sum, 0, gradient, 0);
            return gradient;
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void the_pooled_result_and_the_winners_have_the_same_bits(Products products) {
        for (ConvolutionShape shape : allShapes()) {
            Run atOnce = new Run(products, shape).atOnce();
            Run oneByOne = new Run(products, shape).oneByOne();
            assertThat(atOnce.pooled).as("%s", shape).isEqualTo(oneByOne.pooled);
            assertThat(atOnce.winners).as("%s", shape).isEqualTo(oneByOne.winners);
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void a_bias_and_relu_behind_the_pooling_have_the_same_bits(Products products) {
        for (ConvolutionShape shape : allShapes()) {
            Run atOnce = new Run(products, shape).withBiasAndRelu().atOnce();
            Run oneByOne = new Run(products, shape).withBiasAndRelu().oneByOne();
            assertThat(atOnce.pooled).as("%s", shape).isEqualTo(oneByOne.pooled).contains(0);
            assertThat(atOnce.winners).as("%s", shape).isEqualTo(oneByOne.winners);
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void the_kernel_gradient_follows_from_that_of_the_pooled_map(Products products) {
        for (ConvolutionShape shape : SHAPES) {
            Run run = new Run(products, shape).atOnce();
            float[] expected = run.denseDw();
            float largest = 0;
            for (float value : expected) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertThat(run.dw()).as("%s", shape).containsExactly(expected, within((float) (TOLERANCE * largest)));
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void vectors_and_plain_loops_have_the_same_bits(Products products) {
        for (ConvolutionShape shape : allShapes()) {
            Run plain = new Run(Products.scalar(), shape).atOnce();
            Run run = new Run(products, shape).atOnce();
            assertThat(run.pooled).isEqualTo(plain.pooled);
            assertThat(run.winners).isEqualTo(plain.winners);
            if (SHAPES.contains(shape)) {
                assertThat(run.dw()).isEqualTo(plain.dw());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void a_convolution_channel_by_channel_is_left_to_its_own_loops(Products products) {
        for (int channels : new int[] {1, 32}) {
            var shape = new ConvolutionShape(channels, 8, 8, channels, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, channels);
            assertThat(PooledConvolution.pays(products, new Convolution(products, shape), WINDOW)).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void what_is_not_finite_is_not_hidden(Products products) {
        for (float planted : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e38f}) {
            for (ConvolutionShape shape : List.of(SHAPES.getFirst(), WINOGRAD.getFirst())) {
                for (boolean inImage : new boolean[] {true, false}) {
                    planted(products, shape, planted, inImage, false);
                    planted(products, shape, planted, inImage, true);
                }
            }
        }
    }

    private static void planted(Products products, ConvolutionShape shape, float planted, boolean inImage,
            boolean biasAndRelu) {
        Run atOnce = new Run(products, shape);
        Run oneByOne = new Run(products, shape);
        if (biasAndRelu) {
            atOnce.withBiasAndRelu();
            oneByOne.withBiasAndRelu();
        }
        for (Run run : List.of(atOnce, oneByOne)) {
            float[] operand = inImage ? run.x : run.w;
            operand[operand.length / 2] = planted;
        }
        atOnce.atOnce();
        oneByOne.oneByOne();
        assertThat(atOnce.pooled).isEqualTo(oneByOne.pooled);
        assertThat(atOnce.winners).isEqualTo(oneByOne.winners);
        if (inImage && SHAPES.contains(shape)) {
            assertThat(atOnce.dw()).isEqualTo(oneByOne.denseDw());
        }
    }
}
