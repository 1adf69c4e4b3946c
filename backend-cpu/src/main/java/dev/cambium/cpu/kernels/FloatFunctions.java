package dev.cambium.cpu.kernels;

/**
 * Elementary functions of floats, within 2 units in the last place of the exact value. Each is the definition that
 * {@link VectorFunctions} evaluates for many elements at once, step for step, so both give the same bits (of NaNs, only that they
 * are NaNs). Polynomials are minimax fits of the relative error, made with Lawson's algorithm and rounded to floats one
 * coefficient after the other. All of it needs fused multiply-add; without that the JDK's functions of doubles take the place.
 */
final class FloatFunctions {
    /** Added to a float below 2²² it rounds that to a whole number, which then stands in the low bits of the sum. */
    static final float ROUNDER = 0x1.8p23f;
    static final int ROUNDER_BITS = 0x4B400000;
    static final int SIGN = Integer.MIN_VALUE;

    static final float LOG2_E = 0x1.715476p0f;
    static final float LN2_HIGH = 0x1.62E43p-1f;
    static final float LN2_LOW = -0x1.05C61p-29f;

    /** Below, e to the x rounds to 0; above, it is infinite. */
    static final float EXP_LOW = -104;
    static final float EXP_HIGH = 89;
    /** (eˣ − 1 − x) / x² for |x| up to ln 2 / 2. */
    static final float EXP_0 = 0x1.fffffcp-2f;
    static final float EXP_1 = 0x1.555492p-3f;
    static final float EXP_2 = 0x1.5558aap-5f;
    static final float EXP_3 = 0x1.12396ep-7f;
    static final float EXP_4 = 0x1.6a524ep-10f;

    /** Below, e to the x less 1 rounds to −1. */
    static final float EXPM1_LOW = -30;
    /** Up to here x is not reduced, so that no digits cancel. */
    static final float EXPM1_SMALL = 0.5f;
    /** (eˣ − 1 − x) / x² for |x| up to 1 / 2. */
    static final float EXPM1_0 = 0x1.000002p-1f;
    static final float EXPM1_1 = 0x1.555558p-3f;
    static final float EXPM1_2 = 0x1.5551bep-5f;
    static final float EXPM1_3 = 0x1.110d08p-7f;
    static final float EXPM1_4 = 0x1.6f4a6ep-10f;
    static final float EXPM1_5 = 0x1.a53e36p-13f;

    static final int SQRT_HALF_BITS = 0x3F3504F3;
    static final int MANTISSA = 0x7FFFFF;
    /** (ln(1 + f) − f + f² / 2) / f³ for 1 + f from √½ to √2. */
    static final float LOG_0 = 0x1.555554p-2f;
    static final float LOG_1 = -0x1.000226p-2f;
    static final float LOG_2 = 0x1.99a01cp-3f;
    static final float LOG_3 = -0x1.54728ap-3f;
    static final float LOG_4 = 0x1.22d92ep-3f;
    static final float LOG_5 = -0x1.0d8242p-3f;
    static final float LOG_6 = 0x1.055ec6p-3f;
    static final float LOG_7 = -0x1.38c9dep-4f;

    /** Up to here three floats hold enough of π / 2 to reduce an angle; beyond it the JDK does it. */
    static final float ANGLE_LIMIT = 0x1p15f;
    static final float TWO_OVER_PI = 0x1.45F306p-1f;
    static final float HALF_PI_HIGH = 0x1.921FB6p0f;
    static final float HALF_PI_MIDDLE = -0x1.777A5Cp-25f;
    static final float HALF_PI_LOW = -0x1.EE59DAp-50f;
    /** (sin r − r) / r³ and (cos r − 1 + r² / 2) / r⁴ in powers of r², for |r| up to π / 4. */
    static final float SIN_0 = -0x1.555546p-3f;
    static final float SIN_1 = 0x1.110776p-7f;
    static final float SIN_2 = -0x1.9952fep-13f;
    static final float COS_0 = 0x1.55554ap-5f;
    static final float COS_1 = -0x1.6c0c28p-10f;
    static final float COS_2 = 0x1.99e80cp-16f;

    /** (tanh x − x) / x³ in powers of x², for |x| up to 0.63. */
    static final float TANH_SMALL = 0.625f;
    /** From here on it rounds to 1. */
    static final float TANH_ONE = 10;
    static final float TANH_0 = -0x1.55553p-2f;
    static final float TANH_1 = 0x1.110684p-3f;
    static final float TANH_2 = -0x1.b82628p-5f;
    static final float TANH_3 = 0x1.51904p-6f;
    static final float TANH_4 = -0x1.732bcep-8f;

    /** erf x / x − 1 in powers of x², for |x| up to 0.84375. */
    static final float ERF_SMALL = 0.84375f;
    static final float ERF_0 = 0x1.06eba8p-3f;
    static final float ERF_1 = -0x1.812728p-2f;
    static final float ERF_2 = 0x1.ce25e8p-4f;
    static final float ERF_3 = -0x1.b73f58p-6f;
    static final float ERF_4 = 0x1.4bbc48p-8f;
    static final float ERF_5 = -0x1.4e3b52p-11f;
    /** ln(1 − erf x) / x + 1 for x from 0.84375 to 4, where erf rounds to 1. */
    static final float ERF_ONE = 4;
    static final float ERFC_0 = -0x1.073aecp-3f;
    static final float ERFC_1 = -0x1.4575b2p-1f;
    static final float ERFC_2 = -0x1.af7388p-4f;
    static final float ERFC_3 = 0x1.77cdacp-6f;
    static final float ERFC_4 = -0x1.a75736p-9f;
    static final float ERFC_5 = 0x1.c493c4p-13f;

    private FloatFunctions() {}

    static float exp(float x) {
        float y = x < EXP_LOW ? EXP_LOW : x;
        y = y > EXP_HIGH ? EXP_HIGH : y;
        float rounded = Math.fma(y, LOG2_E, ROUNDER);
        float n = rounded - ROUNDER;
        float r = Math.fma(n, -LN2_HIGH, y);
        r = Math.fma(n, -LN2_LOW, r);
        float p = Math.fma(EXP_4, r, EXP_3);
        p = Math.fma(p, r, EXP_2);
        p = Math.fma(p, r, EXP_1);
        p = Math.fma(p, r, EXP_0);
        p = Math.fma(p, r * r, r) + 1;
        int k = Float.floatToRawIntBits(rounded) - ROUNDER_BITS;
        int half = k >> 1;
        return p * powerOfTwo(half) * powerOfTwo(k - half);
    }

    static float expm1(float x) {
        float y = x < EXPM1_LOW ? EXPM1_LOW : x;
        y = y > EXP_HIGH ? EXP_HIGH : y;
        boolean small = Math.abs(y) < EXPM1_SMALL;
        float rounded = Math.fma(y, LOG2_E, ROUNDER);
        rounded = small ? ROUNDER : rounded;
        float n = rounded - ROUNDER;
        float r = Math.fma(n, -LN2_HIGH, y);
        r = Math.fma(n, -LN2_LOW, r);
        float p = Math.fma(EXPM1_5, r, EXPM1_4);
        p = Math.fma(p, r, EXPM1_3);
        p = Math.fma(p, r, EXPM1_2);
        p = Math.fma(p, r, EXPM1_1);
        p = Math.fma(p, r, EXPM1_0);
        p = Math.fma(p, r * r, r);
        float scale = powerOfTwo(Float.floatToRawIntBits(rounded) - ROUNDER_BITS - 1);
        float scaled = Math.fma(p, scale, scale - 0.5f) * 2;
        return withSign(small ? p : scaled, x);
    }

    static float log(float x) {
        boolean tiny = x < Float.MIN_NORMAL;
        float y = tiny ? x * 0x1p23f : x;
        int bits = Float.floatToRawIntBits(y) - SQRT_HALF_BITS;
        float k = (float) (bits >> 23) - (tiny ? 23 : 0);
        float f = Float.intBitsToFloat((bits & MANTISSA) + SQRT_HALF_BITS) - 1;
        float square = f * f;
        float p = logPolynomial(f);
        p = Math.fma(f * square, p, k * LN2_LOW);
        p = Math.fma(square, -0.5f, p);
        float result = Math.fma(k, LN2_HIGH, f + p);
        result = x < Float.POSITIVE_INFINITY ? result : x;
        result = x < 0 ? Float.NaN : result;
        return x == 0 ? Float.NEGATIVE_INFINITY : result;
    }

    static float log1p(float x) {
        float u = 1 + x;
        float part = u - 1;
        float lost = (x - part) + (1 - (u - part));
        int bits = Float.floatToRawIntBits(u) - SQRT_HALF_BITS;
        float k = (float) (bits >> 23);
        float f = Float.intBitsToFloat((bits & MANTISSA) + SQRT_HALF_BITS) - 1;
        f = k == 0 ? x : f;
        float square = f * f;
        float p = logPolynomial(f);
        p = Math.fma(f * square, p, k * LN2_LOW);
        p = Math.fma(square, -0.5f, p);
        float result = Math.fma(k, LN2_HIGH, f + (p + lost / u));
        result = k == 0 ? f + p : result;
        result = x < Float.POSITIVE_INFINITY ? result : x;
        result = x < -1 ? Float.NaN : result;
        return x == -1 ? Float.NEGATIVE_INFINITY : result;
    }

    private static float logPolynomial(float f) {
        float p = Math.fma(LOG_7, f, LOG_6);
        p = Math.fma(p, f, LOG_5);
        p = Math.fma(p, f, LOG_4);
        p = Math.fma(p, f, LOG_3);
        p = Math.fma(p, f, LOG_2);
        p = Math.fma(p, f, LOG_1);
        return Math.fma(p, f, LOG_0);
    }

    static float sin(float x) {
        float angle = Math.abs(x);
        return angle < ANGLE_LIMIT ? withFlippedSign(sinOfTurned(angle, 0), x) : (float) Math.sin(x);
    }

    static float cos(float x) {
        float angle = Math.abs(x);
        return angle < ANGLE_LIMIT ? sinOfTurned(angle, 1) : (float) Math.cos(x);
    }

    /** The sine of an angle in 0 … {@link #ANGLE_LIMIT} plus so many right angles. */
    private static float sinOfTurned(float angle, int rightAngles) {
        float rounded = Math.fma(angle, TWO_OVER_PI, ROUNDER);
        float n = rounded - ROUNDER;
        float r = Math.fma(n, -HALF_PI_HIGH, angle);
        r = Math.fma(n, -HALF_PI_MIDDLE, r);
        r = Math.fma(n, -HALF_PI_LOW, r);
        float square = r * r;
        float s = Math.fma(SIN_2, square, SIN_1);
        s = Math.fma(s, square, SIN_0);
        s = Math.fma(r * square, s, r);
        float c = Math.fma(COS_2, square, COS_1);
        c = Math.fma(c, square, COS_0);
        c = Math.fma(square * square, c, Math.fma(square, -0.5f, 1));
        int quadrant = Float.floatToRawIntBits(rounded) + rightAngles;
        float result = (quadrant & 1) == 0 ? s : c;
        return Float.intBitsToFloat(Float.floatToRawIntBits(result) ^ ((quadrant & 2) << 30));
    }

    static float tanh(float x) {
        float a = Math.abs(x);
        float square = a * a;
        float p = Math.fma(TANH_4, square, TANH_3);
        p = Math.fma(p, square, TANH_2);
        p = Math.fma(p, square, TANH_1);
        p = Math.fma(p, square, TANH_0);
        float small = Math.fma(a * square, p, a);
        float t = a > TANH_ONE ? TANH_ONE : a;
        float large = 1 - 2 / (exp(t + t) + 1);
        return withSign(a < TANH_SMALL ? small : large, x);
    }

    static float sigmoid(float x) {
        float e = exp(-Math.abs(x));
        float sum = e + 1;
        float lost = e - (sum - 1);
        float q = e / sum;
        float small = Math.fma(q * lost, q - 1, q);
        return x < 0 ? small : 1 - small;
    }

    static float erf(float x) {
        float a = Math.abs(x);
        float square = a * a;
        float p = Math.fma(ERF_5, square, ERF_4);
        p = Math.fma(p, square, ERF_3);
        p = Math.fma(p, square, ERF_2);
        p = Math.fma(p, square, ERF_1);
        p = Math.fma(p, square, ERF_0);
        float small = Math.fma(x, p, x);
        float t = a > ERF_ONE ? ERF_ONE : a;
        float q = Math.fma(ERFC_5, t, ERFC_4);
        q = Math.fma(q, t, ERFC_3);
        q = Math.fma(q, t, ERFC_2);
        q = Math.fma(q, t, ERFC_1);
        q = Math.fma(q, t, ERFC_0);
        float large = 1 - exp(Math.fma(q, t, -t));
        return a < ERF_SMALL ? small : x < 0 ? -large : large;
    }

    private static float powerOfTwo(int exponent) {
        return Float.intBitsToFloat((exponent + 127) << 23);
    }

    /** A value that is not negative with the sign of another. */
    private static float withSign(float value, float sign) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(value) | (Float.floatToRawIntBits(sign) & SIGN));
    }

    private static float withFlippedSign(float value, float sign) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(value) ^ (Float.floatToRawIntBits(sign) & SIGN));
    }

    static void exp(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = FusedMultiplyAdd.AVAILABLE ? exp(x[xOff + i]) : (float) Math.exp(x[xOff + i]);
        }
    }

    static void expm1(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = FusedMultiplyAdd.AVAILABLE ? expm1(x[xOff + i]) : (float) Math.expm1(x[xOff + i]);
        }
    }

    static void log(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = FusedMultiplyAdd.AVAILABLE ? log(x[xOff + i]) : (float) Math.log(x[xOff + i]);
        }
    }

    static void log1p(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = FusedMultiplyAdd.AVAILABLE ? log1p(x[xOff + i]) : (float) Math.log1p(x[xOff + i]);
        }
    }

    static void sin(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = FusedMultiplyAdd.AVAILABLE ? sin(x[xOff + i]) : (float) Math.sin(x[xOff + i]);
        }
    }

    static void cos(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = FusedMultiplyAdd.AVAILABLE ? cos(x[xOff + i]) : (float) Math.cos(x[xOff + i]);
        }
    }

    static void tanh(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = FusedMultiplyAdd.AVAILABLE ? tanh(x[xOff + i]) : (float) Math.tanh(x[xOff + i]);
        }
    }

    static void sigmoid(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = FusedMultiplyAdd.AVAILABLE ? sigmoid(x[xOff + i])
                    : (float) DoubleFunctions.sigmoid(x[xOff + i]);
        }
    }

    static void erf(float[] x, int xOff, float[] out, int outOff, int n) {
        for (int i = 0; i < n; i++) {
            out[outOff + i] = FusedMultiplyAdd.AVAILABLE ? erf(x[xOff + i]) : (float) DoubleFunctions.erf(x[xOff + i]);
        }
    }
}
