package dev.cambium.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.cambium.CambiumException;
import dev.cambium.reference.ReferenceBackend;

/** What types results have, and what is said when operands do not fit; values are checked in the reference backend's tests. */
class TensorTest {
    private static Tensor floats(int... dims) {
        return Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(dims)));
    }

    private static Tensor of(DType dtype, int... dims) {
        return Tensor.input("x", new TensorType(dtype, Shape.of(dims)));
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(ShapeException.class).isInstanceOf(CambiumException.class)
                .hasMessage(message);
    }

    // ---- messages

    @Test
    void messages_start_with_the_path_of_the_layer() {
        refused(() -> LayerPath.within("cnn/fc1", () -> floats(50, 3136).matmul(floats(784, 1000))),
                "cnn/fc1: matmul: float32[50, 3136] and float32[784, 1000] do not fit: the last axis of the first must match the "
                        + "last but one of the second");
        assertThat(LayerPath.current()).isEmpty();
    }

    @Test
    void a_tensor_remembers_the_layer_that_made_it() {
        Tensor inner = LayerPath.within("net", () -> LayerPath.within("net/conv", () -> floats(2).exp()));
        assertThat(inner.path()).isEqualTo("net/conv");
        assertThat(floats(2).path()).isEmpty();
        assertThat(inner).hasToString("exp float32[2]");
    }

    @Test
    void shapes_that_do_not_broadcast_are_named_with_the_axis() {
        refused(() -> floats(2, 3).add(floats(2, 4)),
                "add: the shapes [2, 3] and [2, 4] do not broadcast: 3 and 4 differ at axis −1");
        refused(() -> floats(2, 3).lt(floats(3, 3)),
                "lt: the shapes [2, 3] and [3, 3] do not broadcast: 2 and 3 differ at axis −2");
        refused(() -> floats(2).broadcastTo(Shape.of(2, 3)), "broadcast: float32[2] does not fit [2, 3]");
        refused(() -> floats(2, 3).broadcastTo(Shape.of(3)), "broadcast: float32[2, 3] does not fit [3]");
    }

    @Test
    void element_types_must_agree() {
        refused(() -> floats(2).mul(of(DType.FLOAT64, 2)),
                "mul: element types differ: float32[2] and float64[2]; cast one of them");
        refused(() -> floats(2).eq(of(DType.INT64, 2)),
                "eq: element types differ: float32[2] and int64[2]; cast one of them");
        refused(() -> Tensor.select(of(DType.BOOL, 2), floats(2), of(DType.INT32, 2)),
                "select: element types differ: float32[2] and int32[2]");
        refused(() -> Tensor.select(floats(2), floats(2), floats(2)),
                "select: the condition must be bool, but is float32[2]");
    }

    @Test
    void operations_refuse_element_types_that_they_make_no_sense_for() {
        refused(() -> of(DType.INT32, 2).exp(), "exp: not for elements of type int32[2]");
        refused(() -> of(DType.BOOL, 2).neg(), "neg: not for elements of type bool[2]");
        refused(() -> floats(2).not(), "not: not for elements of type float32[2]");
        refused(() -> of(DType.BOOL, 2).add(of(DType.BOOL, 2)), "add: not for elements of type bool[2]");
        refused(() -> of(DType.INT32, 2).pow(2), "pow: not for elements of type int32[2]");
        refused(() -> floats(2).and(floats(2)), "and: not for elements of type float32[2]");
        refused(() -> of(DType.UINT8, 2).shiftLeft(of(DType.UINT8, 2)),
                "shift_left: not for elements of type uint8[2]");
        refused(() -> of(DType.BOOL, 2).sum(), "reduce_sum: not for elements of type bool[2]");
        assertThat(of(DType.BOOL, 2).max().type()).hasToString("bool[]");
        refused(() -> of(DType.INT32, 2, 2).matmul(of(DType.INT32, 2, 2)),
                "matmul: int32[2, 2] and int32[2, 2] do not fit: the last axis of the first must match the last but one of the "
                        + "second");
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void storage_types_are_moved_and_cast_but_not_computed_with(DType dtype) {
        Tensor x = of(dtype, 1, 2, 2, 2);
        String message = ": " + dtype + " is for storage only; cast to float32 before computing with it";
        refused(() -> x.add(x), "add" + message);
        refused(() -> x.neg(), "neg" + message);
        refused(() -> x.lt(x), "lt" + message);
        refused(() -> x.sum(), "reduce_sum" + message);
        refused(() -> x.argMax(0), "arg_max" + message);
        refused(() -> x.matmul(x), "matmul" + message);
        refused(() -> x.conv2d(x, Window2d.square(2, 1), 1), "conv2d" + message);
        refused(() -> x.maxPool2d(2), "max_pool2d" + message);
        refused(() -> x.avgPool2d(Window2d.square(2, 2)), "avg_pool2d" + message);
        refused(() -> x.scatterAdd(of(DType.INT64, 1), x), "scatter_add" + message);
        refused(() -> x.add(1), message.substring(2));
        assertThat(x.transpose().reshape(8).slice(0, 1, 3).cast(DType.FLOAT32).type()).hasToString("float32[2]");
    }

    @Test
    void a_number_must_be_a_value_of_the_element_type_beside_it() {
        refused(() -> of(DType.INT32, 2).mul(0.5), "0.5 is no value of type int32");
        refused(() -> of(DType.UINT8, 2).sub(-1), "-1.0 is no value of type uint8");
        refused(() -> of(DType.INT32, 2).add(3e9), "3.0E9 is no value of type int32");
        refused(() -> of(DType.INT64, 2).max(Tensor.full(new TensorType(DType.INT64, Shape.of(2)), Double.NaN)),
                "NaN is no value of type int64");
        assertThat(of(DType.INT64, 2).add(1L << 40).type()).hasToString("int64[2]");
        assertThat(floats(2).add(0.1).type()).hasToString("float32[2]");
    }

    @Test
    void an_axis_that_is_not_there_is_named_with_the_operation() {
        Tensor x = floats(2, 3);
        refused(() -> x.sum(2), "reduce_sum: float32[2, 3] has no axis 2");
        refused(() -> x.max(-3), "reduce_max: float32[2, 3] has no axis -3");
        refused(() -> x.argMax(2), "arg_max: float32[2, 3] has no axis 2");
        refused(() -> x.softmax(5), "softmax: float32[2, 3] has no axis 5");
        refused(() -> x.logSoftmax(5), "log_softmax: float32[2, 3] has no axis 5");
        refused(() -> x.flatten(2), "flatten: float32[2, 3] has no axis 2");
        refused(() -> x.squeeze(2), "squeeze: float32[2, 3] has no axis 2");
        refused(() -> x.expand(4), "expand: float32[2, 3] can't get an axis 4");
        refused(() -> x.transpose(0, 2), "transpose: float32[2, 3] has no axis 2");
        refused(() -> x.slice(2, 0, 1), "slice: float32[2, 3] has no axis 2");
        refused(() -> x.index(2, 0), "index: float32[2, 3] has no axis 2");
        refused(() -> x.pad(2, 0, 1), "pad: float32[2, 3] has no axis 2");
        refused(() -> x.reverse(2), "reverse: float32[2, 3] has no axis 2");
        refused(() -> Tensor.concat(2, List.of(x, x)), "concat: float32[2, 3] has no axis 2");
        refused(() -> Tensor.iota(x.type(), 2), "iota: float32[2, 3] has no axis 2");
    }

    // ---- reductions

    @Test
    void reduced_axes_disappear() {
        Tensor x = floats(2, 3, 4);
        assertThat(x.sum().type()).hasToString("float32[]");
        assertThat(x.sum(1).type()).hasToString("float32[2, 4]");
        assertThat(x.mean(0, -1).type()).hasToString("float32[3]");
        assertThat(x.max(-1, 0).op()).isEqualTo(new Op.Reduce(Op.ReduceKind.MAX, List.of(0, 2)));
        assertThat(x.argMax(-1).type()).hasToString("int64[2, 3]");
        assertThat(floats().sum().type()).hasToString("float32[]");
        refused(() -> x.sum(0, -3), "reduce_sum: axes of float32[2, 3, 4] are named twice: [0, -3]");
        refused(() -> floats(2, 0).argMax(1), "arg_max: axis 1 of float32[2, 0] is empty");
    }

    @Test
    void softmax_is_a_region_of_its_inputs_type() {
        Tensor y = floats(2, 3).logSoftmax(-1);
        assertThat(y.type()).hasToString("float32[2, 3]");
        assertThat(y).hasToString("log_softmax float32[2, 3]");
        assertThat(floats(2, 3).softmax(0)).hasToString("softmax float32[2, 3]");
    }

    // ---- shapes

    @Test
    void reshapes_keep_the_number_of_elements() {
        Tensor x = floats(2, 3, 4);
        assertThat(x.reshape(6, 4).type()).hasToString("float32[6, 4]");
        assertThat(x.reshape(2, -1).type()).hasToString("float32[2, 12]");
        assertThat(x.flatten(1).type()).hasToString("float32[2, 12]");
        assertThat(x.flatten(-1)).isSameAs(x);
        assertThat(x.expand(0).type()).hasToString("float32[1, 2, 3, 4]");
        assertThat(x.expand(-1).type()).hasToString("float32[2, 3, 4, 1]");
        assertThat(x.expand(1).squeeze(1).type()).isEqualTo(x.type());
        refused(() -> x.reshape(5), "reshape: float32[2, 3, 4] has 24 elements, [5] takes 5");
        refused(() -> x.reshape(5, -1), "reshape: float32[2, 3, 4] can't take the shape [5, -1]");
        refused(() -> x.reshape(-1, -1), "reshape: float32[2, 3, 4] can't take the shape [-1, -1]");
        refused(() -> x.reshape(-2), "reshape: float32[2, 3, 4] can't take the shape [-2]");
        refused(() -> floats(0).reshape(0, -1), "reshape: float32[0] can't take the shape [0, -1]");
        refused(() -> x.squeeze(1), "squeeze: axis 1 of float32[2, 3, 4] is not of extent 1");
    }

    @Test
    void transposes_permute_all_axes() {
        assertThat(floats(2, 3, 4).transpose(2, 0, -2).type()).hasToString("float32[4, 2, 3]");
        assertThat(floats(2, 3, 4).transpose().type()).hasToString("float32[2, 4, 3]");
        refused(() -> floats(2, 3).transpose(0, 0), "transpose: [0, 0] is no permutation of the axes of float32[2, 3]");
        refused(() -> floats(2, 3).transpose(0), "transpose: [0] is no permutation of the axes of float32[2, 3]");
        refused(() -> floats(2).transpose(), "transpose: float32[2] has fewer than two axes");
    }

    @Test
    void slices_stay_within_their_axis() {
        Tensor x = floats(2, 5);
        assertThat(x.slice(-1, 1, 4).type()).hasToString("float32[2, 3]");
        assertThat(x.slice(1, 0, 5, 2).type()).hasToString("float32[2, 3]");
        assertThat(x.slice(1, 0, 5, Integer.MAX_VALUE).type()).hasToString("float32[2, 1]");
        assertThat(x.slice(1, 3, 3).type()).hasToString("float32[2, 0]");
        assertThat(x.index(1, 4).type()).hasToString("float32[2]");
        refused(() -> x.slice(1, -1, 2), "slice: -1 to 2 by 1 is not within axis 1 of float32[2, 5]");
        refused(() -> x.slice(1, 3, 2), "slice: 3 to 2 by 1 is not within axis 1 of float32[2, 5]");
        refused(() -> x.slice(1, 0, 6), "slice: 0 to 6 by 1 is not within axis 1 of float32[2, 5]");
        refused(() -> x.slice(1, 0, 5, 0), "slice: 0 to 5 by 0 is not within axis 1 of float32[2, 5]");
        refused(() -> x.index(1, 5), "index: 5 is not within axis 1 of float32[2, 5]");
        refused(() -> x.index(-1, -1), "index: -1 is not within axis -1 of float32[2, 5]");
    }

    @Test
    void padding_and_joining_make_axes_longer() {
        Tensor x = floats(2, 3);
        assertThat(x.pad(-1, 1, 2).type()).hasToString("float32[2, 6]");
        assertThat(Tensor.concat(0, List.of(x, floats(4, 3))).type()).hasToString("float32[6, 3]");
        assertThat(Tensor.stack(0, List.of(x, x)).type()).hasToString("float32[2, 2, 3]");
        assertThat(Tensor.stack(-1, List.of(x, x)).type()).hasToString("float32[2, 3, 2]");
        refused(() -> x.pad(0, -1, 0), "pad: -1 before and 0 after axis 0 of float32[2, 3]: neither can be negative");
        refused(() -> Tensor.concat(0, List.of(x, floats(2, 4))),
                "concat: float32[2, 3] and float32[2, 4] differ beside axis 0");
        refused(() -> Tensor.concat(0, List.of(x, of(DType.INT32, 2, 3))),
                "concat: float32[2, 3] and int32[2, 3] differ beside axis 0");
        refused(() -> Tensor.concat(0, List.of()), "concat: nothing to join");
    }

    @Test
    void what_changes_nothing_is_no_operation() {
        Tensor x = floats(2, 3);
        assertThat(x.cast(DType.FLOAT32)).isSameAs(x);
        assertThat(x.reshape(2, 3)).isSameAs(x);
        assertThat(x.broadcastTo(Shape.of(2, 3))).isSameAs(x);
        assertThat(x.reverse()).isSameAs(x);
    }

    // ---- tables

    @Test
    void tables_are_read_and_added_to_by_rows() {
        Tensor table = floats(10, 4, 2);
        Tensor indices = of(DType.INT64, 3, 5);
        assertThat(table.gather(indices).type()).hasToString("float32[3, 5, 4, 2]");
        assertThat(table.scatterAdd(indices, floats(3, 5, 4, 2)).type()).hasToString("float32[10, 4, 2]");
        refused(() -> table.gather(of(DType.INT32, 3)),
                "gather: rows of float32[10, 4, 2] by int32[3]; a table and int64 indices are wanted");
        refused(() -> floats().gather(indices),
                "gather: rows of float32[] by int64[3, 5]; a table and int64 indices are wanted");
        refused(() -> table.scatterAdd(indices, floats(3, 5, 4)),
                "scatter_add: rows float32[3, 5, 4] do not fit the table float32[10, 4, 2] and indices int64[3, 5]");
        refused(() -> of(DType.BOOL, 2).scatterAdd(indices, of(DType.BOOL, 3, 5)),
                "scatter_add: to rows of bool[2] by int64[3, 5]; a table of numbers and int64 indices are wanted");
    }

    @Test
    void one_hot_rows_are_zero_for_labels_outside_the_classes() {
        Tensor labels = Tensor.constant(NdArray.of(Shape.of(3), 1L, -1L, 2L));
        NdArray rows = ReferenceBackend.evaluate(labels.oneHot(2, DType.FLOAT32));
        assertThat(rows).isEqualTo(NdArray.of(Shape.of(3, 2), 0f, 1, 0, 0, 0, 0));
    }

    // ---- products, convolution, pooling

    @Test
    void matrix_products_broadcast_their_leading_axes() {
        assertThat(floats(2, 3).matmul(floats(3, 4)).type()).hasToString("float32[2, 4]");
        assertThat(floats(5, 1, 2, 3).matmul(floats(6, 3, 4)).type()).hasToString("float32[5, 6, 2, 4]");
        refused(() -> floats(3).matmul(floats(3, 4)),
                "matmul: float32[3] and float32[3, 4] do not fit: the last axis of the "
                        + "first must match the last but one of the second");
        refused(() -> floats(2, 2, 3).matmul(floats(3, 3, 4)),
                "matmul: the shapes [2] and [3] do not broadcast: 2 and 3 differ at axis −1");
    }

    @Test
    void convolutions_take_images_and_weights_that_fit() {
        var window = Window2d.square(3, 2).padded(1);
        assertThat(floats(5, 4, 9, 8).conv2d(floats(6, 2, 3, 3), window, 2).type()).hasToString("float32[5, 6, 5, 4]");
        refused(() -> floats(4, 9, 9).conv2d(floats(6, 4, 3, 3), window, 1),
                "conv2d: images float32[4, 9, 9] and weights float32[6, 4, 3, 3]; floating [n, c, h, w] and "
                        + "[o, c / groups, kh, kw] of one type are wanted");
        refused(() -> floats(5, 4, 9, 9).conv2d(floats(6, 4, 3, 3), window, 2),
                "conv2d: images float32[5, 4, 9, 9] do not fit weights float32[6, 4, 3, 3] with 2 groups and a window of 3×3");
        refused(() -> floats(5, 4, 9, 9).conv2d(floats(5, 2, 3, 3), window, 2),
                "conv2d: images float32[5, 4, 9, 9] do not fit weights float32[5, 2, 3, 3] with 2 groups and a window of 3×3");
        refused(() -> floats(5, 4, 9, 9).conv2d(floats(6, 4, 2, 3), window, 1),
                "conv2d: images float32[5, 4, 9, 9] do not fit weights float32[6, 4, 2, 3] with 1 groups and a window of 3×3");
        refused(() -> floats(5, 4, 0, 9).conv2d(floats(6, 4, 3, 3), window, 1),
                "conv2d: the window spans 3×3, but images float32[5, 4, 0, 9] with their padding are only 2×11");
    }

    @Test
    void pools_slide_over_images() {
        assertThat(floats(5, 4, 9, 8).maxPool2d(2).type()).hasToString("float32[5, 4, 4, 4]");
        assertThat(floats(5, 4, 9, 8).avgPool2d(Window2d.square(3, 2).padded(1)).type())
                .hasToString("float32[5, 4, 5, 4]");
        refused(() -> floats(4, 9, 9).maxPool2d(2),
                "max_pool2d: floating images [n, c, h, w] are wanted, not float32[4, 9, 9]");
        refused(() -> floats(5, 4, 9, 9).maxPool2d(Window2d.square(3, 2).padded(2)),
                "max_pool2d: the padding must be at most half of the window 3×3");
        refused(() -> floats(1, 1, 1, 9).maxPool2d(2),
                "max_pool2d: the window spans 2×2, but images float32[1, 1, 1, 9] with their padding are only 1×9");
    }

    // ---- regions

    @Test
    void a_regions_body_depends_on_its_inputs_alone() {
        Tensor x = floats(2);
        Tensor other = Tensor.input("other", x.type());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tensor.region("leak", List.of(x), in -> in.get(0).add(other)))
                .withMessage("the body of region leak depends on input float32[2], which is none of its inputs");
        var variable = new Variable("w", x.type(), Variable.Role.PARAMETER);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tensor.region("leak", List.of(x), in -> in.get(0).add(variable.read())))
                .withMessage(
                        "the body of region leak depends on read_variable float32[2], which is none of its inputs");
        assertThat(Tensor.region("fine", List.of(x), in -> in.get(0).add(1)).type()).hasToString("float32[2]");
    }

    @Test
    void every_operation_has_a_name() {
        Tensor x = floats(1, 1, 4, 4);
        Stream<Tensor> some = Stream.of(x, x.neg(), x.div(x), x.ge(x), x.min(), x.maxPool2d(2), x.matmul(x),
                x.stopGradient(),
                Tensor.iota(x.type(), 0), x.cast(DType.INT32));
        assertThat(some.map(tensor -> OpNames.of(tensor.op()))).containsExactly("input", "neg", "div", "ge",
                "reduce_min",
                "max_pool2d", "matmul", "stop_gradient", "iota", "cast");
    }
}
