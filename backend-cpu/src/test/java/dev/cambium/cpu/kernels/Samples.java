package dev.cambium.cpu.kernels;

import java.lang.reflect.Array;
import java.util.Random;

/** Pseudo-random numbers for the tests of kernels. */
final class Samples {
    private static final float[] SPECIAL = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, -0f, 1, -1,
            Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_NORMAL, Float.MIN_VALUE, -Float.MIN_VALUE, 0.5f, 1.5f, 2.5f,
            -0.5f, 0x1p23f, 0x1p31f, -0x1p63f, 88.8f, -104.5f};

    private Samples() {}

    /** Normal numbers. */
    static float[] normal(int n, long seed) {
        var random = new Random(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Numbers of all magnitudes with many NaNs, infinities, zeros of both signs, denormals and equals among them. */
    static float[] special(int n, long seed) {
        var random = new Random(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = switch (random.nextInt(4)) {
                case 0 -> SPECIAL[random.nextInt(SPECIAL.length)];
                case 1 -> random.nextInt(-3, 4);
                case 2 -> Float.intBitsToFloat(random.nextInt());
                default -> (float) random.nextGaussian() * 10;
            };
        }
        return values;
    }

    /** Special numbers as an array of the given class; whole numbers take the bits, bytes only 0 and 1 if {@code bool}. */
    static Object special(Class<?> component, int n, long seed) {
        var random = new Random(seed);
        float[] floats = special(n, seed);
        if (component == float.class) {
            return floats;
        }
        var array = Array.newInstance(component, n);
        for (int i = 0; i < n; i++) {
            switch (array) {
                case double[] doubles -> doubles[i] = floats[i];
                case long[] longs -> longs[i] = random.nextInt(3) == 0 ? random.nextLong() : (long) floats[i];
                case int[] ints -> ints[i] = random.nextInt(3) == 0 ? random.nextInt() : (int) floats[i];
                case short[] shorts -> shorts[i] = (short) random.nextInt();
                case byte[] bytes -> bytes[i] = (byte) random.nextInt();
                default -> throw new IllegalArgumentException(component.getName());
            }
        }
        return array;
    }
}
