package dev.cambium.tensorflow;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;

/** Writes operations into a TensorFlow graph in the terms that lowering thinks in; constants that are equal are written once. */
final class Emitter {
    private final GraphSession session;
    private final Map<NdArray, Output> constants = new HashMap<>();

    Emitter(GraphSession session) {
        this.session = session;
    }

    /** Begins an operation. */
    OpBuilder op(String type) {
        return session.op(type);
    }

    /** An operation whose attributes follow from its inputs. */
    Output call(String type, Output... inputs) {
        return op(type).input(inputs).build();
    }

    Output constant(NdArray value) {
        return constants.computeIfAbsent(value,
                key -> op("Const").attribute("value", key).type("dtype", Elements.code(key.dtype())).build());
    }

    /** A vector of int32, which is how TensorFlow wants shapes and axes. */
    Output ints(int... values) {
        return constant(NdArray.of(Shape.of(values.length), values));
    }

    /** A scalar; a type that is not floating takes the number as its cast would. */
    Output scalar(DType dtype, double value) {
        return switch (dtype) {
            case BOOL -> constant(NdArray.of(Shape.scalar(), value != 0));
            case UINT8 -> constant(NdArray.ofUnsignedBytes(Shape.scalar(), (byte) (int) value));
            case INT32 -> constant(NdArray.of(Shape.scalar(), (int) value));
            case INT64 -> constant(NdArray.of(Shape.scalar(), (long) value));
            case FLOAT32 -> constant(NdArray.of(Shape.scalar(), (float) value));
            case FLOAT64 -> constant(NdArray.of(Shape.scalar(), value));
            case FLOAT16, BFLOAT16 -> cast(constant(NdArray.of(Shape.scalar(), (float) value)), dtype);
        };
    }

    /** TensorFlow's own conversion, which is Java's only where nothing is out of range. */
    Output cast(Output x, DType to) {
        return op("Cast").input(x).type("DstT", Elements.code(to)).build();
    }

    /** The same bits as another type of the same size, in TensorFlow's numbering. */
    Output bitcast(Output x, int code) {
        return op("Bitcast").input(x).type("type", code).build();
    }

    Output reshape(Output x, int... dims) {
        return call("Reshape", x, ints(dims));
    }

    Output transpose(Output x, int... permutation) {
        return call("Transpose", x, ints(permutation));
    }

    /** The inputs one after the other. */
    Output concat(int axis, List<Output> parts) {
        return parts.size() == 1 ? parts.get(0)
                : op("ConcatV2").inputs(parts).input(scalar(DType.INT32, axis)).build();
    }

    /** The inputs side by side along a new outermost axis. */
    Output stack(List<Output> parts) {
        return op("Pack").inputs(parts).attribute("axis", 0L).build();
    }

    Output sum(List<Output> parts) {
        return parts.size() == 1 ? parts.get(0) : op("AddN").inputs(parts).build();
    }

    /** Every {@code steps[i]}-th element from {@code starts[i]}, {@code counts[i]} of them, along axis i. */
    Output slice(Output x, int[] starts, int[] counts, int[] steps) {
        return call("StridedSlice", x, ints(starts), ints(ends(starts, counts, steps)), ints(steps));
    }

    /** The other way round: zeros of a shape with the elements of x at the places that {@link #slice} would take. */
    Output unslice(Output x, int[] shape, int[] starts, int[] counts, int[] steps) {
        return call("StridedSliceGrad", ints(shape), ints(starts), ints(ends(starts, counts, steps)), ints(steps), x);
    }

    private static int[] ends(int[] starts, int[] counts, int[] steps) {
        return IntStream.range(0, starts.length).map(i -> starts[i] + (counts[i] - 1) * steps[i] + 1).toArray();
    }

    /** The same number before and after each axis. */
    Output pad(Output x, int[] low, int[] high, Output with) {
        if (Arrays.stream(low).allMatch(i -> i == 0) && Arrays.stream(high).allMatch(i -> i == 0)) {
            return x;
        }
        int[] pairs = IntStream.range(0, 2 * low.length).map(i -> i % 2 == 0 ? low[i / 2] : high[i / 2]).toArray();
        return call("PadV2", x, constant(NdArray.of(Shape.of(low.length, 2), pairs)), with);
    }
}
