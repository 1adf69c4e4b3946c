package dev.cambium.cpu.kernels;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op.ReduceKind;

/**
 * Reductions of strided tensors. Arrays as in {@link Elementwise}. How the elements of one result are added up follows from dims
 * and strides alone, never from the range of results that a call computes.
 */
public final class Reductions {
    private Reductions() {}

    /**
     * Results [from, to), in row-major order of {@code outDims}: {@code dst[dstOff + o]} combines
     * {@code src[srcOff + Σ i·outStrides + Σ r·redStrides]} over all r… below {@code redDims}, where i… is the index of result o.
     * Integers wrap. Of no elements: the sum is 0, the largest −∞ or the type's smallest, the smallest ∞ or the type's largest.
     * BOOL can't be summed; its largest is whether any, its smallest whether all are true.
     */
    public static void reduce(ReduceKind kind, DType type, Object src, int srcOff, int[] outDims, int[] outStrides,
            int[] redDims, int[] redStrides, Object dst, int dstOff, int from, int to) {
        for (int o = from; o < to; o++) {
            int at = srcOff + offset(o, outDims, outStrides);
            switch (type) {
                case FLOAT32 -> ((float[]) dst)[dstOff + o] = switch (kind) {
                    case SUM -> (float) sum(0, (float[]) src, at, redDims, redStrides);
                    case MAX -> max(0, (float[]) src, at, redDims, redStrides);
                    case MIN -> min(0, (float[]) src, at, redDims, redStrides);
                };
                case FLOAT64 -> ((double[]) dst)[dstOff + o] = switch (kind) {
                    case SUM -> sum(0, (double[]) src, at, redDims, redStrides);
                    case MAX -> max(0, (double[]) src, at, redDims, redStrides);
                    case MIN -> min(0, (double[]) src, at, redDims, redStrides);
                };
                case INT32 -> ((int[]) dst)[dstOff + o] = switch (kind) {
                    case SUM -> sum(0, (int[]) src, at, redDims, redStrides);
                    case MAX -> max(0, (int[]) src, at, redDims, redStrides);
                    case MIN -> min(0, (int[]) src, at, redDims, redStrides);
                };
                case INT64 -> ((long[]) dst)[dstOff + o] = switch (kind) {
                    case SUM -> sum(0, (long[]) src, at, redDims, redStrides);
                    case MAX -> max(0, (long[]) src, at, redDims, redStrides);
                    case MIN -> min(0, (long[]) src, at, redDims, redStrides);
                };
                case UINT8 -> ((byte[]) dst)[dstOff + o] = (byte) switch (kind) {
                    case SUM -> sum(0, (byte[]) src, at, redDims, redStrides);
                    case MAX -> max(0, (byte[]) src, at, redDims, redStrides);
                    case MIN -> min(0, (byte[]) src, at, redDims, redStrides);
                };
                case BOOL -> ((byte[]) dst)[dstOff + o] = (byte) switch (kind) {
                    case SUM -> throw Elementwise.undefined(kind, type);
                    case MAX -> max(0, (byte[]) src, at, redDims, redStrides);
                    case MIN -> min(0, (byte[]) src, at, redDims, redStrides) & 1;
                };
                case FLOAT16, BFLOAT16 -> throw Elementwise.undefined(kind, type);
            }
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
            int at = srcOff + offset(o, outDims, outStrides);
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

    /** The offset of the element with a row-major index. */
    private static int offset(int index, int[] dims, int[] strides) {
        int offset = 0;
        int rest = index;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            offset += rest % dims[axis] * strides[axis];
            rest /= dims[axis];
        }
        return offset;
    }

    private static double sum(int axis, float[] src, int at, int[] dims, int[] strides) {
        if (axis == dims.length) {
            return src[at];
        }
        double result = 0;
        for (int i = 0; i < dims[axis]; i++) {
            result += sum(axis + 1, src, at + i * strides[axis], dims, strides);
        }
        return result;
    }

    private static float max(int axis, float[] src, int at, int[] dims, int[] strides) {
        if (axis == dims.length) {
            return src[at];
        }
        float result = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < dims[axis]; i++) {
            result = Math.max(result, max(axis + 1, src, at + i * strides[axis], dims, strides));
        }
        return result;
    }

    private static float min(int axis, float[] src, int at, int[] dims, int[] strides) {
        if (axis == dims.length) {
            return src[at];
        }
        float result = Float.POSITIVE_INFINITY;
        for (int i = 0; i < dims[axis]; i++) {
            result = Math.min(result, min(axis + 1, src, at + i * strides[axis], dims, strides));
        }
        return result;
    }

    private static double sum(int axis, double[] src, int at, int[] dims, int[] strides) {
        if (axis == dims.length) {
            return src[at];
        }
        double result = 0;
        for (int i = 0; i < dims[axis]; i++) {
            result += sum(axis + 1, src, at + i * strides[axis], dims, strides);
        }
        return result;
    }

    private static double max(int axis, double[] src, int at, int[] dims, int[] strides) {
        if (axis == dims.length) {
            return src[at];
        }
        double result = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < dims[axis]; i++) {
            result = Math.max(result, max(axis + 1, src, at + i * strides[axis], dims, strides));
        }
        return result;
    }

    private static double min(int axis, double[] src, int at, int[] dims, int[] strides) {
        if (axis == dims.length) {
            return src[at];
        }
        double result = Double.POSITIVE_INFINITY;
        for (int i = 0; i < dims[axis]; i++) {
            result = Math.min(result, min(axis + 1, src, at + i * strides[axis], dims, strides));
        }
        return result;
    }

    private static int sum(int axis, int[] src, int at, int[] dims, int[] strides) {
        if (axis == dims.length) {
            return src[at];
        }
        int result = 0;
        for (int i = 0; i < dims[axis]; i++) {
            result += sum(axis + 1, src, at + i * strides[axis], dims, strides);
        }
        return result;
    }

    private static int max(int axis, int[] src, int at, int[] dims, int[] strides) {
        if (axis == dims.length) {
            return src[at];
        }
        int result = Integer.MIN_VALUE;
        for (int i = 0; i < dims[axis]; i++) {
            result = Math.max(result, max(axis + 1, src, at + i * strides[axis], dims, strides));
        }
        return result;
    }

    private static int min(int axis, int[] src, int at, int[] dims, int[] strides) {
        if (axis == dims.length) {
            return src[at];
        }
        int result = Integer.MAX_VALUE;
        for (int i = 0; i < dims[axis]; i++) {
            result = Math.min(result, min(axis + 1, src, at + i * strides[axis], dims, strides));
        }
        return result;
    }

    private static long sum(int axis, long[] src, int at, int[] dims, int[] strides) {
        if (axis == dims.length) {
            return src[at];
        }
        long result = 0;
        for (int i = 0; i < dims[axis]; i++) {
            result += sum(axis + 1, src, at + i * strides[axis], dims, strides);
        }
        return result;
    }

    private static long max(int axis, long[] src, int at, int[] dims, int[] strides) {
        if (axis == dims.length) {
            return src[at];
        }
        long result = Long.MIN_VALUE;
        for (int i = 0; i < dims[axis]; i++) {
            result = Math.max(result, max(axis + 1, src, at + i * strides[axis], dims, strides));
        }
        return result;
    }

    private static long min(int axis, long[] src, int at, int[] dims, int[] strides) {
        if (axis == dims.length) {
            return src[at];
        }
        long result = Long.MAX_VALUE;
        for (int i = 0; i < dims[axis]; i++) {
            result = Math.min(result, min(axis + 1, src, at + i * strides[axis], dims, strides));
        }
        return result;
    }

    private static int sum(int axis, byte[] src, int at, int[] dims, int[] strides) {
        if (axis == dims.length) {
            return src[at] & 0xFF;
        }
        int result = 0;
        for (int i = 0; i < dims[axis]; i++) {
            result += sum(axis + 1, src, at + i * strides[axis], dims, strides);
        }
        return result;
    }

    private static int max(int axis, byte[] src, int at, int[] dims, int[] strides) {
        if (axis == dims.length) {
            return src[at] & 0xFF;
        }
        int result = 0;
        for (int i = 0; i < dims[axis]; i++) {
            result = Math.max(result, max(axis + 1, src, at + i * strides[axis], dims, strides));
        }
        return result;
    }

    private static int min(int axis, byte[] src, int at, int[] dims, int[] strides) {
        if (axis == dims.length) {
            return src[at] & 0xFF;
        }
        int result = 0xFF;
        for (int i = 0; i < dims[axis]; i++) {
            result = Math.min(result, min(axis + 1, src, at + i * strides[axis], dims, strides));
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
