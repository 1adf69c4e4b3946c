package dev.cambium.tck;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cambium.backend.Backend;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/** Primitives that move elements, and those that make some from nothing: nothing is rounded, so all results are exact. */
abstract class MovementChecks {
    @AutoClose
    private final Backend backend;

    MovementChecks(Backend backend) {
        this.backend = backend;
    }

    static Stream<Shape> shapes() {
        return Stream.of(Shape.of(1), Shape.of(0), Shape.of(3, 0, 2), Shape.of(7), Shape.of(5, 1, 3),
                Shape.of(2, 3, 4, 5),
                Shape.of(1, 6, 2), Shape.of(9, 8, 10), Shape.of(3, 5501));
    }

    /** All that can be done to a tensor's shape, by name. */
    private static SequencedMap<String, Tensor> moved(Tensor x) {
        int rank = x.shape().rank();
        int last = x.shape().dim(-1);
        int[] rotated = IntStream.range(0, rank).map(axis -> (axis + 1) % rank).toArray();
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("as it is", x);
        outputs.put("flat", x.reshape(Shape.of((int) x.shape().size())));
        outputs.put("with more axes", x.expand(0).expand(-1).expand(1));
        outputs.put("rotated", x.transpose(rotated));
        outputs.put("rotated flat", x.transpose(rotated).flatten(0));
        outputs.put("repeated", x.expand(0).broadcastTo(x.shape().prepend(3)));
        outputs.put("repeated inside", x.expand(-1).broadcastTo(Shape.of(append(x.shape().dims(), 2))));
        outputs.put("part", x.slice(-1, last / 3, last));
        outputs.put("every other", x.slice(-1, 0, last, 2));
        outputs.put("nothing of it", x.slice(-1, last, last));
        outputs.put("part of the first axis", x.slice(0, x.shape().dim(0) / 2, x.shape().dim(0)));
        outputs.put("reversed", x.reverse(-1));
        outputs.put("reversed flat", x.reverse(0).flatten(0));
        outputs.put("padded", x.pad(-1, 2, 1));
        outputs.put("padded before", x.pad(0, 1, 0));
        outputs.put("spread", spread(x));
        outputs.put("itself twice", Tensor.concat(-1, List.of(x, x)));
        outputs.put("itself and others", Tensor.concat(0, List.of(x.reverse(0), x, x.slice(0, 0, 0), x)));
        outputs.put("stacked", Tensor.stack(1, List.of(x, x.reverse(-1))));
        return outputs;
    }

    private static int[] append(int[] dims, int dim) {
        int[] longer = java.util.Arrays.copyOf(dims, dims.length + 1);
        longer[dims.length] = dim;
        return longer;
    }

    /** Zeros around and between, as the gradient of a slice with steps has them. */
    private static Tensor spread(Tensor x) {
        int rank = x.shape().rank();
        List<Integer> low = IntStream.range(0, rank).mapToObj(axis -> axis % 2).toList();
        List<Integer> high = IntStream.range(0, rank).mapToObj(axis -> 1 - axis % 2).toList();
        List<Integer> interior = IntStream.range(0, rank).mapToObj(axis -> rank - axis).toList();
        int[] dims = x.shape().dims();
        for (int axis = 0; axis < rank; axis++) {
            dims[axis] += low.get(axis) + high.get(axis) + Math.max(0, dims[axis] - 1) * interior.get(axis);
        }
        return Tensor.of(new Op.Pad(low, high, interior), new TensorType(x.dtype(), Shape.of(dims)), x);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void movement_of_what_lies_in_any_way(Shape shape) {
        for (Layout layout : shape.size() < 1000 ? List.of(Layout.values())
                : List.of(Layout.PLAIN, Layout.TRANSPOSED)) {
            Tensor x = layout.of("x", new TensorType(DType.FLOAT32, shape));
            Agreement.EXACT.check(backend, Graph.of(moved(x)), Values.forInputsOf(x));
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void movement_of_elements_of_any_type(DType dtype) {
        for (Layout layout : List.of(Layout.PLAIN, Layout.TRANSPOSED, Layout.REVERSED)) {
            Tensor x = layout.of("x", new TensorType(dtype, Shape.of(3, 5, 4)));
            Agreement.EXACT.check(backend, Graph.of(moved(x)), Values.forInputsOf(x));
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void movement_after_movement(Layout layout) {
        for (Shape shape : List.of(Shape.of(4, 3, 2), Shape.of(2, 6, 5, 3))) {
            Tensor x = layout.of("x", new TensorType(DType.INT32, shape));
            for (Tensor once : moved(x).values()) {
                SequencedMap<String, Tensor> outputs = moved(once);
                Agreement.EXACT.check(backend, Graph.of(outputs), Values.forInputsOf(x));
            }
        }
    }

    @Test
    void repetition_aligns_at_the_innermost_axis() {
        for (Shape from : List.of(Shape.scalar(), Shape.of(3), Shape.of(1), Shape.of(3, 3), Shape.of(3, 1),
                Shape.of(1, 3), Shape.of(2, 3, 3), Shape.of(2, 1, 3))) {
            for (DType dtype : List.of(DType.FLOAT32, DType.INT64, DType.BOOL)) {
                Tensor x = Tensor.input("x", new TensorType(dtype, from));
                SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
                for (Shape to : List.of(Shape.of(3), Shape.of(3, 3), Shape.of(2, 3, 3), Shape.of(3, 2, 3, 3))) {
                    if (x.shape().rank() <= to.rank()) {
                        outputs.put("to " + to, x.broadcastTo(to));
                    }
                }
                Agreement.EXACT.check(backend, Graph.of(outputs), Values.forInputsOf(x));
            }
        }
    }

    @Test
    void scalars_are_moved_too() {
        Tensor x = Tensor.input("x", new TensorType(DType.FLOAT32, Shape.scalar()));
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("as it is", x);
        outputs.put("with an axis", x.reshape(1, 1));
        outputs.put("repeated", x.broadcastTo(Shape.of(2, 3)));
        outputs.put("repeated in vain", x.broadcastTo(Shape.of(2, 0)));
        outputs.put("stacked", Tensor.stack(0, List.of(x, x, x)));
        Agreement.EXACT.check(backend, Graph.of(outputs), Values.forInputsOf(x));
    }

    @Test
    void gradients_of_slices_put_elements_back() {
        Tensor x = Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(9, 11)));
        Tensor part = x.slice(0, 1, 8, 3).slice(1, 2, 11, 2);
        Tensor weights = Tensor.iota(part.type(), 1).add(1);
        Tensor gradient = Gradients.of(part.mul(weights).sum(), List.of(x)).get(0);
        Agreement.EXACT.check(backend, gradient, Values.forInputsOf(x));
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"UINT8", "INT32", "INT64", "FLOAT32", "FLOAT64", "BOOL"})
    void counting_along_an_axis(DType dtype) {
        for (Shape shape : List.of(Shape.of(0), Shape.of(5), Shape.of(300), Shape.of(3, 4), Shape.of(2, 3, 2),
                Shape.of(40, 500))) {
            SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
            for (int axis = 0; axis < shape.rank(); axis++) {
                Tensor counts = Tensor.iota(new TensorType(dtype, shape), axis);
                outputs.put("axis " + axis, counts);
                outputs.put("axis %d as a number".formatted(axis), counts.cast(DType.FLOAT64));
            }
            Agreement.EXACT.check(backend, Graph.of(outputs), Map.of());
        }
    }

    @Test
    void class_labels_become_rows() {
        Tensor labels = Tensor.input("labels", new TensorType(DType.INT64, Shape.of(5)));
        Map<String, NdArray> inputs = Map.of("labels", NdArray.of(Shape.of(5), 3L, 0L, -1L, 9L, 4L));
        Agreement.EXACT.check(backend, labels.oneHot(5, DType.FLOAT32), inputs);
        Agreement.EXACT.check(backend, labels.cast(DType.UINT8).oneHot(5, DType.INT32), inputs);
    }
}
