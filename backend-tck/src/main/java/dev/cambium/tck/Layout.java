package dev.cambium.tck;

import java.util.Arrays;
import java.util.stream.IntStream;

import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/** Ways for a tensor's elements to lie in memory. */
enum Layout {
    /** Row-major. */
    PLAIN {
        @Override
        Tensor of(String name, TensorType type) {
            return Tensor.input(name, type);
        }
    },
    /** The axes in reverse order. */
    TRANSPOSED {
        @Override
        Tensor of(String name, TensorType type) {
            int rank = type.shape().rank();
            int[] reversed = IntStream.range(0, rank).map(axis -> rank - 1 - axis).toArray();
            int[] dims = Arrays.stream(reversed).map(type.shape()::dim).toArray();
            return rank < 2 ? PLAIN.of(name, type) : input(name, type, dims).transpose(reversed);
        }
    },
    /** The second axis innermost, as convolution leaves images. */
    CHANNELS_LAST {
        @Override
        Tensor of(String name, TensorType type) {
            int rank = type.shape().rank();
            if (rank < 3) {
                return PLAIN.of(name, type);
            }
            int[] order = IntStream.range(0, rank).map(axis -> axis == 0 ? 0 : axis == 1 ? rank - 1 : axis - 1)
                    .toArray();
            int[] dims = new int[rank];
            IntStream.range(0, rank).forEach(axis -> dims[order[axis]] = type.shape().dim(axis));
            return input(name, type, dims).transpose(order);
        }
    },
    /** Backwards along all axes. */
    REVERSED {
        @Override
        Tensor of(String name, TensorType type) {
            return PLAIN.of(name, type).reverse(IntStream.range(0, type.shape().rank()).toArray());
        }
    },
    /** Backwards along the first axis alone. */
    FIRST_REVERSED {
        @Override
        Tensor of(String name, TensorType type) {
            return type.shape().rank() == 0 ? PLAIN.of(name, type) : PLAIN.of(name, type).reverse(0);
        }
    },
    /** A part of a larger array. */
    SLICED {
        @Override
        Tensor of(String name, TensorType type) {
            return cut(name, type, 1, 3, 2);
        }
    },
    /** Every second and third element of a larger array. */
    STRIDED {
        @Override
        Tensor of(String name, TensorType type) {
            return cut(name, type, 2, 1, 1);
        }
    },
    /** Repeated along every other axis, the first among them. */
    FIRST_REPEATED {
        @Override
        Tensor of(String name, TensorType type) {
            return repeated(name, type, 0);
        }
    },
    /** Repeated along every other axis, the first not among them. */
    SECOND_REPEATED {
        @Override
        Tensor of(String name, TensorType type) {
            return repeated(name, type, 1);
        }
    },
    /** One element for all. */
    SPLAT {
        @Override
        Tensor of(String name, TensorType type) {
            return input(name, type).broadcastTo(type.shape());
        }
    };

    /** A tensor of a type whose elements lie this way; it depends on the input of the given name. */
    abstract Tensor of(String name, TensorType type);

    private static Tensor input(String name, TensorType type, int... dims) {
        return Tensor.input(name, new TensorType(type.dtype(), Shape.of(dims)));
    }

    private static Tensor cut(String name, TensorType type, int step, int more, int start) {
        int[] dims = Arrays.stream(type.shape().dims()).map(dim -> dim * step + more).toArray();
        Tensor tensor = input(name, type, dims);
        for (int axis = 0; axis < dims.length; axis++) {
            int from = type.shape().dim(axis) == 0 ? 0 : start;
            int end = type.shape().dim(axis) == 0 ? 0 : start + (type.shape().dim(axis) - 1) * step + 1;
            tensor = tensor.slice(axis, from, end, step);
        }
        return tensor;
    }

    private static Tensor repeated(String name, TensorType type, int first) {
        int[] dims = type.shape().dims();
        for (int axis = first; axis < dims.length; axis += 2) {
            dims[axis] = 1;
        }
        return input(name, type, dims).broadcastTo(type.shape());
    }
}
