package dev.cambium.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cambium.backend.Backend;
import dev.cambium.reference.ReferenceBackend;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/** Elementwise primitives and chains of them, over operands that lie in all ways. */
abstract class ElementwiseChecks {
    private static final Set<DType> FLOATING = EnumSet.of(DType.FLOAT32, DType.FLOAT64);
    private static final Set<DType> INTEGER = EnumSet.of(DType.UINT8, DType.INT32, DType.INT64);

    @AutoClose
    private final Backend backend;

    ElementwiseChecks(Backend backend) {
        this.backend = backend;
    }

    /** From nothing to more than a chunk of a lane, cut by sample or not. */
    static Stream<Shape> shapes() {
        return Stream.of(Shape.scalar(), Shape.of(1), Shape.of(0), Shape.of(3, 0, 2), Shape.of(0, 3), Shape.of(7),
                Shape.of(5, 1, 3), Shape.of(1, 1, 1, 1), Shape.of(2, 3, 4, 5), Shape.of(4099), Shape.of(3, 5501),
                Shape.of(31, 3, 13, 17));
    }

    static Stream<Shape> smallShapes() {
        return shapes().filter(shape -> shape.size() < 200);
    }

    private static Set<DType> types(Op.UnaryKind kind) {
        return switch (kind) {
            case NEG, ABS, SIGN -> union(FLOATING, INTEGER);
            case NOT -> union(INTEGER, EnumSet.of(DType.BOOL));
            case EXP, EXPM1, LOG, LOG1P, SQRT, RSQRT, RECIPROCAL, SIN, COS, TANH, SIGMOID, ERF, FLOOR, CEIL, ROUND ->
                    FLOATING;
        };
    }

    private static Set<DType> types(Op.BinaryKind kind) {
        return switch (kind) {
            case ADD, SUB, MUL, DIV, MAX, MIN -> union(FLOATING, INTEGER);
            case POW -> FLOATING;
            case AND, OR, XOR -> union(INTEGER, EnumSet.of(DType.BOOL));
            case SHIFT_LEFT, SHIFT_RIGHT -> EnumSet.of(DType.INT32, DType.INT64);
        };
    }

    private static Set<DType> union(Set<DType> some, Set<DType> others) {
        Set<DType> union = EnumSet.copyOf(some);
        union.addAll(others);
        return union;
    }

    private static Tensor apply(Op.UnaryKind kind, Tensor x) {
        return Tensor.of(new Op.Unary(kind), x.type(), x);
    }

    private static Tensor apply(Op.BinaryKind kind, Tensor a, Tensor b) {
        return Tensor.of(new Op.Binary(kind), a.type(), a, b);
    }

    private static Tensor apply(Op.CompareKind kind, Tensor a, Tensor b) {
        return Tensor.of(new Op.Compare(kind), new TensorType(DType.BOOL, a.shape()), a, b);
    }

    private static Agreement agreement(DType dtype) {
        return dtype == DType.FLOAT64 ? Agreement.DOUBLE_ELEMENTWISE : Agreement.ELEMENTWISE;
    }

    @ParameterizedTest
    @EnumSource(Op.UnaryKind.class)
    void functions_of_one_element(Op.UnaryKind kind) {
        for (DType dtype : types(kind)) {
            for (Shape shape : List.of(Shape.of(4, 9), Shape.of(4099))) {
                Tensor x = Tensor.input("x", new TensorType(dtype, shape));
                agreement(dtype).check(backend, apply(kind, x), Values.forInputsOf(x));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Op.UnaryKind.class)
    void functions_of_nan_infinities_and_zeros(Op.UnaryKind kind) {
        for (DType dtype : types(kind)) {
            if (dtype.isFloating()) {
                var type = new TensorType(dtype, Shape.of(200));
                agreement(dtype).check(backend, apply(kind, Tensor.input("x", type)),
                        Map.of("x", withoutHugeAngles(kind, type)));
            }
        }
    }

    /** Sines of huge angles depend on every bit of π; how far a backend goes there is its own business. */
    private static NdArray withoutHugeAngles(Op.UnaryKind kind, TensorType type) {
        double[] values = Values.special(type, 7).toDoubleArray();
        if (kind == Op.UnaryKind.SIN || kind == Op.UnaryKind.COS) {
            for (int i = 0; i < values.length; i++) {
                values[i] = Double.isFinite(values[i]) && Math.abs(values[i]) > 1e6 ? 3 : values[i];
            }
        }
        return Values.of(type, values);
    }

    @ParameterizedTest
    @EnumSource(Op.BinaryKind.class)
    void functions_of_two_elements(Op.BinaryKind kind) {
        for (DType dtype : types(kind)) {
            for (Shape shape : List.of(Shape.of(4, 9), Shape.of(4099))) {
                Tensor a = Tensor.input("a", new TensorType(dtype, shape));
                Tensor b = Tensor.input("b", new TensorType(dtype, shape));
                Map<String, NdArray> inputs = Values.forInputsOf(a, b);
                if (kind == Op.BinaryKind.DIV && !dtype.isFloating()) {
                    inputs.replaceAll((name, value) -> withoutZeros(value));
                }
                agreement(dtype).check(backend, apply(kind, a, b), inputs);
            }
        }
    }

    private static NdArray withoutZeros(NdArray array) {
        double[] values = array.toDoubleArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] == 0 ? 3 : values[i];
        }
        return Values.of(array.type(), values);
    }

    @ParameterizedTest
    @EnumSource(value = Op.BinaryKind.class, names = {"ADD", "SUB", "MUL", "DIV", "POW", "MAX", "MIN"})
    void functions_of_two_nans_infinities_and_zeros(Op.BinaryKind kind) {
        for (DType dtype : FLOATING) {
            var type = new TensorType(dtype, Shape.of(600));
            agreement(dtype).check(backend, apply(kind, Tensor.input("a", type), Tensor.input("b", type)),
                    Map.of("a", Values.special(type, 1), "b", Values.special(type, 2)));
        }
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"FLOAT32", "FLOAT64"})
    void zeros_have_the_signs_that_the_primitives_give_them(DType dtype) {
        var type = new TensorType(dtype, Shape.of(40));
        Tensor a = Tensor.input("a", type);
        Tensor b = Tensor.input("b", type);
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("as it is", a);
        outputs.put("neg", a.neg());
        outputs.put("abs", a.abs());
        outputs.put("sqrt", a.sqrt());
        outputs.put("mul", a.mul(b));
        outputs.put("div", a.div(b));
        outputs.put("select", Tensor.select(a.lt(b), a, b));
        outputs.put("reverse", a.reverse(0));
        outputs.put("concat", Tensor.concat(0, List.of(b, a)));
        double[] left = new double[40];
        double[] right = new double[40];
        for (int i = 0; i < 40; i++) {
            left[i] = i % 2 == 0 ? 0.0 : -0.0;
            right[i] = List.of(0.0, -0.0, 2.0, -2.0).get(i / 2 % 4);
        }
        Map<String, NdArray> inputs = Map.of("a", Values.of(type, left), "b", Values.of(type, right));
        Outcome expected;
        try (Backend exact = ReferenceBackend.exact()) {
            expected = Outcome.ofRuns(exact, Graph.of(outputs), inputs, Map.of(), 1).getFirst();
        }
        Outcome actual = Outcome.ofRuns(backend, Graph.of(outputs), inputs, Map.of(), 1).getFirst();
        outputs.forEach((name, tensor) -> assertThat(actual.output(name).toDoubleArray())
                .as("%s (%s) of zeros of both signs", name, tensor)
                .containsExactly(expected.output(name).toDoubleArray()));
    }

    @ParameterizedTest
    @EnumSource(Op.CompareKind.class)
    void comparisons(Op.CompareKind kind) {
        for (DType dtype : EnumSet.complementOf(EnumSet.of(DType.FLOAT16, DType.BFLOAT16))) {
            var type = new TensorType(dtype, Shape.of(300));
            Map<String, NdArray> inputs = Map.of("a",
                    dtype.isFloating() ? Values.special(type, 1) : Values.whole(type, 3, 1), "b",
                    dtype.isFloating() ? Values.special(type, 2) : Values.whole(type, 3, 2));
            Agreement.EXACT.check(backend, apply(kind, Tensor.input("a", type), Tensor.input("b", type)), inputs);
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void choices_between_elements_of_any_type(DType dtype) {
        for (Shape shape : List.of(Shape.of(0), Shape.of(4, 9), Shape.of(4099))) {
            Tensor condition = Tensor.input("condition", new TensorType(DType.BOOL, shape));
            Tensor a = Tensor.input("a", new TensorType(dtype, shape));
            Tensor b = Tensor.input("b", new TensorType(dtype, shape));
            Agreement.EXACT.check(backend, Tensor.select(condition, a, b), Values.forInputsOf(condition, a, b));
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void casts_to_and_from_any_type(DType from) {
        for (Shape shape : List.of(Shape.of(0), Shape.of(4, 9), Shape.of(4099))) {
            Tensor x = Tensor.input("x", new TensorType(from, shape));
            for (DType to : DType.values()) {
                Agreement.ROUNDED.check(backend, x.cast(to), Values.forInputsOf(x));
            }
        }
    }

    @Test
    void casts_of_nan_infinities_and_numbers_that_are_too_large() {
        for (DType from : FLOATING) {
            var type = new TensorType(from, Shape.of(200));
            Tensor x = Tensor.input("x", type);
            for (DType to : List.of(DType.BOOL, DType.UINT8, DType.INT32, DType.INT64, DType.FLOAT32, DType.FLOAT64)) {
                Agreement.ROUNDED.check(backend, x.cast(to), Map.of("x", Values.special(type, 3)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void operands_that_lie_in_any_way(Shape shape) {
        var type = new TensorType(DType.FLOAT32, shape);
        for (Layout one : Layout.values()) {
            for (Layout other : shape.size() < 5000 ? List.of(Layout.values()) : List.of(Layout.PLAIN)) {
                Tensor a = one.of("a", type);
                Tensor b = other.of("b", type);
                Map<String, NdArray> inputs = Values.forInputsOf(a, b);
                Agreement.ELEMENTWISE.check(backend, a.sub(b), inputs);
                Agreement.ELEMENTWISE.check(backend, b.div(a), inputs);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("smallShapes")
    void conditions_and_choices_that_lie_in_any_way(Shape shape) {
        var type = new TensorType(DType.FLOAT32, shape);
        for (Layout one : Layout.values()) {
            for (Layout other : Layout.values()) {
                Tensor condition = one.of("condition", new TensorType(DType.BOOL, shape));
                Tensor a = other.of("a", type);
                Tensor b = one.of("b", type);
                Map<String, NdArray> inputs = Values.forInputsOf(condition, a, b);
                SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
                outputs.put("select", Tensor.select(condition, a, b));
                outputs.put("folded", Tensor.select(a.lt(b), b, a));
                outputs.put("folded other way", Tensor.select(b.ge(a), a, b));
                outputs.put("relu", b.relu());
                outputs.put("cast", condition.cast(DType.FLOAT32));
                outputs.put("not", condition.not());
                Agreement.EXACT.check(backend, Graph.of(outputs), inputs);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void operands_of_any_type_that_lie_in_any_way(DType dtype) {
        Shape shape = Shape.of(3, 4, 5);
        for (Layout one : Layout.values()) {
            for (Layout other : Layout.values()) {
                Tensor condition = other.of("condition", new TensorType(DType.BOOL, shape));
                Tensor a = one.of("a", new TensorType(dtype, shape));
                Tensor b = other.of("b", new TensorType(dtype, shape));
                Agreement.EXACT.check(backend, Tensor.select(condition, a, b), Values.forInputsOf(condition, a, b));
            }
        }
    }

    @Test
    void constants_on_either_side() {
        for (DType dtype : union(FLOATING, INTEGER)) {
            for (Shape shape : List.of(Shape.scalar(), Shape.of(4, 9), Shape.of(3, 5501))) {
                Tensor x = Tensor.input("x", new TensorType(dtype, shape));
                Tensor two = Tensor.full(x.type(), 2);
                SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
                outputs.put("x + 2", x.add(2));
                outputs.put("2 − x", two.sub(x));
                outputs.put("x / 2", x.div(2));
                outputs.put("x · 1", x.mul(1));
                outputs.put("1 · x", Tensor.full(x.type(), 1).mul(x));
                outputs.put("2 + 2", two.add(two));
                outputs.put("2 < 2", two.lt(two));
                outputs.put("−2", two.neg());
                outputs.put("2 as int64", two.cast(DType.INT64));
                outputs.put("2 or x", Tensor.select(two.lt(two), two, x));
                outputs.put("2 or 2", Tensor.select(two.le(two), two, two));
                agreement(dtype).check(backend, Graph.of(outputs), Values.forInputsOf(x));
            }
        }
    }

    @Test
    void a_long_chain_with_values_of_all_types_in_between() {
        for (Shape shape : List.of(Shape.of(4, 9), Shape.of(4099), Shape.of(40, 500))) {
            Tensor x = Tensor.input("x", new TensorType(DType.FLOAT32, shape));
            Tensor y = Tensor.input("y", new TensorType(DType.FLOAT32, shape));
            Tensor sum = x.add(y);
            Tensor positive = sum.gt(x);
            Tensor integer = sum.cast(DType.INT32).mul(3);
            Tensor wide = integer.cast(DType.INT64).sub(5).cast(DType.FLOAT64);
            Tensor small = wide.cast(DType.UINT8).add(7).cast(DType.FLOAT32);
            Tensor half = small.cast(DType.FLOAT16).cast(DType.BFLOAT16).cast(DType.FLOAT32);
            Tensor chosen = Tensor.select(positive.and(x.lt(y)), small, sum.neg());
            SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
            outputs.put("chosen", chosen.add(chosen));
            outputs.put("positive", positive);
            outputs.put("integer", integer);
            outputs.put("half", half);
            outputs.put("again", Tensor.select(x.lt(y), x, Tensor.select(x.lt(y), half, y)));
            Agreement.ELEMENTWISE.check(backend, Graph.of(outputs), Values.forInputsOf(x, y));
        }
    }

    @Test
    void values_computed_sample_by_sample_that_are_then_read_across_samples() {
        Tensor x = Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(40, 16, 40)));
        Tensor y = x.mul(x);
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("the other way round", y.reverse(0).neg());
        outputs.put("transposed", y.transpose(2, 1, 0).add(y));
        outputs.put("of the sample before", Tensor.concat(0, List.of(y.slice(0, 39, 40), y.slice(0, 0, 39))).sub(y));
        outputs.put("of the first sample", y.slice(0, 0, 1).mul(y));
        outputs.put("backwards in each sample", y.reverse(1, 2).add(1));
        outputs.put("under another shape", y.reshape(20, 1280).abs());
        Agreement.EXACT.check(backend, Graph.of(outputs), Map.of("x", Values.whole(x.type(), 9, 1)));
    }

    @Test
    void one_comparison_for_two_choices_and_a_value() {
        Tensor x = Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(3, 50)));
        Tensor y = Tensor.input("y", new TensorType(DType.FLOAT32, Shape.of(3, 50)));
        Tensor less = x.lt(y);
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("smaller", Tensor.select(less, x, y));
        outputs.put("larger", Tensor.select(less, y, x));
        outputs.put("both", Tensor.select(less, y, x).mul(Tensor.select(less, x, y)));
        Map<String, NdArray> inputs = new HashMap<>(Values.forInputsOf(x, y));
        Agreement.ELEMENTWISE.check(backend, Graph.of(outputs), inputs);
        outputs.put("less", less);
        outputs.put("booleans", Tensor.select(less, less.not(), less));
        Agreement.ELEMENTWISE.check(backend, Graph.of(outputs), inputs);
    }
}
