package dev.cambium.cpu.compiler;

import java.util.Set;

import dev.cambium.cpu.kernels.Alignment;
import dev.cambium.tensor.DType;

/** What one thread needs for itself: scratch for products, registers for elementwise chains, and where it stands in a chain of steps. */
final class Lane {
    /** Elements of a chunk of an elementwise chain: a few of them fit L1 together. */
    static final int CHUNK = 2048;

    /** From one register to the next; not a multiple of 4 KB, so that loads and stores of different registers do not alias. */
    private static final int PITCH = CHUNK + 5 * Alignment.LINE;

    private final int index;
    private final float[] floats;
    private final int scratchOffset;
    private final int firstFloat;
    private final double[] doubles;
    private final int[] ints;
    private final long[] longs;
    private final byte[] bytes;
    private final short[] shorts;
    private final Object[] slotArrays;
    private final int[] slotOffsets;
    private int firstSample;
    private int samples = 1;
    private boolean atPartStart;

    /**
     * The floats that each lane needs. They lie with the values of the program, since the garbage collector moves small arrays, and to
     * where cache lines begin elsewhere in them.
     */
    static int floats(Step.Needs needs, Set<DType> used) {
        return scratch(needs) + (used.contains(DType.FLOAT32) ? Alignment.roundUp(needs.registers() * PITCH) : 0);
    }

    private static int scratch(Step.Needs needs) {
        return Alignment.roundUp(needs.floats());
    }

    /**
     * What a thread needs.
     *
     * @param floats
     *            has room for {@link #floats(Step.Needs, Set)}
     * @param offset
     *            where that begins, at a cache line
     */
    Lane(int index, Step.Needs needs, Set<DType> used, float[] floats, int offset) {
        this.index = index;
        this.floats = floats;
        scratchOffset = offset;
        firstFloat = offset + scratch(needs);
        slotArrays = new Object[needs.slots()];
        slotOffsets = new int[needs.slots()];
        int room = needs.registers() * PITCH;
        doubles = new double[used.contains(DType.FLOAT64) ? room : 0];
        ints = new int[used.contains(DType.INT32) ? room : 0];
        longs = new long[used.contains(DType.INT64) ? room : 0];
        bytes = new byte[used.contains(DType.BOOL) || used.contains(DType.UINT8) ? room : 0];
        shorts = new short[used.contains(DType.FLOAT16) || used.contains(DType.BFLOAT16) ? room : 0];
    }

    int index() {
        return index;
    }

    float[] scratch() {
        return floats;
    }

    int scratchOffset() {
        return scratchOffset;
    }

    /** The array that holds this lane's registers of a type. */
    Object registers(DType dtype) {
        return switch (dtype) {
            case BOOL, UINT8 -> bytes;
            case INT32 -> ints;
            case INT64 -> longs;
            case FLOAT16, BFLOAT16 -> shorts;
            case FLOAT32 -> floats;
            case FLOAT64 -> doubles;
        };
    }

    /** Where a register of a type begins in its array. */
    int register(DType dtype, int number) {
        return number * PITCH + (dtype == DType.FLOAT32 ? firstFloat : 0);
    }

    /** Arrays of the operands of the chain that is running. */
    Object[] slotArrays() {
        return slotArrays;
    }

    /** Where those operands begin in their arrays. */
    int[] slotOffsets() {
        return slotOffsets;
    }

    /**
     * Tells which block of samples a chain is at.
     *
     * @param sample
     *            the one that stands first in the storages that are placed per lane
     * @param count
     *            the samples of the whole chain
     * @param first
     *            whether the block is the first of its part
     */
    void startAt(int sample, int count, boolean first) {
        firstSample = sample;
        samples = count;
        atPartStart = first;
    }

    /** Whether the block of samples is the first of its part, so that what a part sums up begins with it. */
    boolean isAtPartStart() {
        return atPartStart;
    }

    /** Where a view's elements of one unit of a step begin. */
    int at(View view, int unit) {
        Storage storage = view.storage();
        int start = storage.offset() + view.offset() + (view.rank() == 0 ? 0 : unit * view.strides()[0]);
        return storage.laneStride() == 0 ? start
                : start + index * storage.laneStride() - firstSample * (storage.size() / samples);
    }

    /** Where a whole view begins that is not cut into samples. */
    int at(View view) {
        return view.storage().offset() + view.offset();
    }
}
