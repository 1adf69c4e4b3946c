package dev.cambium.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.cambium.CambiumException;
import dev.cambium.backend.Backends;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Executable;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.LayerPath;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Philox;
import dev.cambium.tensor.RandomStream;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;
import dev.cambium.tensor.Window2d;

/** Every primitive on values that can be checked by hand, and the contract of a backend. */
class ReferenceBackendTest {
    private static final TensorType SCALAR = new TensorType(DType.FLOAT32, Shape.scalar());

    private static Tensor floats(float... values) {
        return Tensor.constant(NdArray.of(Shape.of(values.length), values));
    }

    private static Tensor doubles(double... values) {
        return Tensor.constant(NdArray.of(Shape.of(values.length), values));
    }

    private static Tensor ints(int... values) {
        return Tensor.constant(NdArray.of(Shape.of(values.length), values));
    }

    private static Tensor longs(long... values) {
        return Tensor.constant(NdArray.of(Shape.of(values.length), values));
    }

    private static Tensor bytes(int... values) {
        return ints(values).cast(DType.UINT8);
    }

    private static Tensor bools(boolean... values) {
        return Tensor.constant(NdArray.of(Shape.of(values.length), values));
    }

    private static Tensor image(int height, int width, float... values) {
        return Tensor.constant(NdArray.of(Shape.of(1, 1, height, width), values));
    }

    private static double[] reals(Tensor tensor) {
        return ReferenceBackend.evaluate(tensor).toDoubleArray();
    }

    private static long[] integers(Tensor tensor) {
        return ReferenceBackend.evaluate(tensor).toLongArray();
    }

    // ---- elementwise

    @Test
    void functions_of_one_real_number() {
        double nan = Double.NaN;
        assertThat(reals(doubles(2, -0.0).neg())).containsExactly(-2, 0.0);
        assertThat(reals(doubles(-2, 3).abs())).containsExactly(2, 3);
        assertThat(reals(doubles(-2, 0, 3, nan).sign())).containsExactly(-1, 0, 1, nan);
        assertThat(reals(doubles(0, 1).exp())).containsExactly(1, Math.E);
        assertThat(reals(doubles(1e-20).expm1())).containsExactly(1e-20);
        assertThat(reals(doubles(Math.E, 0, -1).log())).containsExactly(1, Double.NEGATIVE_INFINITY, nan);
        assertThat(reals(doubles(1e-20).log1p())).containsExactly(1e-20);
        assertThat(reals(doubles(9, -1).sqrt())).containsExactly(3, nan);
        assertThat(reals(doubles(4, 0).rsqrt())).containsExactly(0.5, Double.POSITIVE_INFINITY);
        assertThat(reals(doubles(4, -0.0).reciprocal())).containsExactly(0.25, Double.NEGATIVE_INFINITY);
        assertThat(reals(doubles(0).sin())).containsExactly(0);
        assertThat(reals(doubles(0).cos())).containsExactly(1);
        assertThat(reals(doubles(0, 1e9).tanh())).containsExactly(0, 1);
        assertThat(reals(doubles(0, 1e9, -1e9).sigmoid())).containsExactly(0.5, 1, 0);
        assertThat(reals(doubles(-1.5, 1.5).floor())).containsExactly(-2, 1);
        assertThat(reals(doubles(-1.5, 1.5).ceil())).containsExactly(-1, 2);
        assertThat(reals(doubles(0.5, 1.5, 2.5, -0.5).round())).containsExactly(0, 2, 2, -0.0);
    }

    /** Values of Abramowitz and Stegun, table 7.1, and of Wolfram Alpha for 3 and −1. */
    @Test
    void the_error_function_agrees_with_published_tables() {
        assertThat(reals(doubles(0, 0.5, 1, 2, 3, -1, 7, -7, Double.POSITIVE_INFINITY).erf())).containsExactly(
                new double[] {0, 0.5204998778130465, 0.8427007929497149, 0.9953222650189527, 0.9999779095030014,
                        -0.8427007929497149, 1, -1, 1},
                within(4e-16));
        assertThat(reals(doubles(1e-300, Double.NaN).erf())).containsExactly(1e-300 * 2 / Math.sqrt(Math.PI),
                Double.NaN);
    }

    @Test
    void functions_of_two_real_numbers() {
        Tensor a = doubles(7, -1, Double.NaN);
        Tensor b = doubles(2, 3, 1);
        assertThat(reals(a.add(b))).containsExactly(9, 2, Double.NaN);
        assertThat(reals(a.sub(b))).containsExactly(5, -4, Double.NaN);
        assertThat(reals(a.mul(b))).containsExactly(14, -3, Double.NaN);
        assertThat(reals(a.div(2))).containsExactly(3.5, -0.5, Double.NaN);
        assertThat(reals(a.pow(b))).containsExactly(49, -1, Double.NaN);
        assertThat(reals(a.max(b))).containsExactly(7, 3, Double.NaN);
        assertThat(reals(a.min(b))).containsExactly(2, -1, Double.NaN);
        assertThat(reals(b.min(a))).containsExactly(2, -1, Double.NaN);
    }

    @Test
    void one_to_any_power_and_any_number_to_the_power_0_are_1() {
        double nan = Double.NaN;
        double infinity = Double.POSITIVE_INFINITY;
        assertThat(reals(doubles(1, 1, -1, -1, nan, 0, infinity)
                .pow(doubles(nan, infinity, infinity, -infinity, 0, 0, 0)))).containsExactly(1, 1, 1, 1, 1, 1, 1);
    }

    @Test
    void integers_wrap_at_their_width() {
        assertThat(integers(ints(Integer.MAX_VALUE).add(1))).containsExactly(Integer.MIN_VALUE);
        assertThat(integers(longs(Long.MAX_VALUE).add(1))).containsExactly(Long.MIN_VALUE);
        assertThat(integers(bytes(250).add(bytes(10)))).containsExactly(4);
        assertThat(integers(bytes(3).neg())).containsExactly(253);
        assertThat(integers(ints(Integer.MIN_VALUE).abs())).containsExactly(Integer.MIN_VALUE);
        assertThat(integers(longs(3_000_000_019L).mul(longs(3_000_000_077L))))
                .containsExactly(3_000_000_019L * 3_000_000_077L);
    }

    @Test
    void integers_divide_towards_zero_and_never_by_zero() {
        assertThat(integers(ints(7, -7, Integer.MIN_VALUE).div(ints(2, 2, -1)))).containsExactly(3, -3,
                Integer.MIN_VALUE);
        assertThat(integers(bytes(255).div(bytes(2)))).containsExactly(127);
        Tensor quotient = LayerPath.within("net/half", () -> ints(1).div(ints(0)));
        assertThatThrownBy(() -> integers(quotient)).isInstanceOf(CambiumException.class)
                .hasMessage("net/half: an integer is divided by zero");
    }

    @Test
    void bits_of_integers_and_truth_values() {
        assertThat(integers(ints(12).and(ints(10)))).containsExactly(8);
        assertThat(integers(ints(12).or(ints(10)))).containsExactly(14);
        assertThat(integers(bytes(12).xor(bytes(10)))).containsExactly(6);
        assertThat(integers(ints(0).not())).containsExactly(-1);
        assertThat(integers(bytes(1).not())).containsExactly(254);
        assertThat(integers(bools(true, false).not())).containsExactly(0, 1);
        assertThat(integers(bools(true, false).and(bools(true, true)))).containsExactly(1, 0);
        assertThat(integers(ints(1, 1).shiftLeft(ints(31, 33)))).containsExactly(Integer.MIN_VALUE, 2);
        assertThat(integers(ints(-1, -1).shiftRight(ints(31, 0)))).containsExactly(1, -1);
        assertThat(integers(longs(-1).shiftRight(longs(60)))).containsExactly(15);
    }

    @Test
    void comparisons_with_nan_are_false_but_for_ne() {
        Tensor a = doubles(1, 2, Double.NaN);
        Tensor b = doubles(2, 2, Double.NaN);
        assertThat(integers(a.eq(b))).containsExactly(0, 1, 0);
        assertThat(integers(a.ne(b))).containsExactly(1, 0, 1);
        assertThat(integers(a.lt(b))).containsExactly(1, 0, 0);
        assertThat(integers(a.le(b))).containsExactly(1, 1, 0);
        assertThat(integers(a.gt(b))).containsExactly(0, 0, 0);
        assertThat(integers(a.ge(b))).containsExactly(0, 1, 0);
        assertThat(integers(longs(Long.MAX_VALUE).gt(longs(Long.MAX_VALUE - 1)))).containsExactly(1);
        assertThat(integers(bytes(200).gt(bytes(100)))).containsExactly(1);
    }

    @Test
    void select_takes_each_element_from_one_side() {
        assertThat(reals(Tensor.select(bools(true, false), floats(1, 2), floats(3, 4)))).containsExactly(1, 4);
    }

    @Test
    void casts_are_those_of_java() {
        assertThat(integers(doubles(1.9, -1.9, 1e20, Double.NaN).cast(DType.INT32))).containsExactly(1, -1,
                Integer.MAX_VALUE, 0);
        assertThat(integers(doubles(1e20).cast(DType.INT64))).containsExactly(Long.MAX_VALUE);
        assertThat(integers(doubles(300, -1).cast(DType.UINT8))).containsExactly(44, 255);
        assertThat(integers(doubles(0, -0.0, 0.1, Double.NaN).cast(DType.BOOL))).containsExactly(0, 0, 1, 1);
        assertThat(integers(longs(1L << 32).cast(DType.INT32))).containsExactly(0);
        assertThat(reals(longs((1L << 60) + (1L << 36) + 1).cast(DType.FLOAT32)))
                .containsExactly((float) ((1L << 60) + (1L << 36) + 1));
        assertThat(reals(bools(true).cast(DType.FLOAT32))).containsExactly(1);
        assertThat(reals(doubles(1 + 0x1p-11, 70000).cast(DType.FLOAT16))).containsExactly(1, Double.POSITIVE_INFINITY);
        assertThat(reals(doubles(1 + 0x1p-8, 1 + 0x3p-8, 1e39).cast(DType.BFLOAT16))).containsExactly(1, 1 + 0x1p-6,
                Double.POSITIVE_INFINITY);
        assertThat(reals(doubles(Double.NaN).cast(DType.BFLOAT16))).containsExactly(Double.NaN);
    }

    // ---- precision

    @Test
    void the_rounding_backend_rounds_each_result_and_the_exact_one_none() {
        Tensor sum = floats(1).add(floats(1e-9f)).sub(floats(1));
        assertThat(reals(sum)).containsExactly(0);
        NdArray exact = ReferenceBackend.exact().run(Graph.of("value", sum), Map.of()).firstEntry().getValue();
        assertThat(exact.dtype()).isEqualTo(DType.FLOAT64);
        assertThat(exact.getDouble(0)).isCloseTo(1e-9, within(1e-15));
    }

    @Test
    void sums_are_rounded_once() {
        assertThat(reals(floats(1, 0x1p-24f, 0x1p-24f).sum())).containsExactly(1 + 0x1p-23);
    }

    // ---- leaves

    @Test
    void iota_counts_along_its_axis() {
        Tensor iota = Tensor.iota(new TensorType(DType.INT64, Shape.of(2, 3)), 1);
        assertThat(integers(iota)).containsExactly(0, 1, 2, 0, 1, 2);
    }

    @Test
    void random_bits_are_those_of_philox() {
        Tensor seed = Tensor.constant(NdArray.scalar(5L));
        Tensor step = Tensor.constant(NdArray.scalar(6L));
        assertThat(integers(new RandomStream(seed, step, 7).bits(Shape.of(2, 3)))).containsExactly(
                Philox.bits(5, 7, 6, 0), Philox.bits(5, 7, 6, 1), Philox.bits(5, 7, 6, 2), Philox.bits(5, 7, 6, 3),
                Philox.bits(5, 7, 6, 4), Philox.bits(5, 7, 6, 5));
    }

    // ---- reduction

    @Test
    void reductions_combine_along_their_axes() {
        Tensor x = floats(1, 2, 3, 4, 5, 6).reshape(2, 3);
        assertThat(reals(x.sum(0))).containsExactly(5, 7, 9);
        assertThat(reals(x.sum(1))).containsExactly(6, 15);
        assertThat(reals(x.max(1))).containsExactly(3, 6);
        assertThat(reals(x.min(0, 1))).containsExactly(1);
        assertThat(reals(floats(1, Float.NaN, 3).max())).containsExactly(Double.NaN);
        assertThat(integers(ints(Integer.MAX_VALUE, 1).sum())).containsExactly(Integer.MIN_VALUE);
    }

    @Test
    void reductions_of_nothing_give_the_neutral_element() {
        assertThat(reals(floats().sum())).containsExactly(0);
        assertThat(reals(floats().max())).containsExactly(Double.NEGATIVE_INFINITY);
        assertThat(reals(floats().min())).containsExactly(Double.POSITIVE_INFINITY);
        assertThat(integers(ints().max())).containsExactly(Integer.MIN_VALUE);
        assertThat(integers(longs().min())).containsExactly(Long.MAX_VALUE);
        assertThat(integers(bytes().min())).containsExactly(255);
    }

    @Test
    void arg_max_finds_the_first_of_the_largest_and_nan_is_largest() {
        assertThat(integers(floats(1, 3, 3, 2).argMax(0))).containsExactly(1);
        assertThat(integers(floats(1, Float.NaN, 5, Float.NaN).argMax(0))).containsExactly(1);
        assertThat(integers(ints(1, 2, 4, 3).reshape(2, 2).argMax(1))).containsExactly(1, 0);
        assertThat(integers(ints(1, 2, 4, 3).reshape(2, 2).argMax(0))).containsExactly(1, 1);
    }

    // ---- shape

    @Test
    void movements_of_elements() {
        Tensor x = ints(1, 2, 3, 4, 5, 6).reshape(2, 3);
        assertThat(integers(x.transpose())).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(integers(x.reshape(1, 2, 3).transpose(2, 0, 1))).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(integers(ints(1, 2).reshape(2, 1).broadcastTo(Shape.of(2, 2, 3))))
                .containsExactly(1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2);
        assertThat(integers(x.slice(1, 0, 3, 2))).containsExactly(1, 3, 4, 6);
        assertThat(integers(x.slice(0, 1, 2))).containsExactly(4, 5, 6);
        assertThat(integers(x.pad(1, 1, 2))).containsExactly(0, 1, 2, 3, 0, 0, 0, 4, 5, 6, 0, 0);
        assertThat(integers(Tensor.of(new Op.Pad(List.of(1), List.of(0), List.of(2)),
                new TensorType(DType.INT32, Shape.of(8)), ints(1, 2, 3)))).containsExactly(0, 1, 0, 0, 2, 0, 0, 3);
        assertThat(integers(Tensor.concat(1, List.of(x, x.slice(1, 0, 1))))).containsExactly(1, 2, 3, 1, 4, 5, 6, 4);
        assertThat(integers(x.reverse(0))).containsExactly(4, 5, 6, 1, 2, 3);
        assertThat(integers(x.reverse(0, 1))).containsExactly(6, 5, 4, 3, 2, 1);
    }

    // ---- tables

    @Test
    void gather_takes_rows_and_scatter_add_puts_them_back() {
        Tensor table = floats(1, 2, 3, 4, 5, 6).reshape(3, 2);
        assertThat(reals(table.gather(longs(2, 0, 2)))).containsExactly(5, 6, 1, 2, 5, 6);
        assertThat(reals(table.scatterAdd(longs(2, 0, 2), floats(1, 1, 10, 10, 100, 100).reshape(3, 2))))
                .containsExactly(11, 12, 3, 4, 106, 107);
        assertThat(integers(ints(1, 2).scatterAdd(longs(1, 1), ints(5, 6)))).containsExactly(1, 13);
    }

    @Test
    void an_index_outside_its_table_is_named() {
        Tensor row = LayerPath.within("net/embedding", () -> floats(1, 2, 3).gather(longs(3)));
        assertThatThrownBy(() -> reals(row)).isInstanceOf(CambiumException.class)
                .hasMessage("net/embedding: index 3 is outside the table of 3 rows");
        assertThatThrownBy(() -> reals(floats(1).scatterAdd(longs(-1), floats(1)))).isInstanceOf(CambiumException.class)
                .hasMessage("index -1 is outside the table of 1 rows");
    }

    // ---- products, convolution, pooling

    @Test
    void matrix_products_run_over_leading_axes() {
        Tensor a = floats(1, 2, 3, 4, 5, 6, 7, 8).reshape(2, 2, 2);
        Tensor b = floats(1, 10).reshape(2, 1);
        assertThat(reals(a.matmul(b))).containsExactly(21, 43, 65, 87);
    }

    @Test
    void convolution_slides_the_weights_without_turning_them() {
        Tensor image = image(3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        Tensor weights = image(2, 2, 1, 10, 100, 1000);
        assertThat(reals(image.conv2d(weights, Window2d.square(2, 1), 1))).containsExactly(5421, 6532, 8754, 9865);
        assertThat(reals(image.conv2d(weights, Window2d.square(2, 2).padded(1), 1))).containsExactly(1000, 3200, 7040,
                9865);
        assertThat(reals(image.conv2d(weights, new Window2d(2, 2, 1, 1, 2, 2, 0, 0, 0, 0), 1))).containsExactly(9731);
    }

    @Test
    void groups_of_a_convolution_see_their_own_channels() {
        Tensor images = floats(2, 3, 5, 7).reshape(1, 4, 1, 1);
        Tensor weights = floats(1, 10, 100, 1000).reshape(2, 2, 1, 1);
        assertThat(reals(images.conv2d(weights, Window2d.square(1, 1), 2))).containsExactly(32, 7500);
    }

    @Test
    void gradients_of_a_convolution_spread_and_collect() {
        var window = Window2d.square(2, 1);
        TensorType small = new TensorType(DType.FLOAT32, Shape.of(1, 1, 2, 2));
        TensorType large = new TensorType(DType.FLOAT32, Shape.of(1, 1, 3, 3));
        Tensor image = image(3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        Tensor weights = image(2, 2, 1, 10, 100, 1000);
        Tensor gradient = image(2, 2, 1, 0, 0, 2);
        assertThat(reals(Tensor.of(new Op.Conv2dInputGradient(window, 1), large, gradient, weights)))
                .containsExactly(1, 10, 0, 100, 1002, 20, 0, 200, 2000);
        assertThat(reals(Tensor.of(new Op.Conv2dWeightGradient(window, 1), small, image, gradient)))
                .containsExactly(11, 14, 20, 23);
    }

    @Test
    void max_pooling_never_takes_the_padding_and_takes_the_first_of_equals() {
        var window = Window2d.square(2, 2).padded(1);
        Tensor image = image(2, 2, -1, -2, -3, -4);
        assertThat(reals(image.maxPool2d(window))).containsExactly(-1, -2, -3, -4);
        Tensor equal = image(1, 4, 3, 3, Float.NaN, Float.NaN);
        var row = new Window2d(1, 2, 1, 2, 1, 1, 0, 0, 0, 0);
        assertThat(reals(equal.maxPool2d(row))).containsExactly(3, Double.NaN);
        Tensor gradient = image(1, 2, 10, 20);
        assertThat(reals(Tensor.of(new Op.MaxPool2dGradient(row), equal.type(), equal, gradient)))
                .containsExactly(10, 0, 20, 0);
        assertThat(reals(Tensor.of(new Op.MaxPool2dPick(row), gradient.type(), equal, image(1, 4, 1, 2, 3, 4))))
                .containsExactly(1, 3);
    }

    @Test
    void sum_pooling_counts_padding_as_zero() {
        var window = Window2d.square(2, 2).padded(1);
        assertThat(reals(image(3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9).avgPool2d(window))).containsExactly(0.25, 1.25, 2.75,
                7);
        TensorType large = new TensorType(DType.FLOAT32, Shape.of(1, 1, 3, 3));
        assertThat(reals(Tensor.of(new Op.SumPool2dGradient(window), large, image(2, 2, 1, 2, 3, 4))))
                .containsExactly(1, 2, 2, 3, 4, 4, 3, 4, 4);
    }

    // ---- regions and whole graphs

    @Test
    void a_region_is_computed_by_its_body() {
        Tensor twice = Tensor.region("difference", List.of(floats(5), floats(3)), in -> in.get(0).sub(in.get(1)));
        Tensor nested = Tensor.region("outer", List.of(twice, twice),
                in -> Tensor.region("inner", List.of(in.get(1)), x -> x.get(0).mul(10)).add(in.get(0)));
        assertThat(reals(nested)).containsExactly(22);
    }

    @Test
    void reads_see_the_values_before_the_run_and_updates_take_effect_together() {
        var a = new Variable("a", SCALAR, Variable.Role.PARAMETER);
        var b = new Variable("b", SCALAR, Variable.Role.PARAMETER);
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("sum", a.read().add(b.read()));
        SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
        updates.put(a, b.read());
        updates.put(b, a.read().add(10));
        try (var backend = ReferenceBackend.rounded();
                Buffer first = backend.buffer(NdArray.scalar(1f));
                Buffer second = backend.buffer(NdArray.scalar(2f));
                Executable step = backend.compile(new Graph(outputs, updates), Map.of(a, first, b, second))) {
            assertThat(step.run(Map.of())).containsExactly(Map.entry("sum", NdArray.scalar(3f)));
            assertThat(first.read().item()).isEqualTo(2);
            assertThat(second.read().item()).isEqualTo(11);
            second.write(NdArray.scalar(5f));
            assertThat(step.run(Map.of())).containsExactly(Map.entry("sum", NdArray.scalar(7f)));
        }
    }

    @Test
    void inputs_are_checked() {
        Graph graph = Graph.of("y", Tensor.input("x", SCALAR).add(1));
        var backend = ReferenceBackend.rounded();
        assertThat(backend.run(graph, Map.of("x", NdArray.scalar(2f), "unused", NdArray.scalar(3f))))
                .containsExactly(Map.entry("y", NdArray.scalar(3f)));
        assertThatIllegalArgumentException().isThrownBy(() -> backend.run(graph, Map.of()))
                .withMessage("input x must be float32[], but is missing");
        assertThatIllegalArgumentException().isThrownBy(() -> backend.run(graph, Map.of("x", NdArray.scalar(2L))))
                .withMessage("input x must be float32[], but is int64[]");
    }

    @Test
    void variables_need_open_buffers_of_their_type() {
        var variable = new Variable("w", SCALAR, Variable.Role.PARAMETER);
        Graph graph = Graph.of("y", variable.read());
        var backend = ReferenceBackend.rounded();
        assertThatIllegalArgumentException().isThrownBy(() -> backend.compile(graph, Map.of()))
                .withMessageContaining("has no buffer of this backend");
        try (Buffer wrong = backend.buffer(NdArray.scalar(1L))) {
            assertThatIllegalArgumentException().isThrownBy(() -> backend.compile(graph, Map.of(variable, wrong)))
                    .withMessage("variable w is float32[], but its buffer is int64[]");
            assertThatIllegalArgumentException().isThrownBy(() -> wrong.write(NdArray.scalar(1f)))
                    .withMessage("float32[] is written to a buffer of int64[]");
        }
    }

    @Test
    void what_is_used_after_closing_or_never_closed_is_an_error() {
        var variable = new Variable("w", SCALAR, Variable.Role.PARAMETER);
        var backend = ReferenceBackend.rounded();
        Buffer buffer = backend.buffer(NdArray.scalar(1f));
        Executable executable = backend.compile(Graph.of("y", variable.read()), Map.of(variable, buffer));
        assertThatIllegalStateException().isThrownBy(backend::close).withMessageStartingWith("still open: ");
        buffer.close();
        buffer.close();
        assertThatIllegalStateException().isThrownBy(buffer::read)
                .withMessage("used after it was closed: buffer of float32[]");
        assertThatIllegalStateException().isThrownBy(() -> executable.run(Map.of()))
                .withMessageStartingWith("used after it was closed: ");
        executable.close();
        executable.close();
        backend.close();
    }

    @Test
    void half_precision_values_pass_through_unchanged() {
        Tensor halves = floats(1.5f, -2).cast(DType.FLOAT16);
        NdArray array = ReferenceBackend.evaluate(halves);
        assertThat(array.type()).hasToString("float16[2]");
        assertThat(ReferenceBackend.evaluate(Tensor.constant(array))).isEqualTo(array);
    }

    /** On the module path a provider inside the module of the api is no service. */
    @Test
    @Tag("classpath")
    void the_backend_is_found_by_its_name() {
        if (ReferenceBackend.class.getModule().isNamed()) {
            assertThat(Backends.discover()).isEmpty();
        } else {
            assertThat(Backends.open().name()).isEqualTo("reference");
            assertThat(doubles(1, 2).add(1).value().toDoubleArray()).containsExactly(2, 3);
        }
        assertThatThrownBy(() -> new ReferenceBackendProvider("gpu").open())
                .isInstanceOf(CambiumException.class)
                .hasMessage("backend 'reference' has no device 'gpu'; it has: cpu");
    }
}
