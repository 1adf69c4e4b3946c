package dev.cambium.cpu.compiler;

import java.util.Arrays;

import dev.cambium.cpu.kernels.Elementwise;
import dev.cambium.cpu.kernels.Movement;
import dev.cambium.tensor.DType;

/** Brings elements that lie anyhow into one dense run, in the order in which an elementwise chain wants them. */
final class StridedRun {
    private final int[] dims;
    private final int[] strides;

    private StridedRun(int[] dims, int[] strides) {
        this.dims = dims;
        this.strides = strides;
    }

    /**
     * The run over a view in row-major order.
     *
     * @param perSample
     *            whether runs stay within one sample of the first axis
     */
    static StridedRun of(View view, boolean perSample) {
        int[] dims = new int[view.rank()];
        int[] strides = new int[view.rank()];
        int last = -1;
        for (int k = perSample ? 1 : 0; k < view.rank(); k++) {
            int dim = view.shape().dim(k);
            int stride = view.strides()[k];
            if (dim == 1) {
                continue;
            }
            if (last >= 0 && strides[last] == stride * dim) {
                dims[last] *= dim;
                strides[last] = stride;
            } else {
                last++;
                dims[last] = dim;
                strides[last] = stride;
            }
        }
        if (last < 0) {
            return new StridedRun(new int[] {1}, new int[] {0});
        }
        return new StridedRun(Arrays.copyOf(dims, last + 1), Arrays.copyOf(strides, last + 1));
    }

    /** Whether so many elements from the beginning on are what stands at each multiple of that number. */
    boolean repeatsAfter(int count) {
        int inner = dims[dims.length - 1];
        return switch (dims.length) {
            case 1 -> strides[0] == 0;
            case 2 -> strides[0] == 0 && count % inner == 0;
            default -> false;
        };
    }

    /**
     * Copies some elements.
     *
     * @param base
     *            where element 0 of the run lies in the source
     * @param from
     *            the first element wanted
     * @param count
     *            how many
     */
    void copy(DType type, Object source, int base, int from, Object target, int targetOffset, int count) {
        int inner = dims[dims.length - 1];
        int stride = strides[strides.length - 1];
        int done = 0;
        while (done < count) {
            int column = (from + done) % inner;
            int row = (from + done) / inner;
            int run = Math.min(inner - column, count - done);
            int at = base + column * stride;
            for (int k = dims.length - 2; k >= 0; k--) {
                at += row % dims[k] * strides[k];
                row /= dims[k];
            }
            move(type, source, at, stride, target, targetOffset + done, run);
            done += run;
            if (done == inner && dims.length == 2 && strides[0] == 0) {
                repeat(target, targetOffset, done, count);
                return;
            }
        }
    }

    private static void move(DType type, Object source, int at, int stride, Object target, int targetOffset,
            int count) {
        switch (stride) {
            case 0 -> Elementwise.fill(type, source, at, target, targetOffset, count);
            case 1 -> System.arraycopy(source, at, target, targetOffset, count);
            default -> Movement.line(type, source, at, stride, target, targetOffset, count);
        }
    }

    /** Copies a period over and over, doubling what is there. */
    private static void repeat(Object target, int offset, int period, int count) {
        int done = period;
        while (done < count) {
            int more = Math.min(done, count - done);
            System.arraycopy(target, offset, target, offset + done, more);
            done += more;
        }
    }
}
