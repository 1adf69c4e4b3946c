package dev.cambium.cpu.kernels;

import static dev.cambium.cpu.kernels.Vectors.exact;

import static dev.cambium.cpu.kernels.FloatFunctions.*;

import java.lang.invoke.MethodHandles;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FloatFunctions} of many elements at once, step for step; what does not fill a vector goes there. Functions of one vector have
 * no branches, since their code becomes a part of {@linkplain StraightLineCode generated loops}.
 */
final class VectorFunctions {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int L = SPECIES.length();

    private static final FloatVector NEGATIVE_LN2_HIGH = broadcast(-FloatFunctions.LN2_HIGH);
    private static final FloatVector NEGATIVE_LN2_LOW = broadcast(-FloatFunctions.LN2_LOW);
    private static final FloatVector EXP_4 = broadcast(FloatFunctions.EXP_4);
    private static final FloatVector EXP_3 = broadcast(FloatFunctions.EXP_3);
    private static final FloatVector EXP_2 = broadcast(FloatFunctions.EXP_2);
    private static final FloatVector EXP_1 = broadcast(FloatFunctions.EXP_1);
    private static final FloatVector EXP_0 = broadcast(FloatFunctions.EXP_0);
    private static final FloatVector EXPM1_5 = broadcast(FloatFunctions.EXPM1_5);
    private static final FloatVector EXPM1_4 = broadcast(FloatFunctions.EXPM1_4);
    private static final FloatVector EXPM1_3 = broadcast(FloatFunctions.EXPM1_3);
    private static final FloatVector EXPM1_2 = broadcast(FloatFunctions.EXPM1_2);
    private static final FloatVector EXPM1_1 = broadcast(FloatFunctions.EXPM1_1);
    private static final FloatVector EXPM1_0 = broadcast(FloatFunctions.EXPM1_0);
    private static final FloatVector LN2_HIGH = broadcast(FloatFunctions.LN2_HIGH);
    private static final FloatVector LOG_7 = broadcast(FloatFunctions.LOG_7);
    private static final FloatVector LOG_6 = broadcast(FloatFunctions.LOG_6);
    private static final FloatVector LOG_5 = broadcast(FloatFunctions.LOG_5);
    private static final FloatVector LOG_4 = broadcast(FloatFunctions.LOG_4);
    private static final FloatVector LOG_3 = broadcast(FloatFunctions.LOG_3);
    private static final FloatVector LOG_2 = broadcast(FloatFunctions.LOG_2);
    private static final FloatVector LOG_1 = broadcast(FloatFunctions.LOG_1);
    private static final FloatVector LOG_0 = broadcast(FloatFunctions.LOG_0);
    private static final FloatVector NEGATIVE_HALF_PI_HIGH = broadcast(-FloatFunctions.HALF_PI_HIGH);
    private static final FloatVector NEGATIVE_HALF_PI_MIDDLE = broadcast(-FloatFunctions.HALF_PI_MIDDLE);
    private static final FloatVector NEGATIVE_HALF_PI_LOW = broadcast(-FloatFunctions.HALF_PI_LOW);
    private static final FloatVector SIN_2 = broadcast(FloatFunctions.SIN_2);
    private static final FloatVector SIN_1 = broadcast(FloatFunctions.SIN_1);
    private static final FloatVector SIN_0 = broadcast(FloatFunctions.SIN_0);
    private static final FloatVector COS_2 = broadcast(FloatFunctions.COS_2);
    private static final FloatVector COS_1 = broadcast(FloatFunctions.COS_1);
    private static final FloatVector COS_0 = broadcast(FloatFunctions.COS_0);
    private static final FloatVector TANH_4 = broadcast(FloatFunctions.TANH_4);
    private static final FloatVector TANH_3 = broadcast(FloatFunctions.TANH_3);
    private static final FloatVector TANH_2 = broadcast(FloatFunctions.TANH_2);
    private static final FloatVector TANH_1 = broadcast(FloatFunctions.TANH_1);
    private static final FloatVector TANH_0 = broadcast(FloatFunctions.TANH_0);
    private static final FloatVector ERF_5 = broadcast(FloatFunctions.ERF_5);
    private static final FloatVector ERF_4 = broadcast(FloatFunctions.ERF_4);
    private static final FloatVector ERF_3 = broadcast(FloatFunctions.ERF_3);
    private static final FloatVector ERF_2 = broadcast(FloatFunctions.ERF_2);
    private static final FloatVector ERF_1 = broadcast(FloatFunctions.ERF_1);
    private static final FloatVector ERF_0 = broadcast(FloatFunctions.ERF_0);
    private static final FloatVector ERFC_5 = broadcast(FloatFunctions.ERFC_5);
    private static final FloatVector ERFC_4 = broadcast(FloatFunctions.ERFC_4);
    private static final FloatVector ERFC_3 = broadcast(FloatFunctions.ERFC_3);
    private static final FloatVector ERFC_2 = broadcast(FloatFunctions.ERFC_2);
    private static final FloatVector ERFC_1 = broadcast(FloatFunctions.ERFC_1);
    private static final FloatVector ERFC_0 = broadcast(FloatFunctions.ERFC_0);
    private static final FloatVector ONE = broadcast(1);
    private static final FloatVector MINUS_HALF = broadcast(-0.5f);
    private static final FloatVector TWO = broadcast(2);
    private static final FloatVector LOG2_E = broadcast(FloatFunctions.LOG2_E);
    private static final FloatVector ROUNDER = broadcast(FloatFunctions.ROUNDER);
    private static final FloatVector TWO_OVER_PI = broadcast(FloatFunctions.TWO_OVER_PI);
    private static final FloatVector EXP_LOW = broadcast(FloatFunctions.EXP_LOW);
    private static final FloatVector EXP_HIGH = broadcast(FloatFunctions.EXP_HIGH);
    private static final FloatVector EXPM1_LOW = broadcast(FloatFunctions.EXPM1_LOW);
    private static final FloatVector EXPM1_SMALL = broadcast(FloatFunctions.EXPM1_SMALL);
    private static final FloatVector LN2_LOW = broadcast(FloatFunctions.LN2_LOW);
    private static final FloatVector ANGLE_LIMIT = broadcast(FloatFunctions.ANGLE_LIMIT);
    private static final FloatVector TANH_SMALL = broadcast(FloatFunctions.TANH_SMALL);
    private static final FloatVector TANH_ONE = broadcast(FloatFunctions.TANH_ONE);
    private static final FloatVector ERF_ONE = broadcast(FloatFunctions.ERF_ONE);
    private static final FloatVector ERF_SMALL = broadcast(FloatFunctions.ERF_SMALL);
    private static final FloatVector ZERO = broadcast(0);
    private static final FloatVector MINUS_ONE = broadcast(-1);
    private static final FloatVector INFINITY = broadcast(Float.POSITIVE_INFINITY);
    private static final FloatVector MIN_NORMAL = broadcast(Float.MIN_NORMAL);

    private VectorFunctions() {}

    /** May define classes that have a part of this one's code in them, and so use its constants. */
    static MethodHandles.Lookup lookup() {
        return MethodHandles.lookup();
    }

    static void exp(float[] x, int xOff, float[] out, int outOff, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            exp(exact(FloatVector.fromArray(SPECIES, x, xOff + i))).intoArray(out, outOff + i);
        }
        FloatFunctions.exp(x, xOff + i, out, outOff + i, n - i);
    }

    static FloatVector exp(FloatVector v) {
        FloatVector y = v.blend(EXP_LOW, v.compare(VectorOperators.LT, EXP_LOW));
        y = y.blend(EXP_HIGH, y.compare(VectorOperators.GT, EXP_HIGH));
        return expWithin(y);
    }

    /** e to the y, which is between the limits that give 0 and infinity. */
    private static FloatVector expWithin(FloatVector y) {
        FloatVector rounded = y.fma(LOG2_E, ROUNDER);
        FloatVector n = rounded.sub(ROUNDER);
        FloatVector r = n.fma(NEGATIVE_LN2_HIGH, y);
        r = n.fma(NEGATIVE_LN2_LOW, r);
        FloatVector p = r.fma(EXP_4, EXP_3);
        p = p.fma(r, EXP_2);
        p = p.fma(r, EXP_1);
        p = p.fma(r, EXP_0);
        p = p.fma(r.mul(r), r).add(ONE);
        IntVector k = rounded.reinterpretAsInts().sub(ROUNDER_BITS);
        IntVector half = k.lanewise(VectorOperators.ASHR, 1);
        return p.mul(powerOfTwo(half)).mul(powerOfTwo(k.sub(half)));
    }

    static void expm1(float[] x, int xOff, float[] out, int outOff, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            expm1(exact(FloatVector.fromArray(SPECIES, x, xOff + i))).intoArray(out, outOff + i);
        }
        FloatFunctions.expm1(x, xOff + i, out, outOff + i, n - i);
    }

    static FloatVector expm1(FloatVector v) {
        FloatVector y = v.blend(EXPM1_LOW, v.compare(VectorOperators.LT, EXPM1_LOW));
        y = y.blend(EXP_HIGH, y.compare(VectorOperators.GT, EXP_HIGH));
        VectorMask<Float> small = y.abs().compare(VectorOperators.LT, EXPM1_SMALL);
        FloatVector rounded = y.fma(LOG2_E, ROUNDER).blend(ROUNDER, small);
        FloatVector whole = rounded.sub(ROUNDER);
        FloatVector r = whole.fma(NEGATIVE_LN2_HIGH, y);
        r = whole.fma(NEGATIVE_LN2_LOW, r);
        FloatVector p = r.fma(EXPM1_5, EXPM1_4);
        p = p.fma(r, EXPM1_3);
        p = p.fma(r, EXPM1_2);
        p = p.fma(r, EXPM1_1);
        p = p.fma(r, EXPM1_0);
        p = p.fma(r.mul(r), r);
        FloatVector scale = powerOfTwo(rounded.reinterpretAsInts().sub(ROUNDER_BITS + 1));
        FloatVector scaled = p.fma(scale, scale.sub(0.5f)).mul(TWO);
        return withSign(scaled.blend(p, small), v);
    }

    static void log(float[] x, int xOff, float[] out, int outOff, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            log(exact(FloatVector.fromArray(SPECIES, x, xOff + i))).intoArray(out, outOff + i);
        }
        FloatFunctions.log(x, xOff + i, out, outOff + i, n - i);
    }

    static FloatVector log(FloatVector v) {
        VectorMask<Float> tiny = v.compare(VectorOperators.LT, MIN_NORMAL);
        IntVector bits = v.blend(v.mul(0x1p23f), tiny).reinterpretAsInts().sub(SQRT_HALF_BITS);
        FloatVector k = exponent(bits);
        k = k.blend(k.sub(23), tiny);
        FloatVector f = mantissa(bits).sub(ONE);
        FloatVector square = f.mul(f);
        FloatVector p = f.mul(square).fma(logPolynomial(f), k.mul(LN2_LOW));
        p = square.fma(MINUS_HALF, p);
        FloatVector result = k.fma(LN2_HIGH, f.add(p));
        result = v.blend(result, v.compare(VectorOperators.LT, INFINITY));
        result = result.blend(Float.NaN, v.compare(VectorOperators.LT, ZERO));
        return result.blend(Float.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, ZERO));
    }

    static void log1p(float[] x, int xOff, float[] out, int outOff, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            log1p(exact(FloatVector.fromArray(SPECIES, x, xOff + i))).intoArray(out, outOff + i);
        }
        FloatFunctions.log1p(x, xOff + i, out, outOff + i, n - i);
    }

    static FloatVector log1p(FloatVector v) {
        FloatVector u = v.add(ONE);
        FloatVector part = u.sub(ONE);
        FloatVector lost = v.sub(part).add(ONE.sub(u.sub(part)));
        IntVector bits = u.reinterpretAsInts().sub(SQRT_HALF_BITS);
        FloatVector k = exponent(bits);
        VectorMask<Float> unscaled = k.compare(VectorOperators.EQ, ZERO);
        FloatVector f = mantissa(bits).sub(ONE).blend(v, unscaled);
        FloatVector square = f.mul(f);
        FloatVector p = f.mul(square).fma(logPolynomial(f), k.mul(LN2_LOW));
        p = square.fma(MINUS_HALF, p);
        FloatVector result = k.fma(LN2_HIGH, f.add(p.add(lost.div(u))));
        result = result.blend(f.add(p), unscaled);
        result = v.blend(result, v.compare(VectorOperators.LT, INFINITY));
        result = result.blend(Float.NaN, v.compare(VectorOperators.LT, MINUS_ONE));
        return result.blend(Float.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, MINUS_ONE));
    }

    /** The exponent in the bits of a float less those of √½, as a float: whole numbers this small survive the rounder exactly. */
    private static FloatVector exponent(IntVector bits) {
        return bits.lanewise(VectorOperators.ASHR, 23).add(ROUNDER_BITS).reinterpretAsFloats().sub(ROUNDER);
    }

    private static FloatVector mantissa(IntVector bits) {
        return bits.and(MANTISSA).add(SQRT_HALF_BITS).reinterpretAsFloats();
    }

    private static FloatVector logPolynomial(FloatVector f) {
        FloatVector p = f.fma(LOG_7, LOG_6);
        p = p.fma(f, LOG_5);
        p = p.fma(f, LOG_4);
        p = p.fma(f, LOG_3);
        p = p.fma(f, LOG_2);
        p = p.fma(f, LOG_1);
        return p.fma(f, LOG_0);
    }

    static void sin(float[] x, int xOff, float[] out, int outOff, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector v = exact(FloatVector.fromArray(SPECIES, x, xOff + i));
            FloatVector angle = v.abs();
            if (angle.compare(VectorOperators.LT, ANGLE_LIMIT).allTrue()) {
                withFlippedSign(sinOfTurned(angle, 0), v).intoArray(out, outOff + i);
            } else {
                FloatFunctions.sin(x, xOff + i, out, outOff + i, L);
            }
        }
        FloatFunctions.sin(x, xOff + i, out, outOff + i, n - i);
    }

    static void cos(float[] x, int xOff, float[] out, int outOff, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector angle = exact(FloatVector.fromArray(SPECIES, x, xOff + i)).abs();
            if (angle.compare(VectorOperators.LT, ANGLE_LIMIT).allTrue()) {
                sinOfTurned(angle, 1).intoArray(out, outOff + i);
            } else {
                FloatFunctions.cos(x, xOff + i, out, outOff + i, L);
            }
        }
        FloatFunctions.cos(x, xOff + i, out, outOff + i, n - i);
    }

    private static FloatVector sinOfTurned(FloatVector angle, int rightAngles) {
        FloatVector rounded = angle.fma(TWO_OVER_PI, ROUNDER);
        FloatVector n = rounded.sub(ROUNDER);
        FloatVector r = n.fma(NEGATIVE_HALF_PI_HIGH, angle);
        r = n.fma(NEGATIVE_HALF_PI_MIDDLE, r);
        r = n.fma(NEGATIVE_HALF_PI_LOW, r);
        FloatVector square = r.mul(r);
        FloatVector s = square.fma(SIN_2, SIN_1);
        s = s.fma(square, SIN_0);
        s = r.mul(square).fma(s, r);
        FloatVector c = square.fma(COS_2, COS_1);
        c = c.fma(square, COS_0);
        c = square.mul(square).fma(c, square.fma(MINUS_HALF, ONE));
        IntVector quadrant = rounded.reinterpretAsInts().add(rightAngles);
        VectorMask<Float> even = quadrant.and(1).compare(VectorOperators.EQ, 0).cast(SPECIES);
        return c.blend(s, even).reinterpretAsInts()
                .lanewise(VectorOperators.XOR, quadrant.and(2).lanewise(VectorOperators.LSHL, 30))
                .reinterpretAsFloats();
    }

    static void tanh(float[] x, int xOff, float[] out, int outOff, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            tanh(exact(FloatVector.fromArray(SPECIES, x, xOff + i))).intoArray(out, outOff + i);
        }
        FloatFunctions.tanh(x, xOff + i, out, outOff + i, n - i);
    }

    static FloatVector tanh(FloatVector v) {
        FloatVector a = v.abs();
        FloatVector square = a.mul(a);
        FloatVector p = square.fma(TANH_4, TANH_3);
        p = p.fma(square, TANH_2);
        p = p.fma(square, TANH_1);
        p = p.fma(square, TANH_0);
        FloatVector small = a.mul(square).fma(p, a);
        FloatVector t = a.blend(TANH_ONE, a.compare(VectorOperators.GT, TANH_ONE));
        FloatVector large = ONE.sub(TWO.div(expWithin(t.add(t)).add(ONE)));
        return withSign(large.blend(small, a.compare(VectorOperators.LT, TANH_SMALL)), v);
    }

    static void sigmoid(float[] x, int xOff, float[] out, int outOff, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            sigmoid(exact(FloatVector.fromArray(SPECIES, x, xOff + i))).intoArray(out, outOff + i);
        }
        FloatFunctions.sigmoid(x, xOff + i, out, outOff + i, n - i);
    }

    static FloatVector sigmoid(FloatVector v) {
        FloatVector y = v.abs().neg();
        FloatVector e = expWithin(y.blend(EXP_LOW, y.compare(VectorOperators.LT, EXP_LOW)));
        FloatVector sum = e.add(ONE);
        FloatVector lost = e.sub(sum.sub(ONE));
        FloatVector q = e.div(sum);
        FloatVector small = q.mul(lost).fma(q.sub(ONE), q);
        return ONE.sub(small).blend(small, v.compare(VectorOperators.LT, ZERO));
    }

    static void erf(float[] x, int xOff, float[] out, int outOff, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            erf(exact(FloatVector.fromArray(SPECIES, x, xOff + i))).intoArray(out, outOff + i);
        }
        FloatFunctions.erf(x, xOff + i, out, outOff + i, n - i);
    }

    static FloatVector erf(FloatVector v) {
        FloatVector a = v.abs();
        FloatVector square = a.mul(a);
        FloatVector p = square.fma(ERF_5, ERF_4);
        p = p.fma(square, ERF_3);
        p = p.fma(square, ERF_2);
        p = p.fma(square, ERF_1);
        p = p.fma(square, ERF_0);
        FloatVector small = v.fma(p, v);
        FloatVector t = a.blend(ERF_ONE, a.compare(VectorOperators.GT, ERF_ONE));
        FloatVector q = t.fma(ERFC_5, ERFC_4);
        q = q.fma(t, ERFC_3);
        q = q.fma(t, ERFC_2);
        q = q.fma(t, ERFC_1);
        q = q.fma(t, ERFC_0);
        FloatVector large = ONE.sub(expWithin(q.fma(t, t.neg())));
        large = large.blend(large.neg(), v.compare(VectorOperators.LT, ZERO));
        return large.blend(small, a.compare(VectorOperators.LT, ERF_SMALL));
    }

    private static FloatVector broadcast(float value) {
        return exact(FloatVector.broadcast(SPECIES, value));
    }

    private static FloatVector powerOfTwo(IntVector exponent) {
        return exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    private static FloatVector withSign(FloatVector value, FloatVector sign) {
        return value.reinterpretAsInts().or(sign.reinterpretAsInts().and(SIGN)).reinterpretAsFloats();
    }

    private static FloatVector withFlippedSign(FloatVector value, FloatVector sign) {
        return value.reinterpretAsInts().lanewise(VectorOperators.XOR, sign.reinterpretAsInts().and(SIGN))
                .reinterpretAsFloats();
    }
}
