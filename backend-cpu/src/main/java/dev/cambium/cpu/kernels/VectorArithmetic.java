package dev.cambium.cpu.kernels;

import static dev.cambium.cpu.kernels.Vectors.exact;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Arithmetic of {@link Lanes}. C2 vectorises a plain loop only where it can tell that reads and writes are of different arrays,
 * which it can't within one arena. What does not fill a vector goes to the scalar twin.
 */
final class VectorArithmetic {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int L = SPECIES.length();
    /** From here on all floats are whole. */
    private static final float WHOLE = 0x1p23f;

    private VectorArithmetic() {}

    static void neg(float[] x, int xOff, float[] out, int outOff, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector v = exact(FloatVector.fromArray(SPECIES, x, xOff + i));
            v.neg().intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.neg(x, xOff + i, out, outOff + i, n - i);
        }
    }

    static void abs(float[] x, int xOff, float[] out, int outOff, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector v = exact(FloatVector.fromArray(SPECIES, x, xOff + i));
            v.abs().intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.abs(x, xOff + i, out, outOff + i, n - i);
        }
    }

    static void sign(float[] x, int xOff, float[] out, int outOff, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector v = exact(FloatVector.fromArray(SPECIES, x, xOff + i));
            FloatVector sign = v.blend(1, v.compare(VectorOperators.GT, 0)).blend(-1, v.compare(VectorOperators.LT, 0));
            sign.intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.sign(x, xOff + i, out, outOff + i, n - i);
        }
    }

    static void sqrt(float[] x, int xOff, float[] out, int outOff, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector v = exact(FloatVector.fromArray(SPECIES, x, xOff + i));
            v.sqrt().intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.sqrt(x, xOff + i, out, outOff + i, n - i);
        }
    }

    static void rsqrt(float[] x, int xOff, float[] out, int outOff, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector v = exact(FloatVector.fromArray(SPECIES, x, xOff + i));
            exact(FloatVector.broadcast(SPECIES, 1)).div(v.sqrt()).intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.rsqrt(x, xOff + i, out, outOff + i, n - i);
        }
    }

    static void reciprocal(float[] x, int xOff, float[] out, int outOff, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector v = exact(FloatVector.fromArray(SPECIES, x, xOff + i));
            exact(FloatVector.broadcast(SPECIES, 1)).div(v).intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.reciprocal(x, xOff + i, out, outOff + i, n - i);
        }
    }

    static void floor(float[] x, int xOff, float[] out, int outOff, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector v = exact(FloatVector.fromArray(SPECIES, x, xOff + i));
            FloatVector rounded = rounded(v);
            FloatVector lower = rounded.blend(rounded.sub(1), rounded.compare(VectorOperators.GT, v));
            withSign(lower, v).intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.floor(x, xOff + i, out, outOff + i, n - i);
        }
    }

    static void ceil(float[] x, int xOff, float[] out, int outOff, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector v = exact(FloatVector.fromArray(SPECIES, x, xOff + i));
            FloatVector rounded = rounded(v);
            FloatVector upper = rounded.blend(rounded.add(1), rounded.compare(VectorOperators.LT, v));
            withSign(upper, v).intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.ceil(x, xOff + i, out, outOff + i, n - i);
        }
    }

    static void round(float[] x, int xOff, float[] out, int outOff, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector v = exact(FloatVector.fromArray(SPECIES, x, xOff + i));
            rounded(v).intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.round(x, xOff + i, out, outOff + i, n - i);
        }
    }

    /** The nearest whole numbers, of two the even one, with the signs of v; what is whole, infinite or NaN stays. */
    private static FloatVector rounded(FloatVector v) {
        FloatVector size = v.abs();
        FloatVector whole = size.add(WHOLE).sub(WHOLE);
        return v.blend(withSign(whole, v), size.compare(VectorOperators.LT, WHOLE));
    }

    /** Values with the signs of others, which their own signs don't contradict. */
    private static FloatVector withSign(FloatVector values, FloatVector signs) {
        IntVector sign = signs.reinterpretAsInts().and(Integer.MIN_VALUE);
        return values.reinterpretAsInts().or(sign).reinterpretAsFloats();
    }

    static void add(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] out, int outOff, int n) {
        FloatVector a0 = exact(FloatVector.broadcast(SPECIES, a[aOff]));
        FloatVector b0 = exact(FloatVector.broadcast(SPECIES, b[bOff]));
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector x = aStep == 0 ? a0 : exact(FloatVector.fromArray(SPECIES, a, aOff + i));
            FloatVector y = bStep == 0 ? b0 : exact(FloatVector.fromArray(SPECIES, b, bOff + i));
            x.add(y).intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.add(a, aOff + i * aStep, aStep, b, bOff + i * bStep, bStep, out, outOff + i, n - i);
        }
    }

    static void sub(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] out, int outOff, int n) {
        FloatVector a0 = exact(FloatVector.broadcast(SPECIES, a[aOff]));
        FloatVector b0 = exact(FloatVector.broadcast(SPECIES, b[bOff]));
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector x = aStep == 0 ? a0 : exact(FloatVector.fromArray(SPECIES, a, aOff + i));
            FloatVector y = bStep == 0 ? b0 : exact(FloatVector.fromArray(SPECIES, b, bOff + i));
            x.sub(y).intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.sub(a, aOff + i * aStep, aStep, b, bOff + i * bStep, bStep, out, outOff + i, n - i);
        }
    }

    static void mul(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] out, int outOff, int n) {
        FloatVector a0 = exact(FloatVector.broadcast(SPECIES, a[aOff]));
        FloatVector b0 = exact(FloatVector.broadcast(SPECIES, b[bOff]));
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector x = aStep == 0 ? a0 : exact(FloatVector.fromArray(SPECIES, a, aOff + i));
            FloatVector y = bStep == 0 ? b0 : exact(FloatVector.fromArray(SPECIES, b, bOff + i));
            x.mul(y).intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.mul(a, aOff + i * aStep, aStep, b, bOff + i * bStep, bStep, out, outOff + i, n - i);
        }
    }

    static void div(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] out, int outOff, int n) {
        FloatVector a0 = exact(FloatVector.broadcast(SPECIES, a[aOff]));
        FloatVector b0 = exact(FloatVector.broadcast(SPECIES, b[bOff]));
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector x = aStep == 0 ? a0 : exact(FloatVector.fromArray(SPECIES, a, aOff + i));
            FloatVector y = bStep == 0 ? b0 : exact(FloatVector.fromArray(SPECIES, b, bOff + i));
            x.div(y).intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.div(a, aOff + i * aStep, aStep, b, bOff + i * bStep, bStep, out, outOff + i, n - i);
        }
    }

    static void max(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] out, int outOff, int n) {
        FloatVector a0 = exact(FloatVector.broadcast(SPECIES, a[aOff]));
        FloatVector b0 = exact(FloatVector.broadcast(SPECIES, b[bOff]));
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector x = aStep == 0 ? a0 : exact(FloatVector.fromArray(SPECIES, a, aOff + i));
            FloatVector y = bStep == 0 ? b0 : exact(FloatVector.fromArray(SPECIES, b, bOff + i));
            x.max(y).intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.max(a, aOff + i * aStep, aStep, b, bOff + i * bStep, bStep, out, outOff + i, n - i);
        }
    }

    static void min(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] out, int outOff, int n) {
        FloatVector a0 = exact(FloatVector.broadcast(SPECIES, a[aOff]));
        FloatVector b0 = exact(FloatVector.broadcast(SPECIES, b[bOff]));
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector x = aStep == 0 ? a0 : exact(FloatVector.fromArray(SPECIES, a, aOff + i));
            FloatVector y = bStep == 0 ? b0 : exact(FloatVector.fromArray(SPECIES, b, bOff + i));
            x.min(y).intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.min(a, aOff + i * aStep, aStep, b, bOff + i * bStep, bStep, out, outOff + i, n - i);
        }
    }
}
