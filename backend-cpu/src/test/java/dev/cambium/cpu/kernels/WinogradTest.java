package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Winograd's way against the direct one, which is compared with plain loops itself. */
@Tag("kernels")
class WinogradTest {
    private static final int MARGIN = 19;
    /** Of the largest result: both sum in single precision, of other terms in another order. */
    private static final double TOLERANCE = 3e-6;
    private static final ConvolutionShape SAME = shape(32, 14, 14, 64, 1, 1, 1, 1);

    static Stream<Products> implementations() {
        return Stream.of(Products.best(), Products.scalar());
    }

    private static ConvolutionShape shape(int in, int height, int width, int out, int top, int bottom, int left,
            int right) {
        return new ConvolutionShape(in, height, width, out, 3, 3, 1, 1, 1, 1, top, bottom, left, right, 1);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void all_sizes_paddings_and_channels_agree_with_the_direct_way(Products products) {
        for (var shape : List.of(SAME,
                shape(1, 1, 1, 1, 1, 1, 1, 1),
                shape(16, 7, 7, 16, 1, 1, 1, 1),
                shape(3, 8, 8, 5, 0, 0, 0, 0),
                shape(16, 9, 9, 40, 0, 0, 0, 0),
                shape(17, 6, 5, 33, 1, 0, 0, 1),
                shape(24, 5, 12, 70, 2, 2, 3, 0),
                shape(20, 10, 9, 130, -1, 0, 2, -2),
                shape(40, 3, 3, 16, 0, 0, 0, 0))) {
            check(products, shape);
        }
        var random = new Random(5);
        for (int i = 0; i < 100; i++) {
            check(products, shape(1 + random.nextInt(40), 3 + random.nextInt(14), 3 + random.nextInt(14),
                    1 + random.nextInt(80), random.nextInt(3), random.nextInt(3), random.nextInt(3),
                    random.nextInt(3)));
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void images_of_several_bands_agree_with_the_direct_way(Products products) {
        for (int height = 60; height < 64; height++) {
            var shape = shape(16, height, 199, 18, 1, 1, 1, 1);
            assertThat(new Convolution(products, shape, true).forwardParts()).isGreaterThan(1);
            check(products, shape);
        }
        check(products, shape(16, 61, 500, 16, 0, 0, 0, 0));
        check(products, shape(16, 120, 100, 18, 1, 1, 1, 1));
    }

    private static void check(Products products, ConvolutionShape shape) {
        var direct = new Run(products, shape, false);
        var winograd = new Run(products, shape, true);
        compare(shape + " y", winograd.forward(), direct.forward());
        compare(shape + " dx", winograd.inputGradient(), direct.inputGradient());
        compare(shape + " dw", winograd.kernelGradient(), direct.kernelGradient());
    }

    private static void compare(String what, float[] actual, float[] expected) {
        double largest = largest(expected);
        double error = IntStream.range(0, expected.length).mapToDouble(i -> Math.abs(actual[i] - expected[i])).max()
                .orElse(0);
        assertThat(error).as(what).isLessThanOrEqualTo(TOLERANCE * (1 + largest));
    }

    private static double largest(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> Math.abs(values[i])).max().orElse(0);
    }

    @Test
    void both_implementations_give_the_same_bits() {
        for (var shape : List.of(SAME, shape(20, 13, 11, 50, 1, 1, 0, 2), shape(5, 8, 8, 3, 1, 1, 1, 1))) {
            var vector = new Run(Products.best(), shape, true);
            var scalar = new Run(Products.scalar(), shape, true);
            assertThat(vector.forward()).isEqualTo(scalar.forward());
            assertThat(vector.inputGradient()).isEqualTo(scalar.inputGradient());
            assertThat(vector.kernelGradient()).isEqualTo(scalar.kernelGradient());
        }
    }

    /**
     * The direct way's chain has nine times as many terms, each of which may round by half a unit in the last place (6e-8) of a sum
     * that is seldom above the largest result; Winograd's chains are short, but up to nine of them are added up with alternating signs. Both
     * come to some 5e-7.
     */
    @ParameterizedTest
    @MethodSource("implementations")
    void the_error_is_a_few_units_in_the_last_place_of_the_largest_result(Products products) {
        var direct = new Run(products, SAME, false);
        var winograd = new Run(products, SAME, true);
        double[] y = direct.exact();
        assertThat(relativeError(direct.forward(), y)).isLessThan(1e-6);
        assertThat(relativeError(winograd.forward(), y)).isLessThan(1e-6);
        double[] dx = direct.exactInputGradient();
        assertThat(relativeError(direct.inputGradient(), dx)).isLessThan(1e-6);
        assertThat(relativeError(winograd.inputGradient(), dx)).isLessThan(1e-6);
        double[] dw = direct.exactKernelGradient();
        assertThat(relativeError(direct.kernelGradient(), dw)).isLessThan(1e-6);
        assertThat(relativeError(winograd.kernelGradient(), dw)).isLessThan(1e-6);
    }

    /** The largest error of an element, relative to the largest element. */
    private static double relativeError(float[] actual, double[] exact) {
        double largest = Arrays.stream(exact).map(Math::abs).max().orElseThrow();
        return IntStream.range(0, exact.length).mapToDouble(i -> Math.abs(actual[i] - exact[i])).max().orElseThrow()
                / largest;
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void what_is_not_finite_gives_the_bits_of_the_direct_way(Products products) {
        var random = new Random(3);
        for (var shape : List.of(SAME, shape(16, 9, 7, 20, 1, 1, 1, 1), shape(16, 7, 7, 16, 1, 1, 1, 1),
                shape(16, 7, 9, 16, 0, 0, 0, 0))) {
            for (float planted : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                var direct = new Run(products, shape, false);
                var winograd = new Run(products, shape, true);
                plant(planted, random.nextInt(direct.x.length), direct.x, winograd.x);
                assertThat(winograd.forward()).as(shape + " x").isEqualTo(direct.forward());
                plant(planted, random.nextInt(direct.dy.length), direct.dy, winograd.dy);
                assertThat(winograd.inputGradient()).as(shape + " dy").isEqualTo(direct.inputGradient());
                assertThat(winograd.kernelGradient()).as(shape + " x, dy").isEqualTo(direct.kernelGradient());

                direct = new Run(products, shape, false);
                winograd = new Run(products, shape, true);
                plant(planted, random.nextInt(direct.dy.length), direct.dy, winograd.dy);
                assertThat(winograd.kernelGradient()).as(shape + " dy").isEqualTo(direct.kernelGradient());

                direct = new Run(products, shape, false);
                winograd = new Run(products, shape, true);
                plant(planted, random.nextInt(direct.w.length), direct.w, winograd.w);
                assertThat(winograd.forward()).as(shape + " w").isEqualTo(direct.forward());
                assertThat(winograd.inputGradient()).as(shape + " w").isEqualTo(direct.inputGradient());
            }
        }
    }

    private static void plant(float value, int at, float[]... arrays) {
        for (float[] array : arrays) {
            array[at] = value;
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void what_overflows_only_in_a_transform_gives_the_bits_of_the_direct_way(Products products) {
        assertSameBits(products, run -> enlarge(run.x, 32), run -> scale(run.w, 0.01f), Run::forward);
        assertSameBits(products, run -> enlarge(run.w, 1), run -> scale(run.x, 0.01f), Run::forward);
        assertSameBits(products, run -> enlarge(run.dy, 64), run -> scale(run.x, 0.001f), Run::kernelGradient);
        assertSameBits(products, run -> enlarge(run.x, 32), run -> scale(run.dy, 0.001f), Run::kernelGradient);
    }

    private static void assertSameBits(Products products, Consumer<Run> large, Consumer<Run> small,
            Function<Run, float[]> result) {
        var direct = new Run(products, SAME, false);
        var winograd = new Run(products, SAME, true);
        for (Run run : List.of(direct, winograd)) {
            large.accept(run);
            small.accept(run);
        }
        float[] expected = result.apply(direct);
        assertThat(largest(expected)).isLessThan(Double.POSITIVE_INFINITY);
        assertThat(result.apply(winograd)).isEqualTo(expected);
    }

    /** Makes one value of so many as large as can be. */
    private static void enlarge(float[] values, int step) {
        for (int i = 0; i < values.length; i += step) {
            values[i] = Math.copySign(2e38f, values[i]);
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void a_sum_goes_on_from_call_to_call_and_starts_anew_if_told_to(Products products) {
        var run = new Run(products, shape(16, 13, 11, 20, 1, 1, 1, 1), true);
        float[] whole = run.kernelGradient();
        float[] once = run.kernelGradient(0, 1, null);
        float[] twice = run.kernelGradient(0, 1, once.clone());
        assertThat(IntStream.range(0, once.length).allMatch(i -> twice[i] == 2 * once[i])).isTrue();
        float[] pieces = run.kernelGradient(1, Run.IMAGES, once.clone());
        compare("sum of two calls", run.stored(pieces), whole);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void a_sum_that_is_not_finite_is_added_the_direct_way_to_what_was_there(Products products) {
        var direct = new Run(products, SAME, false);
        var winograd = new Run(products, SAME, true);
        float[] sum = winograd.kernelGradient(1, Run.IMAGES, null);
        plant(Float.POSITIVE_INFINITY, 5, direct.dy, winograd.dy);
        assertThat(winograd.kernelGradient(0, 1, sum.clone())).isEqualTo(direct.kernelGradient(0, 1, sum.clone()));
    }

    private static void scale(float[] values, float factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void nan_in_one_band_leaves_the_others_alone(Products products) {
        var shape = shape(16, 61, 199, 16, 1, 1, 1, 1);
        float[] clean = new Run(products, shape, true).forward();
        var direct = new Run(products, shape, false);
        var winograd = new Run(products, shape, true);
        plant(Float.NaN, (40 * 199 + 7) * 16, direct.x, winograd.x);
        float[] expected = direct.forward();
        float[] actual = winograd.forward();
        int size = 199 * 16;
        for (int y = 0; y < 61; y++) {
            float[] row = Arrays.copyOfRange(actual, y * size, (y + 1) * size);
            assertThat(row).as("row " + y).isIn(Arrays.copyOfRange(expected, y * size, (y + 1) * size),
                    Arrays.copyOfRange(clean, y * size, (y + 1) * size));
        }
        assertThat(Arrays.copyOf(actual, 20 * size)).isEqualTo(Arrays.copyOf(clean, 20 * size));
    }

    @Test
    void shapes_decide_which_way_is_taken() {
        assertThat(Winograd.pays(SAME)).isTrue();
        assertThat(Winograd.pays(shape(1, 28, 28, 32, 1, 1, 1, 1))).isFalse();
        assertThat(Winograd.pays(shape(64, 28, 28, 8, 1, 1, 1, 1))).isFalse();
        assertThat(Winograd.pays(shape(64, 5, 5, 64, 1, 1, 1, 1))).isFalse();
        assertThat(Winograd.pays(new ConvolutionShape(32, 14, 14, 64, 5, 5, 1, 1, 1, 1, 2, 2, 2, 2, 1))).isFalse();
        assertThat(Winograd.pays(new ConvolutionShape(32, 14, 14, 64, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1))).isFalse();
        assertThat(Winograd.pays(new ConvolutionShape(32, 14, 14, 64, 3, 3, 1, 1, 2, 2, 1, 1, 1, 1, 1))).isFalse();
        assertThat(Winograd.pays(new ConvolutionShape(32, 14, 14, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 2))).isFalse();
    }

    /** Images of normal numbers, whose results are cut out of arrays with garbage around them. */
    private static final class Run {
        /** For the kernel's gradient; of the rest the first image alone. */
        static final int IMAGES = 3;
        final ConvolutionShape shape;
        final Convolution convolution;
        final float[] x;
        final float[] w;
        final float[] dy;

        Run(Products products, ConvolutionShape shape, boolean winograd) {
            this.shape = shape;
            convolution = new Convolution(products, shape, winograd);
            x = Samples.normal(shape.inHeight() * shape.inWidth() * shape.inChannels(), 1);
            w = Samples.normal(shape.weights(), 2);
            dy = Samples.normal(shape.outHeight() * shape.outWidth() * shape.outChannels(), 3);
        }

        float[] forward() {
            float[] packed = garbage(convolution.forwardKernel());
            convolution.packForward(w, 0, packed, 0);
            float[] y = garbage(dy.length + 2 * MARGIN);
            float[] scratch = garbage(convolution.forwardScratch());
            for (int part = convolution.forwardParts() - 1; part >= 0; part--) {
                convolution.forward(part, x, 0, packed, 0, y, MARGIN, scratch, 0);
            }
            return cut(y);
        }

        float[] inputGradient() {
            float[] packed = garbage(convolution.inputGradientKernel());
            convolution.packInputGradient(w, 0, packed, 0);
            float[] dx = garbage(x.length + 2 * MARGIN);
            float[] scratch = garbage(convolution.inputGradientScratch());
            for (int part = convolution.inputGradientParts() - 1; part >= 0; part--) {
                convolution.inputGradient(part, dy, 0, packed, 0, dx, MARGIN, scratch, 0);
            }
            return cut(dx);
        }

        /** Of all images, in the order of the kernel. */
        float[] kernelGradient() {
            return stored(kernelGradient(0, IMAGES, null));
        }

        /** Adds the gradient of some images to a sum, or starts one. */
        float[] kernelGradient(int from, int to, float @Nullable [] accumulated) {
            float[] sum = garbage(convolution.kernelGradient() + 2 * MARGIN);
            if (accumulated != null) {
                System.arraycopy(accumulated, 0, sum, MARGIN, accumulated.length);
            }
            float[] scratch = garbage(convolution.kernelGradientScratch());
            convolution.kernelGradient(to - from, images(x, 4), from * x.length, images(dy, 5), from * dy.length, sum,
                    MARGIN, accumulated != null, scratch, 0);
            return cut(sum);
        }

        /** A sum in the order of the kernel. */
        float[] stored(float[] sum) {
            float[] gradient = garbage(shape.weights());
            convolution.storeKernelGradient(0, shape.outChannels(), sum, 0, gradient, 0);
            return gradient;
        }

        /** The first image, and others. */
        private static float[] images(float[] first, int seed) {
            float[] all = Samples.normal(IMAGES * first.length, seed);
            System.arraycopy(first, 0, all, 0, first.length);
            return all;
        }

        /** The gradient by the kernel in double precision. */
        double[] exactKernelGradient() {
            double[] dw = new double[shape.weights()];
            float[] xs = images(x, 4);
            float[] dys = images(dy, 5);
            for (int image = 0; image < IMAGES; image++) {
                int pixels = image * x.length;
                int results = image * dy.length;
                forEachProduct((i, pixel, weight) -> dw[weight] += (double) xs[pixels + pixel] * dys[results + i]);
            }
            return dw;
        }

        /** The forward pass in double precision. */
        double[] exact() {
            double[] y = new double[dy.length];
            forEachProduct((i, pixel, weight) -> y[i] += (double) x[pixel] * w[weight]);
            return y;
        }

        /** The gradient by the image in double precision. */
        double[] exactInputGradient() {
            double[] dx = new double[x.length];
            forEachProduct((i, pixel, weight) -> dx[pixel] += (double) dy[i] * w[weight]);
            return dx;
        }

        private interface Product {
            void add(int result, int pixel, int weight);
        }

        private void forEachProduct(Product product) {
            for (int i = 0; i < dy.length; i++) {
                int out = i % shape.outChannels();
                int column = i / shape.outChannels() % shape.outWidth();
                int row = i / shape.outChannels() / shape.outWidth();
                for (int tap = 0; tap < 9; tap++) {
                    int sourceRow = row + tap / 3 - shape.padTop();
                    int sourceColumn = column + tap % 3 - shape.padLeft();
                    if (sourceRow < 0 || sourceRow >= shape.inHeight() || sourceColumn < 0
                            || sourceColumn >= shape.inWidth()) {
                        continue;
                    }
                    int pixel = (sourceRow * shape.inWidth() + sourceColumn) * shape.inChannels();
                    for (int in = 0; in < shape.inChannels(); in++) {
                        product.add(i, pixel + in, (out * shape.inChannels() + in) * 9 + tap);
                    }
                }
            }
        }

        private static float[] garbage(int length) {
            float[] values = new float[length];
            Arrays.fill(values, Float.NaN);
            return values;
        }

        private static float[] cut(float[] values) {
            int end = values.length - MARGIN;
            for (int i = 0; i < MARGIN; i++) {
                assertThat(values[i]).isNaN();
                assertThat(values[end + i]).isNaN();
            }
            return Arrays.copyOfRange(values, MARGIN, end);
        }
    }
}
