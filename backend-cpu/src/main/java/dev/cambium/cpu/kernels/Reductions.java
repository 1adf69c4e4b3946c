package dev.cambium.cpu.kernels;

import java.util.Arrays;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op.BinaryKind;
import dev.cambium.tensor.Op.ReduceKind;

/**
 * Reductions of strided tensors. Arrays as in {@link Elementwise}. How the elements of one result are added up follows from dims
 * and strides alone, never from the range of results that a call computes.
 */
public final class Reductions {
    /** Up to so many doubles are added one after the other. */
    private static final int PAIRWISE = 64;

    private static final LanesInUse LANES = new LanesInUse(LanesWarmUp::reductions);

    private Reductions() {}

    /**
     * Runs the vector loops of this class until the JIT compiler has compiled them, some tenths of a second, and only then takes
     * them into use; until then scalar loops run. Results are the same. Returns whether they are in use. To be submitted to {@link WarmUps}.
     */
    public static boolean warmUp() {
        return LANES.warmUp();
    }

    /**
     * Results [from, to), in row-major order of {@code outDims}: {@code dst[dstOff + o]} combines
     * {@code src[srcOff + Σ i·outStrides + Σ r·redStrides]} over all r… below {@code redDims}, where i… is the index of result o.
     * Integers wrap. Of no elements: the sum is 0, the largest −∞ or the type's smallest, the smallest ∞ or the type's largest.
     * BOOL can't be summed; its largest is whether any, its smallest whether all are true.
     */
    public static void reduce(ReduceKind kind, DType type, Object src, int srcOff, int[] outDims, int[] outStrides,
            int[] redDims, int[] redStrides, Object dst, int dstOff, int from, int to) {
        switch (type) {
            case FLOAT32 -> reduce(kind, (float[]) src, srcOff, outDims, outStrides, redDims, redStrides, (float[]) dst,
                    dstOff, from, to);
            case FLOAT64 -> reduce(kind, (double[]) src, srcOff, outDims, outStrides, redDims, redStrides,
                    (double[]) dst, dstOff, from, to);
            case INT32 -> reduce(kind, (int[]) src, srcOff, outDims, outStrides, redDims, redStrides, (int[]) dst,
                    dstOff, from, to);
            case INT64 -> reduce(kind, (long[]) src, srcOff, outDims, outStrides, redDims, redStrides, (long[]) dst,
                    dstOff, from, to);
            case UINT8, BOOL -> reduce(kind, type, (byte[]) src, srcOff, outDims, outStrides, redDims, redStrides,
                    (byte[]) dst, dstOff, from, to);
            case FLOAT16, BFLOAT16 -> throw Elementwise.undefined(kind, type);
        }
    }

    private static void reduce(ReduceKind kind, float[] src, int srcOff, int[] outDims, int[] outStrides, int[] redDims,
            int[] redStrides, float[] dst, int dstOff, int from, int to) {
        int inner = outDims.length - 1;
        boolean rows = inner >= 0 && redDims.length > 0 && outDims[inner] > 1 && outStrides[inner] == 1;
        for (int o = from; o < to;) {
            int count = rows ? Math.min(outDims[inner] - o % outDims[inner], to - o) : 1;
            int at = srcOff + offset(o, outDims, outStrides, outDims.length);
            int out = dstOff + o;
            switch (kind) {
                case SUM -> {
                    if (rows) {
                        LANES.get().sumRows(src, at, redDims, redStrides, dst, out, count);
                    } else {
                        dst[out] = (float) sum(0, src, at, redDims, redStrides);
                    }
                }
                case MAX -> {
                    if (rows) {
                        Arrays.fill(dst, out, out + count, Float.NEGATIVE_INFINITY);
                        combineRows(BinaryKind.MAX, 0, src, at, redDims, redStrides, dst, out, count);
                    } else {
                        dst[out] = max(0, src, at, redDims, redStrides);
                    }
                }
                case MIN -> {
                    if (rows) {
                        Arrays.fill(dst, out, out + count, Float.POSITIVE_INFINITY);
                        combineRows(BinaryKind.MIN, 0, src, at, redDims, redStrides, dst, out, count);
                    } else {
                        dst[out] = min(0, src, at, redDims, redStrides);
                    }
                }
            }
            o += count;
        }
    }

    private static void combineRows(BinaryKind kind, int axis, float[] src, int at, int[] dims, int[] strides,
            float[] dst, int out, int columns) {
        if (axis == dims.length) {
            LANES.get().binary(kind, dst, out, 1, src, at, 1, dst, out, columns);
            return;
        }
        for (int i = 0; i < dims[axis]; i++) {
            combineRows(kind, axis + 1, src, at + i * strides[axis], dims, strides, dst, out, columns);
        }
    }

    private static void reduce(ReduceKind kind, double[] src, int srcOff, int[] outDims, int[] outStrides,
            int[] redDims, int[] redStrides, double[] dst, int dstOff, int from, int to) {
        for (int o = from; o < to; o++) {
            int at = srcOff + offset(o, outDims, outStrides, outDims.length);
            dst[dstOff + o] = switch (kind) {
                case SUM -> sum(0, src, at, redDims, redStrides);
                case MAX -> max(0, src, at, redDims, redStrides);
                case MIN -> min(0, src, at, redDims, redStrides);
            };
        }
    }

    private static void reduce(ReduceKind kind, int[] src, int srcOff, int[] outDims, int[] outStrides, int[] redDims,
            int[] redStrides, int[] dst, int dstOff, int from, int to) {
        for (int o = from; o < to; o++) {
            int at = srcOff + offset(o, outDims, outStrides, outDims.length);
            dst[dstOff + o] = switch (kind) {
                case SUM -> sum(0, src, at, redDims, redStrides);
                case MAX -> max(0, src, at, redDims, redStrides);
                case MIN -> min(0, src, at, redDims, redStrides);
            };
        }
    }

    private static void reduce(ReduceKind kind, long[] src, int srcOff, int[] outDims, int[] outStrides, int[] redDims,
            int[] redStrides, long[] dst, int dstOff, int from, int to) {
        for (int o = from; o < to; o++) {
            int at = srcOff + offset(o, outDims, outStrides, outDims.length);
            dst[dstOff + o] = switch (kind) {
                case SUM -> sum(0, src, at, redDims, redStrides);
                case MAX -> max(0, src, at, redDims, redStrides);
                case MIN -> min(0, src, at, redDims, redStrides);
            };
        }
    }

    private static void reduce(ReduceKind kind, DType type, byte[] src, int srcOff, int[] outDims, int[] outStrides,
            int[] redDims, int[] redStrides, byte[] dst, int dstOff, int from, int to) {
        if (kind == ReduceKind.SUM && type == DType.BOOL) {
            throw Elementwise.undefined(kind, type);
        }
        int largest = type == DType.BOOL ? 1 : 0xFF;
        for (int o = from; o < to; o++) {
            int at = srcOff + offset(o, outDims, outStrides, outDims.length);
            dst[dstOff + o] = (byte) switch (kind) {
                case SUM -> sum(0, src, at, redDims, redStrides);
                case MAX -> max(0, src, at, redDims, redStrides);
                case MIN -> Math.min(largest, min(0, src, at, redDims, redStrides));
            };
        }
    }

    /**
     * Results [from, to), in row-major order of {@code outDims}: {@code dst[dstOff + o]} is the r in 0 … extent − 1 with the
     * largest {@code src[srcOff + Σ i·outStrides + r·stride]}; NaN is largest, of equals the first.
     *
     * @param extent
     *            at least 1
     */
    public static void argMax(DType type, Object src, int srcOff, int[] outDims, int[] outStrides, int extent,
            int stride, long[] dst, int dstOff, int from, int to) {
        for (int o = from; o < to; o++) {
            int at = srcOff + offset(o, outDims, outStrides, outDims.length);
            dst[dstOff + o] = switch (type) {
                case FLOAT32 -> argMax((float[]) src, at, extent, stride);
                case FLOAT64 -> argMax((double[]) src, at, extent, stride);
                case INT32 -> argMax((int[]) src, at, extent, stride);
                case INT64 -> argMax((long[]) src, at, extent, stride);
                case UINT8, BOOL -> argMax((byte[]) src, at, extent, stride);
                case FLOAT16, BFLOAT16 -> throw new IllegalArgumentException("argMax is not defined for " + type);
            };
        }
    }

    /** The number of indices of the first {@code rank} axes. */
    static int size(int[] dims, int rank) {
        int size = 1;
        for (int axis = 0; axis < rank; axis++) {
            size *= dims[axis];
        }
        return size;
    }

    /** The offset of the element with a row-major index of the first {@code rank} axes. */
    static int offset(int index, int[] dims, int[] strides, int rank) {
        int offset = 0;
        int rest = index;
        for (int axis = rank - 1; axis >= 0; axis--) {
            offset += rest % dims[axis] * strides[axis];
            rest /= dims[axis];
        }
        return offset;
    }

    private static double sum(int axis, float[] src, int at, int[] dims, int[] strides) {
        double result = 0;
        if (axis < dims.length - 1) {
            for (int i = 0; i < dims[axis]; i++) {
                result += sum(axis + 1, src, at + i * strides[axis], dims, strides);
            }
            return result;
        }
        int n = axis < dims.length ? dims[axis] : 1;
        int stride = axis < dims.length ? strides[axis] : 0;
        if (n >= ScalarReductions.GROUP && stride == 1) {
            return LANES.get().sum(src, at, n);
        }
        for (int i = 0; i < n; i++) {
            result += src[at + i * stride];
        }
        return result;
    }

    private static float max(int axis, float[] src, int at, int[] dims, int[] strides) {
        float result = Float.NEGATIVE_INFINITY;
        if (axis < dims.length - 1) {
            for (int i = 0; i < dims[axis]; i++) {
                result = Math.max(result, max(axis + 1, src, at + i * strides[axis], dims, strides));
            }
            return result;
        }
        int n = axis < dims.length ? dims[axis] : 1;
        int stride = axis < dims.length ? strides[axis] : 0;
        if (stride == 1) {
            return LANES.get().max(src, at, n);
        }
        for (int i = 0; i < n; i++) {
            result = Math.max(result, src[at + i * stride]);
        }
        return result;
    }

    private static float min(int axis, float[] src, int at, int[] dims, int[] strides) {
        float result = Float.POSITIVE_INFINITY;
        if (axis < dims.length - 1) {
            for (int i = 0; i < dims[axis]; i++) {
                result = Math.min(result, min(axis + 1, src, at + i * strides[axis], dims, strides));
            }
            return result;
        }
        int n = axis < dims.length ? dims[axis] : 1;
        int stride = axis < dims.length ? strides[axis] : 0;
        if (stride == 1) {
            return LANES.get().min(src, at, n);
        }
        for (int i = 0; i < n; i++) {
            result = Math.min(result, src[at + i * stride]);
        }
        return result;
    }

    private static double sum(int axis, double[] src, int at, int[] dims, int[] strides) {
        return axis == dims.length ? src[at] : sum(axis, 0, dims[axis], src, at, dims, strides);
    }

    /** Adds up halves, so that the error of a long sum grows with the logarithm of its length only. */
    private static double sum(int axis, int from, int to, double[] src, int at, int[] dims, int[] strides) {
        if (to - from > PAIRWISE) {
            int middle = (from + to) >>> 1;
            return sum(axis, from, middle, src, at, dims, strides) + sum(axis, middle, to, src, at, dims, strides);
        }
        double result = 0;
        if (axis < dims.length - 1) {
            for (int i = from; i < to; i++) {
                result += sum(axis + 1, src, at + i * strides[axis], dims, strides);
            }
        } else {
            for (int i = from; i < to; i++) {
                result += src[at + i * strides[axis]];
            }
        }
        return result;
    }

    private static double max(int axis, double[] src, int at, int[] dims, int[] strides) {
        double result = Double.NEGATIVE_INFINITY;
        if (axis < dims.length - 1) {
            for (int i = 0; i < dims[axis]; i++) {
                result = Math.max(result, max(axis + 1, src, at + i * strides[axis], dims, strides));
            }
            return result;
        }
        int n = axis < dims.length ? dims[axis] : 1;
        int stride = axis < dims.length ? strides[axis] : 0;
        for (int i = 0; i < n; i++) {
            result = Math.max(result, src[at + i * stride]);
        }
        return result;
    }

    private static double min(int axis, double[] src, int at, int[] dims, int[] strides) {
        double result = Double.POSITIVE_INFINITY;
        if (axis < dims.length - 1) {
            for (int i = 0; i < dims[axis]; i++) {
                result = Math.min(result, min(axis + 1, src, at + i * strides[axis], dims, strides));
            }
            return result;
        }
        int n = axis < dims.length ? dims[axis] : 1;
        int stride = axis < dims.length ? strides[axis] : 0;
        for (int i = 0; i < n; i++) {
            result = Math.min(result, src[at + i * stride]);
        }
        return result;
    }

    private static int sum(int axis, int[] src, int at, int[] dims, int[] strides) {
        int result = 0;
        if (axis < dims.length - 1) {
            for (int i = 0; i < dims[axis]; i++) {
                result += sum(axis + 1, src, at + i * strides[axis], dims, strides);
            }
            return result;
        }
        int n = axis < dims.length ? dims[axis] : 1;
        int stride = axis < dims.length ? strides[axis] : 0;
        for (int i = 0; i < n; i++) {
            result += src[at + i * stride];
        }
        return result;
    }

    private static int max(int axis, int[] src, int at, int[] dims, int[] strides) {
        int result = Integer.MIN_VALUE;
        if (axis < dims.length - 1) {
            for (int i = 0; i < dims[axis]; i++) {
                result = Math.max(result, max(axis + 1, src, at + i * strides[axis], dims, strides));
            }
            return result;
        }
        int n = axis < dims.length ? dims[axis] : 1;
        int stride = axis < dims.length ? strides[axis] : 0;
        for (int i = 0; i < n; i++) {
            result = Math.max(result, src[at + i * stride]);
        }
        return result;
    }

    private static int min(int axis, int[] src, int at, int[] dims, int[] strides) {
        int result = Integer.MAX_VALUE;
        if (axis < dims.length - 1) {
            for (int i = 0; i < dims[axis]; i++) {
                result = Math.min(result, min(axis + 1, src, at + i * strides[axis], dims, strides));
            }
            return result;
        }
        int n = axis < dims.length ? dims[axis] : 1;
        int stride = axis < dims.length ? strides[axis] : 0;
        for (int i = 0; i < n; i++) {
            result = Math.min(result, src[at + i * stride]);
        }
        return result;
    }

    private static long sum(int axis, long[] src, int at, int[] dims, int[] strides) {
        long result = 0;
        if (axis < dims.length - 1) {
            for (int i = 0; i < dims[axis]; i++) {
                result += sum(axis + 1, src, at + i * strides[axis], dims, strides);
            }
            return result;
        }
        int n = axis < dims.length ? dims[axis] : 1;
        int stride = axis < dims.length ? strides[axis] : 0;
        for (int i = 0; i < n; i++) {
            result += src[at + i * stride];
        }
        return result;
    }

    private static long max(int axis, long[] src, int at, int[] dims, int[] strides) {
        long result = Long.MIN_VALUE;
        if (axis < dims.length - 1) {
            for (int i = 0; i < dims[axis]; i++) {
                result = Math.max(result, max(axis + 1, src, at + i * strides[axis], dims, strides));
            }
            return result;
        }
        int n = axis < dims.length ? dims[axis] : 1;
        int stride = axis < dims.length ? strides[axis] : 0;
        for (int i = 0; i < n; i++) {
            result = Math.max(result, src[at + i * stride]);
        }
        return result;
    }

    private static long min(int axis, long[] src, int at, int[] dims, int[] strides) {
        long result = Long.MAX_VALUE;
        if (axis < dims.length - 1) {
            for (int i = 0; i < dims[axis]; i++) {
                result = Math.min(result, min(axis + 1, src, at + i * strides[axis], dims, strides));
            }
            return result;
        }
        int n = axis < dims.length ? dims[axis] : 1;
        int stride = axis < dims.length ? strides[axis] : 0;
        for (int i = 0; i < n; i++) {
            result = Math.min(result, src[at + i * stride]);
        }
        return result;
    }

    private static int sum(int axis, byte[] src, int at, int[] dims, int[] strides) {
        int result = 0;
        if (axis < dims.length - 1) {
            for (int i = 0; i < dims[axis]; i++) {
                result += sum(axis + 1, src, at + i * strides[axis], dims, strides);
            }
            return result;
        }
        int n = axis < dims.length ? dims[axis] : 1;
        int stride = axis < dims.length ? strides[axis] : 0;
        for (int i = 0; i < n; i++) {
            result += (src[at + i * stride] & 0xFF);
        }
        return result;
    }

    private static int max(int axis, byte[] src, int at, int[] dims, int[] strides) {
        int result = 0;
        if (axis < dims.length - 1) {
            for (int i = 0; i < dims[axis]; i++) {
                result = Math.max(result, max(axis + 1, src, at + i * strides[axis], dims, strides));
            }
            return result;
        }
        int n = axis < dims.length ? dims[axis] : 1;
        int stride = axis < dims.length ? strides[axis] : 0;
        for (int i = 0; i < n; i++) {
            result = Math.max(result, (src[at + i * stride] & 0xFF));
        }
        return result;
    }

    private static int min(int axis, byte[] src, int at, int[] dims, int[] strides) {
        int result = 0xFF;
        if (axis < dims.length - 1) {
            for (int i = 0; i < dims[axis]; i++) {
                result = Math.min(result, min(axis + 1, src, at + i * strides[axis], dims, strides));
            }
            return result;
        }
        int n = axis < dims.length ? dims[axis] : 1;
        int stride = axis < dims.length ? strides[axis] : 0;
        for (int i = 0; i < n; i++) {
            result = Math.min(result, (src[at + i * stride] & 0xFF));
        }
        return result;
    }

    private static int argMax(float[] src, int at, int extent, int stride) {
        int best = 0;
        float largest = src[at];
        for (int i = 1; i < extent && !Float.isNaN(largest); i++) {
            float value = src[at + i * stride];
            if (value > largest || Float.isNaN(value)) {
                best = i;
                largest = value;
            }
        }
        return best;
    }

    private static int argMax(double[] src, int at, int extent, int stride) {
        int best = 0;
        double largest = src[at];
        for (int i = 1; i < extent && !Double.isNaN(largest); i++) {
            double value = src[at + i * stride];
            if (value > largest || Double.isNaN(value)) {
                best = i;
                largest = value;
            }
        }
        return best;
    }

    private static int argMax(int[] src, int at, int extent, int stride) {
        int best = 0;
        for (int i = 1; i < extent; i++) {
            if (src[at + i * stride] > src[at + best * stride]) {
                best = i;
            }
        }
        return best;
    }

    private static int argMax(long[] src, int at, int extent, int stride) {
        int best = 0;
        for (int i = 1; i < extent; i++) {
            if (src[at + i * stride] > src[at + best * stride]) {
                best = i;
            }
        }
        return best;
    }

    private static int argMax(byte[] src, int at, int extent, int stride) {
        int best = 0;
        for (int i = 1; i < extent; i++) {
            if ((src[at + i * stride] & 0xFF) > (src[at + best * stride] & 0xFF)) {
                best = i;
            }
        }
        return best;
    }
}
