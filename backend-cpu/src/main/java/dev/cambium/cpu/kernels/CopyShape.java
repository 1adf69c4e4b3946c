package dev.cambium.cpu.kernels;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The dims and strides of a {@link Movement#copy}, simplified once when a program is compiled: without axes of extent 1, ordered
 * by descending stride of the destination, neighbours merged where both sides allow it. It names the same elements as before.
 */
public final class CopyShape {
    private final int[] dims;
    private final int[] srcStrides;
    private final int[] dstStrides;

    private CopyShape(int[] dims, int[] srcStrides, int[] dstStrides) {
        this.dims = dims;
        this.srcStrides = srcStrides;
        this.dstStrides = dstStrides;
    }

    /** Simplifies dims and their strides, three arrays of equal length. */
    public static CopyShape of(int[] dims, int[] srcStrides, int[] dstStrides) {
        int[] axes = IntStream.range(0, dims.length).filter(axis -> dims[axis] != 1).boxed()
                .sorted(Comparator.comparingInt(axis -> -Math.abs(dstStrides[axis]))).mapToInt(axis -> axis).toArray();
        int[] newDims = new int[axes.length];
        int[] newSrc = new int[axes.length];
        int[] newDst = new int[axes.length];
        int rank = 0;
        for (int axis : axes) {
            int dim = dims[axis];
            boolean merges = rank > 0 && newSrc[rank - 1] == dim * srcStrides[axis]
                    && newDst[rank - 1] == dim * dstStrides[axis];
            int at = merges ? rank - 1 : rank++;
            newDims[at] = merges ? newDims[at] * dim : dim;
            newSrc[at] = srcStrides[axis];
            newDst[at] = dstStrides[axis];
        }
        return new CopyShape(Arrays.copyOf(newDims, rank), Arrays.copyOf(newSrc, rank),
                Arrays.copyOf(newDst, rank));
    }

    /** The extents of the axes; not to be written to. */
    public int[] dims() {
        return dims;
    }

    /** The strides of the source; not to be written to. */
    public int[] srcStrides() {
        return srcStrides;
    }

    /** The strides of the destination; not to be written to. */
    public int[] dstStrides() {
        return dstStrides;
    }
}
