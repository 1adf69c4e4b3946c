package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cambium.tensor.Window2d;

/** The sparse gradients against the dense ones, which are compared with plain loops themselves. */
@Tag("kernels")
class SparseConvolutionTest {
    private static final int MARGIN = 19;
    /** Of the largest element: both sum in single precision, in different orders. */
    private static final double TOLERANCE = 1e-6;
    private static final ConvolutionShape SAME = shape(32, 14, 14, 64, 3, 1, 1, 1, 1);

    static Stream<Products> implementations() {
        return Stream.of(Products.best(), Products.scalar());
    }

    private static ConvolutionShape shape(int in, int height, int width, int out, int kernel, int stride, int dilation,
            int pad, int groups) {
        return new ConvolutionShape(in, height, width, out, kernel, kernel, stride, stride, dilation, dilation, pad,
                pad, pad, pad, groups);
    }

    /** One image through both gradients, its results cut out of arrays with garbage around them. */
    private static final class Run {
        final Products products;
        final Convolution dense;
        final SparseConvolution sparse;
        final float[] x;
        final float[] w;
        final float[] dy;
        final float[] values;
        final int[] numbers;

        Run(Products products, ConvolutionShape s, double density) {
            this.products = products;
            dense = new Convolution(products, s);
            sparse = new SparseConvolution(products, dense);
            var random = new Random(4);
            x = random(random, s.inHeight() * s.inWidth() * s.inChannels(), 1);
            w = random(random, s.weights(), 1);
            dy = random(random, s.outHeight() * s.outWidth() * s.outChannels(), density);
            values = garbage(sparse.lists().values());
            numbers = new int[sparse.lists().numbers()];
            Arrays.fill(numbers, -7);
        }

        private static float[] random(Random random, int length, double density) {
            float[] values = new float[length];
            for (int i = 0; i < length; i++) {
                values[i] = random.nextDouble() < density ? (float) random.nextGaussian() : 0;
            }
            return values;
        }

        private static float[] garbage(int length) {
            float[] values = new float[length];
            Arrays.fill(values, Float.NaN);
            return values;
        }

        private static float[] cut(float[] values, int length) {
            for (int i = 0; i < MARGIN; i++) {
                assertThat(values[i]).isNaN();
                assertThat(values[MARGIN + length + i]).isNaN();
            }
            return Arrays.copyOfRange(values, MARGIN, MARGIN + length);
        }

        void list() {
            sparse.lists().make(products, dy, 0, values, 0, numbers, 0);
        }

        float[] packed() {
            float[] packed = garbage(sparse.kernel());
            sparse.pack(w, 0, packed, 0);
            return packed;
        }

        /** Empty where the kernel leaves it to the dense one. */
        float[] dx() {
            float[] packed = packed();
            if (!sparse.hasInputGradient(numbers, 0, packed, 0)) {
                return new float[0];
            }
            float[] dx = garbage(x.length + 2 * MARGIN);
            sparse.inputGradient(values, 0, numbers, 0, packed, 0, dx, MARGIN, garbage(sparse.scratch()), 0);
            return cut(dx, x.length);
        }

        float[] denseDx() {
            float[] packed = new float[dense.inputGradientKernel()];
            dense.packInputGradient(w, 0, packed, 0);
            float[] dx = new float[x.length];
            for (int part = 0; part < dense.inputGradientParts(); part++) {
                dense.inputGradient(part, dy, 0, packed, 0, dx, 0, new float[dense.inputGradientScratch()], 0);
            }
            return dx;
        }

        /** Three times the image's, empty where the kernel leaves it to the dense one. */
        float[] dw() {
            if (!sparse.hasKernelGradient(numbers, 0, x, 0)) {
                return new float[0];
            }
            float[] sum = garbage(sparse.kernelGradient() + 2 * MARGIN);
            for (int i = 0; i < 3; i++) {
                sparse.kernelGradient(values, 0, numbers, 0, x, 0, sum, MARGIN, i > 0, garbage(sparse.scratch()), 0);
            }
            return unpacked(sum);
        }

        private float[] unpacked(float[] sum) {
            float[] gradient = new float[w.length];
            int out = dense.shape().outChannels();
            sparse.addTo(0, out / 2, cut(sum, sparse.kernelGradient()), 0, gradient, 0);
            sparse.addTo(out / 2, out, cut(sum, sparse.kernelGradient()), 0, gradient, 0);
            return gradient;
        }

        /** What {@link #dx} and {@link #dw} give, in one pass. */
        List<float[]> both() {
            float[] dx = garbage(x.length + 2 * MARGIN);
            float[] sum = garbage(sparse.kernelGradient() + 2 * MARGIN);
            for (int i = 0; i < 3; i++) {
                sparse.gradients(values, 0, numbers, 0, packed(), 0, dx, MARGIN, x, 0, sum, MARGIN, i > 0,
                        garbage(sparse.scratch()), 0);
            }
            return List.of(cut(dx, x.length), unpacked(sum));
        }

        float[] denseDw() {
            float[] sum = new float[dense.kernelGradient()];
            for (int i = 0; i < 3; i++) {
                dense.kernelGradient(1, x, 0, dy, 0, sum, 0, i > 0, new float[dense.kernelGradientScratch()], 0);
            }
            float[] gradient = new float[w.length];
            dense.storeKernelGradient(0, dense.shape().outChannels(), sum, 0, gradient, 0);
            return gradient;
        }
    }

    private static void assertClose(float[] actual, float[] expected, String what) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        double largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).as("%s at %d", what, i).isEqualTo(expected[i], within(TOLERANCE * largest));
        }
    }

    private static final List<ConvolutionShape> SHAPES = List.of(SAME, shape(16, 9, 11, 8, 1, 1, 1, 0, 1),
            shape(32, 8, 8, 6, 5, 1, 1, 2, 1), shape(20, 9, 7, 5, 3, 2, 1, 1, 1), shape(40, 9, 9, 6, 2, 3, 2, 0, 2),
            shape(17, 6, 6, 10, 3, 1, 1, 0, 1), shape(19, 7, 5, 3, 4, 4, 1, 3, 1), shape(16, 9, 9, 4, 3, 1, 2, 2, 1),
            shape(18, 12, 12, 3, 6, 1, 1, 1, 1),
            new ConvolutionShape(16, 6, 8, 4, 2, 2, 1, 1, 1, 1, -1, 0, 2, -2, 1));

    @ParameterizedTest
    @MethodSource("implementations")
    void strides_dilations_paddings_kernels_and_groups_agree_with_the_dense_gradients(Products products) {
        for (ConvolutionShape shape : SHAPES) {
            for (double density : new double[] {0, 0.02, 0.13}) {
                var run = new Run(products, shape, density);
                run.list();
                assertClose(run.dx(), run.denseDx(), shape + " dx");
                assertClose(run.dw(), run.denseDw(), shape + " dw");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void both_gradients_in_one_pass_have_the_bits_of_each_alone(Products products) {
        for (ConvolutionShape shape : SHAPES) {
            var run = new Run(products, shape, 0.12);
            run.list();
            assertThat(run.both()).as(shape.toString()).usingRecursiveComparison()
                    .isEqualTo(List.of(run.dx(), run.dw()));
        }
    }

    @Test
    void both_implementations_give_the_same_bits() {
        for (ConvolutionShape shape : List.of(shape(35, 9, 7, 12, 3, 1, 1, 1, 1), shape(35, 9, 9, 6, 5, 1, 1, 2, 1))) {
            var vector = new Run(Products.best(), shape, 0.12);
            var scalar = new Run(Products.scalar(), shape, 0.12);
            vector.list();
            scalar.list();
            assertThat(vector.dx()).isEqualTo(scalar.dx());
            assertThat(vector.dw()).isEqualTo(scalar.dw());
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void what_is_dense_is_left_to_the_dense_gradients(Products products) {
        var run = new Run(products, SAME, 0.5);
        run.list();
        assertThat(EntryLists.exist(run.numbers, 0)).isFalse();
        assertThat(run.dx()).isEmpty();
        assertThat(run.dw()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void what_zero_must_not_hide_is_left_to_the_dense_gradients(float planted) {
        for (Products products : implementations().toList()) {
            var kernel = new Run(products, SAME, 0.1);
            kernel.w[1234] = planted;
            kernel.list();
            assertThat(kernel.dx()).isEmpty();
            assertThat(kernel.dw()).isNotEmpty();
            var image = new Run(products, SAME, 0.1);
            image.x[image.x.length - 1] = planted;
            image.list();
            assertThat(image.dx()).isNotEmpty();
            assertThat(image.dw()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void nan_among_the_entries_reaches_what_it_reaches_in_the_dense_gradients(Products products) {
        var run = new Run(products, SAME, 0.1);
        run.dy[(5 * 14 + 6) * 64 + 7] = Float.NaN;
        run.list();
        assertThat(nans(run.dx())).isEqualTo(nans(run.denseDx()));
        assertThat(nans(run.dw())).isEqualTo(nans(run.denseDw()));
    }

    private static List<Integer> nans(float[] values) {
        return Stream.iterate(0, i -> i < values.length, i -> i + 1).filter(i -> Float.isNaN(values[i])).toList();
    }

    /** The lists of a pooling's gradient, made from what is spread, hold the same entries as those of the whole; so many, or none. */
    @ParameterizedTest
    @MethodSource("implementations")
    void lists_of_what_a_pooling_spreads_are_those_of_the_whole(Products products) {
        var window = new Window2d(2, 2, 2, 3, 1, 1, 0, 0, 0, 0);
        int channels = 37;
        var lists = new EntryLists(9 * 11, channels);
        for (double density : new double[] {0, 0.1, 0.4, 1}) {
            var random = new Random(5);
            float[] pooled = Run.random(random, 4 * 4 * channels, density);
            float[] winners = new float[pooled.length];
            for (int i = 0; i < winners.length; i++) {
                winners[i] = random.nextInt(4);
            }
            float[] whole = new float[9 * 11 * channels];
            Pooling.maxPoolScatter(window, winners, 0, pooled, 0, 9, 11, channels, whole, 0);
            float[] expected = new float[lists.values()];
            int[] expectedNumbers = new int[lists.numbers()];
            lists.make(products, whole, 0, expected, 0, expectedNumbers, 0);
            float[] values = new float[lists.values()];
            int[] numbers = new int[lists.numbers()];
            lists.makeSpread(products, pooled, 0, winners, 0, Pooling.firstPlaces(window, 9, 11), 11, values, 0,
                    numbers, 0);
            assertThat(EntryLists.exist(numbers, 0)).isEqualTo(EntryLists.exist(expectedNumbers, 0));
            if (EntryLists.exist(numbers, 0)) {
                assertThat(columns(lists, values, numbers)).isEqualTo(columns(lists, expected, expectedNumbers));
            }
        }
    }

    /** The values of each column by their rows. */
    private static List<Map<Integer, Float>> columns(EntryLists lists, float[] values, int[] numbers) {
        List<Map<Integer, Float>> columns = new ArrayList<>();
        for (int column = 0; column < lists.columns(); column++) {
            Map<Integer, Float> entries = new HashMap<>();
            for (int i = numbers[column]; i < numbers[column + 1]; i++) {
                assertThat(entries.put(numbers[lists.entries() + i], values[i])).isNull();
            }
            columns.add(entries);
        }
        return columns;
    }
}
