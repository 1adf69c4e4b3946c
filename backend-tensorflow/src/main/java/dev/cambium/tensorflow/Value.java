package dev.cambium.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;

/**
 * How a tensor of our graph lies in TensorFlow's: in which order its axes are, and along which of them it is only kept once
 * although it repeats. So transposing and broadcasting compute nothing until an operation needs the elements in place.
 *
 * @param output
 *            TensorFlow's tensor
 * @param type
 *            the element type and logical shape
 * @param order
 *            axis i of TensorFlow's tensor is the logical axis {@code order[i]}
 * @param repeated
 *            the logical axes whose extent in TensorFlow's tensor is 1 but not in the type
 */
record Value(Output output, TensorType type, List<Integer> order, Set<Integer> repeated) {
    Value {
        order = List.copyOf(order);
        repeated = repeated.stream().filter(axis -> type.shape().dim(axis) != 1)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A value that lies as the logical shape says. */
    static Value plain(Output output, TensorType type) {
        return new Value(output, type, natural(type.shape().rank()), Set.of());
    }

    /** The axes in their logical order. */
    static List<Integer> natural(int rank) {
        return IntStream.range(0, rank).boxed().toList();
    }

    Shape shape() {
        return type.shape();
    }

    int rank() {
        return order.size();
    }

    /** The extent of a logical axis in TensorFlow's tensor. */
    int extent(int axis) {
        return repeated.contains(axis) ? 1 : shape().dim(axis);
    }

    /** The shape of TensorFlow's tensor. */
    int[] extents() {
        return order.stream().mapToInt(this::extent).toArray();
    }

    /** The number of elements of TensorFlow's tensor. */
    long size() {
        return Shape.of(extents()).size();
    }

    /** For each logical axis, which axis of TensorFlow's tensor it is. */
    int[] places() {
        int[] places = new int[rank()];
        for (int i = 0; i < places.length; i++) {
            places[order.get(i)] = i;
        }
        return places;
    }

    /** A number for each axis of TensorFlow's tensor, from a function of the logical axis. */
    int[] map(IntUnaryOperator ofAxis) {
        return order.stream().mapToInt(ofAxis::applyAsInt).toArray();
    }

    /** The same tensor of TensorFlow with its axes renamed: logical axis i is what was {@code permutation[i]}. */
    Value transposed(List<Integer> permutation, TensorType to) {
        List<Integer> renamed = order.stream().map(permutation::indexOf).toList();
        return new Value(output, to, renamed,
                repeated.stream().map(permutation::indexOf).collect(Collectors.toUnmodifiableSet()));
    }

    /** The last two axes exchanged. */
    Value swapped() {
        var permutation = new ArrayList<>(natural(rank()));
        permutation.set(rank() - 1, rank() - 2);
        permutation.set(rank() - 2, rank() - 1);
        Shape swapped = Shape.of(permutation.stream().mapToInt(shape()::dim).toArray());
        return transposed(permutation, new TensorType(type.dtype(), swapped));
    }

    /** Another tensor of TensorFlow that lies as this one does. */
    Value with(Output other, TensorType to) {
        return new Value(other, to, order, repeated);
    }
}
