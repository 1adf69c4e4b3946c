package dev.cambium.cpu.compiler;

import java.util.Arrays;

import dev.cambium.cpu.kernels.Alignment;
import dev.cambium.cpu.kernels.CopyShape;
import dev.cambium.cpu.kernels.Movement;
import dev.cambium.cpu.kernels.Products;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.TensorType;

/**
 * A variable's elements, without gaps from a cache line on. The first graph that is compiled over them decides in which order their
 * axes lie; others take them as they are, until none is open any more.
 */
public final class VariableArray {
    private final TensorType type;
    private final Object array;
    private final int offset;
    private int[] order;
    /** The programs that rely on the order. */
    private int programs;
    private long version;

    private VariableArray(TensorType type, Object array, int offset) {
        this.type = type;
        this.array = array;
        this.offset = offset;
        order = Orders.rowMajor(type.shape().rank());
    }

    /**
     * Makes one.
     *
     * @param value
     *            what it holds at first
     * @throws dev.cambium.CambiumException
     *             if it has more elements than a Java array holds
     */
    public static VariableArray of(NdArray value, Products products) {
        TensorType type = value.type();
        Object array = Convert.array(type.dtype(), Convert.size(type) + Alignment.LINE);
        int offset = type.dtype() == DType.FLOAT32 ? products.lineStart((float[]) array) : 0;
        Convert.copyIn(value, array, offset);
        return new VariableArray(type, array, offset);
    }

    /** The type of the variable. */
    public TensorType type() {
        return type;
    }

    /** A copy of what it holds. */
    public NdArray read() {
        if (isRowMajor()) {
            return Convert.copyOut(type, array, offset);
        }
        Object rowMajor = Convert.array(type.dtype(), Convert.size(type));
        copy(strides(), array, offset, type.shape().strides(), rowMajor, 0);
        return Convert.copyOut(type, rowMajor, 0);
    }

    /** How often its elements have changed. */
    long version() {
        return version;
    }

    /** To be called when a program has changed its elements. */
    void changed() {
        version++;
    }

    /** Takes another value of the same type. */
    public void write(NdArray value) {
        changed();
        if (isRowMajor()) {
            Convert.copyIn(value, array, offset);
            return;
        }
        Object rowMajor = Convert.array(type.dtype(), Convert.size(type));
        Convert.copyIn(value, rowMajor, 0);
        copy(type.shape().strides(), rowMajor, 0, strides(), array, offset);
    }

    /** The order in which the axes lie from now on, until {@link #release}: the wanted one, unless other programs rely on another. */
    int[] acquire(int[] wanted) {
        if (programs == 0 && !Arrays.equals(order, wanted)) {
            // Nothing may fail for want of memory once the elements begin to move.
            int[] moved = wanted.clone();
            int size = Convert.size(type);
            Object elements = Convert.array(type.dtype(), size);
            copy(strides(), array, offset, View.denseStrides(type.shape(), moved), elements, 0);
            System.arraycopy(elements, 0, array, offset, size);
            order = moved;
        }
        programs++;
        return order.clone();
    }

    /** Ends a program's reliance on the order. */
    void release() {
        if (programs == 0) {
            throw new IllegalStateException("released more often than acquired");
        }
        programs--;
    }

    /** Has a storage lie here. */
    void place(Storage storage) {
        storage.place(array, offset);
    }

    private boolean isRowMajor() {
        return Arrays.equals(strides(), type.shape().strides());
    }

    private int[] strides() {
        return View.denseStrides(type.shape(), order);
    }

    private void copy(int[] fromStrides, Object from, int fromOffset, int[] toStrides, Object to, int toOffset) {
        CopyShape shape = CopyShape.of(type.shape().dims(), fromStrides, toStrides);
        Movement.copy(type.dtype(), from, fromOffset, shape.srcStrides(), to, toOffset, shape.dstStrides(),
                shape.dims());
    }
}
