package dev.cambium.tck;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cambium.backend.Backend;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/** Sums, largest and smallest elements, and their places. */
abstract class ReductionChecks {
    @AutoClose
    private final Backend backend;

    ReductionChecks(Backend backend) {
        this.backend = backend;
    }

    /** From nothing to what is reduced in parts, sample by sample, or in runs. */
    static Stream<Shape> shapes() {
        return Stream.of(Shape.of(1), Shape.of(0), Shape.of(3, 0, 2), Shape.of(0, 3), Shape.of(7), Shape.of(5, 1, 3),
                Shape.of(2, 3, 4, 5), Shape.of(1, 6, 2), Shape.of(37, 1009), Shape.of(33_001), Shape.of(1, 33_001),
                Shape.of(5, 7, 13, 81));
    }

    /** All reductions of a tensor, over each axis, each pair and everything. */
    private static SequencedMap<String, Tensor> reduced(Op.ReduceKind kind, Tensor x) {
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        int rank = x.shape().rank();
        outputs.put("all", reduce(kind, x));
        for (int one = 0; one < rank; one++) {
            outputs.put("axis " + one, reduce(kind, x, one));
            for (int other = one + 1; other < rank; other++) {
                outputs.put("axes %d and %d".formatted(one, other), reduce(kind, x, one, other));
            }
        }
        return outputs;
    }

    private static Tensor reduce(Op.ReduceKind kind, Tensor x, int... axes) {
        return switch (kind) {
            case SUM -> x.sum(axes);
            case MAX -> x.max(axes);
            case MIN -> x.min(axes);
        };
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void reductions_of_what_lies_in_any_way(Shape shape) {
        List<Layout> layouts = shape.size() < 1000 ? List.of(Layout.values())
                : shape.rank() < 4 ? List.of(Layout.PLAIN, Layout.FIRST_REVERSED)
                        : List.of(Layout.TRANSPOSED, Layout.CHANNELS_LAST, Layout.FIRST_REPEATED);
        for (Layout layout : layouts) {
            Tensor x = layout.of("x", new TensorType(DType.FLOAT32, shape));
            for (Op.ReduceKind kind : Op.ReduceKind.values()) {
                Agreement.SUMS.check(backend, Graph.of(reduced(kind, x)), Values.forInputsOf(x));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"UINT8", "INT32", "INT64", "FLOAT64", "BOOL"})
    void reductions_of_other_types(DType dtype) {
        for (Shape shape : List.of(Shape.of(3, 0), Shape.of(3, 4, 5), Shape.of(37, 1009))) {
            Tensor x = Tensor.input("x", new TensorType(dtype, shape));
            Map<String, NdArray> inputs = Map.of("x", Values.whole(x.type(), 100, 1));
            for (Op.ReduceKind kind : dtype == DType.BOOL ? EnumSet.of(Op.ReduceKind.MAX, Op.ReduceKind.MIN)
                    : EnumSet.allOf(Op.ReduceKind.class)) {
                Agreement.SUMS.check(backend, Graph.of(reduced(kind, x)), inputs);
                Agreement.SUMS.check(backend, Graph.of(reduced(kind, x.reverse(0).transpose())), inputs);
            }
        }
    }

    @Test
    void nan_and_infinities_come_out() {
        for (Shape shape : List.of(Shape.of(60, 9), Shape.of(37, 1009))) {
            Tensor x = Tensor.input("x", new TensorType(DType.FLOAT32, shape));
            for (Op.ReduceKind kind : Op.ReduceKind.values()) {
                Agreement.SUMS.check(backend, Graph.of(reduced(kind, x)),
                        Map.of("x", Values.partlyFinite(x.type(), 5)));
            }
        }
    }

    @Test
    void reductions_of_what_was_just_computed_for_each_sample() {
        Tensor x = Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(37, 3, 17, 23)));
        Tensor y = x.mul(x).add(1);
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("of each sample", y.sum(1, 2, 3));
        outputs.put("of each channel", y.sum(0, 2, 3));
        outputs.put("of each place", y.max(1));
        outputs.put("of the batch", y.sum(0));
        outputs.put("of all", y.min());
        outputs.put("centred", y.sub(y.sum(0, 2, 3).reshape(1, 3, 1, 1).div(37 * 17 * 23)));
        Agreement.SUMS.check(backend, Graph.of(outputs), Values.forInputsOf(x));
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"UINT8", "INT32", "INT64", "FLOAT32", "FLOAT64", "BOOL"})
    void places_of_the_largest(DType dtype) {
        for (Shape shape : List.of(Shape.of(1), Shape.of(0, 3), Shape.of(7), Shape.of(2, 3, 4), Shape.of(60, 600))) {
            for (Layout layout : Layout.values()) {
                Tensor x = layout.of("x", new TensorType(dtype, shape));
                SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
                for (int axis = 0; axis < shape.rank(); axis++) {
                    if (shape.dim(axis) > 0) {
                        outputs.put("axis " + axis, x.argMax(axis));
                    }
                }
                Agreement.EXACT.check(backend, Graph.of(outputs), Values.forInputsOf(x));
            }
        }
    }

    @Test
    void of_equals_the_first_is_largest_and_nan_above_all() {
        Tensor x = Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(50, 6)));
        Agreement.EXACT.check(backend, x.argMax(1), Map.of("x", Values.special(x.type(), 5)));
        Agreement.EXACT.check(backend, x.argMax(0), Map.of("x", Values.whole(x.type(), 2, 5)));
    }
}
