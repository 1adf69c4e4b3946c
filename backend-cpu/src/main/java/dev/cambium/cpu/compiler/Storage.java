package dev.cambium.cpu.compiler;

import org.jspecify.annotations.Nullable;

import dev.cambium.tensor.DType;

/**
 * Room for the elements of one value: a span of a typed Java array ({@code byte[]} for bool and uint8, {@code short[]} for half
 * precision). Where it lies is decided after scheduling; until then steps only know that it exists.
 */
final class Storage {
    private final DType dtype;
    private final int size;
    private final String name;
    private @Nullable Object array;
    private int offset;
    private int laneStride;

    /**
     * Room that is not placed yet.
     *
     * @param dtype
     *            the element type
     * @param size
     *            the number of elements
     * @param name
     *            what it holds, for dumps
     */
    Storage(DType dtype, int size, String name) {
        this.dtype = dtype;
        this.size = size;
        this.name = name;
    }

    DType dtype() {
        return dtype;
    }

    int size() {
        return size;
    }

    String name() {
        return name;
    }

    boolean placed() {
        return array != null;
    }

    /** Places the elements in an array. */
    void place(Object where, int at) {
        array = where;
        offset = at;
    }

    /**
     * Places the elements.
     *
     * @param stride
     *            from one lane's elements to the next lane's, when only a few samples are there at a time and each lane has its own; 0
     *            when all lanes share all of them
     */
    void placePerLane(Object where, int at, int stride) {
        place(where, at);
        laneStride = stride;
    }

    Object array() {
        if (array == null) {
            throw new IllegalStateException(this + " is not placed");
        }
        return array;
    }

    float[] floats() {
        return (float[]) array();
    }

    int offset() {
        return offset;
    }

    /** From one lane's elements to the next lane's; 0 when all lanes share them. */
    int laneStride() {
        return laneStride;
    }

    @Override
    public String toString() {
        return name;
    }
}
