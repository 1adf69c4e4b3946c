package dev.cambium.golden;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.util.ArrayList;
import java.util.List;

/**
 * The contents of a tensor as JSON tokens in row-major order. Numbers read back to the same bits; what JSON has no
 * number for is the string that {@link Double#parseDouble} reads: {@code "NaN"}, {@code "Infinity"},
 * {@code "-Infinity"}. Booleans are 0 and 1.
 */
record Values(String dtype, long[] shape, List<String> tokens) {

    static Values of(Tensor tensor) {
        Tensor dense = tensor.detach().contiguous();
        ScalarType type = dense.scalar_type().intern();
        int count = Math.toIntExact(dense.numel());
        List<String> tokens = new ArrayList<>(count);
        String dtype = switch (type) {
            case Double -> {
                double[] data = doubles(dense);
                for (double value : data) {
                    tokens.add(token(value, Double.toString(value)));
                }
                yield "float64";
            }
            case Float -> {
                for (double value : doubles(dense.to(ScalarType.Double))) {
                    tokens.add(token(value, Float.toString((float) value)));
                }
                yield "float32";
            }
            case Long -> {
                for (double value : doubles(dense.to(ScalarType.Double))) {
                    tokens.add(Long.toString((long) value));
                }
                yield "int64";
            }
            case Bool -> {
                for (double value : doubles(dense.to(ScalarType.Double))) {
                    tokens.add(value == 0 ? "0" : "1");
                }
                yield "bool";
            }
            default -> throw new IllegalArgumentException("no name for tensors of type " + type);
        };
        return new Values(dtype, dense.shape(), List.copyOf(tokens));
    }

    /** The elements of a float64 tensor in row-major order. */
    static double[] doubles(Tensor tensor) {
        double[] data = new double[Math.toIntExact(tensor.numel())];
        new DoublePointer(tensor.contiguous().data_ptr()).get(data);
        return data;
    }

    private static String token(double value, String digits) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return '"' + digits + '"';
        }
        boolean negativeZero = value == 0 && 1 / value < 0;
        return digits.endsWith(".0") && !negativeZero ? digits.substring(0, digits.length() - 2) : digits;
    }
}
