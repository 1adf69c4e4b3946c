package dev.cambium.cpu.kernels;

import static dev.cambium.cpu.kernels.Vectors.exact;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Comparisons and choices of {@link Lanes}. Every loop has its comparison written out, since only constant operators become
 * instructions. What does not fill a vector goes to the scalar twin.
 */
final class VectorChoices {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int L = SPECIES.length();
    /** Whether there are byte vectors of as many elements; the smallest has 8. */
    private static final boolean HAS_BYTES = L >= 8;
    private static final VectorSpecies<Byte> BYTES = VectorSpecies.of(byte.class,
            VectorShape.forBitSize(HAS_BYTES ? L * Byte.SIZE : 64));

    private VectorChoices() {}

    static void equal(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, byte[] out, int outOff, int n) {
        FloatVector a0 = exact(FloatVector.broadcast(SPECIES, a[aOff]));
        FloatVector b0 = exact(FloatVector.broadcast(SPECIES, b[bOff]));
        ByteVector zero = ByteVector.zero(BYTES);
        int i = 0;
        for (; HAS_BYTES && i <= n - L; i += L) {
            FloatVector x = aStep == 0 ? a0 : exact(FloatVector.fromArray(SPECIES, a, aOff + i));
            FloatVector y = bStep == 0 ? b0 : exact(FloatVector.fromArray(SPECIES, b, bOff + i));
            zero.blend((byte) 1, x.compare(VectorOperators.EQ, y).cast(BYTES)).intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.equal(a, aOff + i * aStep, aStep, b, bOff + i * bStep, bStep, out, outOff + i, n - i);
        }
    }

    static void notEqual(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        FloatVector a0 = exact(FloatVector.broadcast(SPECIES, a[aOff]));
        FloatVector b0 = exact(FloatVector.broadcast(SPECIES, b[bOff]));
        ByteVector zero = ByteVector.zero(BYTES);
        int i = 0;
        for (; HAS_BYTES && i <= n - L; i += L) {
            FloatVector x = aStep == 0 ? a0 : exact(FloatVector.fromArray(SPECIES, a, aOff + i));
            FloatVector y = bStep == 0 ? b0 : exact(FloatVector.fromArray(SPECIES, b, bOff + i));
            zero.blend((byte) 1, x.compare(VectorOperators.NE, y).cast(BYTES)).intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.notEqual(a, aOff + i * aStep, aStep, b, bOff + i * bStep, bStep, out, outOff + i, n - i);
        }
    }

    static void less(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, byte[] out, int outOff, int n) {
        FloatVector a0 = exact(FloatVector.broadcast(SPECIES, a[aOff]));
        FloatVector b0 = exact(FloatVector.broadcast(SPECIES, b[bOff]));
        ByteVector zero = ByteVector.zero(BYTES);
        int i = 0;
        for (; HAS_BYTES && i <= n - L; i += L) {
            FloatVector x = aStep == 0 ? a0 : exact(FloatVector.fromArray(SPECIES, a, aOff + i));
            FloatVector y = bStep == 0 ? b0 : exact(FloatVector.fromArray(SPECIES, b, bOff + i));
            zero.blend((byte) 1, x.compare(VectorOperators.LT, y).cast(BYTES)).intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.less(a, aOff + i * aStep, aStep, b, bOff + i * bStep, bStep, out, outOff + i, n - i);
        }
    }

    static void lessOrEqual(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, byte[] out, int outOff,
            int n) {
        FloatVector a0 = exact(FloatVector.broadcast(SPECIES, a[aOff]));
        FloatVector b0 = exact(FloatVector.broadcast(SPECIES, b[bOff]));
        ByteVector zero = ByteVector.zero(BYTES);
        int i = 0;
        for (; HAS_BYTES && i <= n - L; i += L) {
            FloatVector x = aStep == 0 ? a0 : exact(FloatVector.fromArray(SPECIES, a, aOff + i));
            FloatVector y = bStep == 0 ? b0 : exact(FloatVector.fromArray(SPECIES, b, bOff + i));
            zero.blend((byte) 1, x.compare(VectorOperators.LE, y).cast(BYTES)).intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.lessOrEqual(a, aOff + i * aStep, aStep, b, bOff + i * bStep, bStep, out, outOff + i, n - i);
        }
    }

    static void select(byte[] condition, int conditionOff, int conditionStep, float[] ifTrue, int trueOff, int trueStep,
            float[] ifFalse, int falseOff, int falseStep, float[] out, int outOff, int n) {
        FloatVector true0 = exact(FloatVector.broadcast(SPECIES, ifTrue[trueOff]));
        FloatVector false0 = exact(FloatVector.broadcast(SPECIES, ifFalse[falseOff]));
        int i = 0;
        for (; HAS_BYTES && conditionStep != 0 && i <= n - L; i += L) {
            VectorMask<Float> mask = ByteVector.fromArray(BYTES, condition, conditionOff + i)
                    .compare(VectorOperators.NE, 0).cast(SPECIES);
            FloatVector yes = trueStep == 0 ? true0 : exact(FloatVector.fromArray(SPECIES, ifTrue, trueOff + i));
            FloatVector no = falseStep == 0 ? false0 : exact(FloatVector.fromArray(SPECIES, ifFalse, falseOff + i));
            no.blend(yes, mask).intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.choose(condition, conditionOff + i * conditionStep, conditionStep, ifTrue,
                    trueOff + i * trueStep, trueStep, ifFalse, falseOff + i * falseStep, falseStep, out, outOff + i,
                    n - i);
        }
    }

    static void equal(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] ifTrue, int trueOff,
            int trueStep, float[] ifFalse, int falseOff, int falseStep, float[] out, int outOff, int n) {
        FloatVector a0 = exact(FloatVector.broadcast(SPECIES, a[aOff]));
        FloatVector b0 = exact(FloatVector.broadcast(SPECIES, b[bOff]));
        FloatVector true0 = exact(FloatVector.broadcast(SPECIES, ifTrue[trueOff]));
        FloatVector false0 = exact(FloatVector.broadcast(SPECIES, ifFalse[falseOff]));
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector x = aStep == 0 ? a0 : exact(FloatVector.fromArray(SPECIES, a, aOff + i));
            FloatVector y = bStep == 0 ? b0 : exact(FloatVector.fromArray(SPECIES, b, bOff + i));
            FloatVector yes = trueStep == 0 ? true0 : exact(FloatVector.fromArray(SPECIES, ifTrue, trueOff + i));
            FloatVector no = falseStep == 0 ? false0 : exact(FloatVector.fromArray(SPECIES, ifFalse, falseOff + i));
            no.blend(yes, x.compare(VectorOperators.EQ, y)).intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.equal(a, aOff + i * aStep, aStep, b, bOff + i * bStep, bStep, ifTrue, trueOff + i * trueStep,
                    trueStep, ifFalse, falseOff + i * falseStep, falseStep, out, outOff + i, n - i);
        }
    }

    static void notEqual(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] ifTrue, int trueOff,
            int trueStep, float[] ifFalse, int falseOff, int falseStep, float[] out, int outOff, int n) {
        FloatVector a0 = exact(FloatVector.broadcast(SPECIES, a[aOff]));
        FloatVector b0 = exact(FloatVector.broadcast(SPECIES, b[bOff]));
        FloatVector true0 = exact(FloatVector.broadcast(SPECIES, ifTrue[trueOff]));
        FloatVector false0 = exact(FloatVector.broadcast(SPECIES, ifFalse[falseOff]));
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector x = aStep == 0 ? a0 : exact(FloatVector.fromArray(SPECIES, a, aOff + i));
            FloatVector y = bStep == 0 ? b0 : exact(FloatVector.fromArray(SPECIES, b, bOff + i));
            FloatVector yes = trueStep == 0 ? true0 : exact(FloatVector.fromArray(SPECIES, ifTrue, trueOff + i));
            FloatVector no = falseStep == 0 ? false0 : exact(FloatVector.fromArray(SPECIES, ifFalse, falseOff + i));
            no.blend(yes, x.compare(VectorOperators.NE, y)).intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.notEqual(a, aOff + i * aStep, aStep, b, bOff + i * bStep, bStep, ifTrue, trueOff + i * trueStep,
                    trueStep, ifFalse, falseOff + i * falseStep, falseStep, out, outOff + i, n - i);
        }
    }

    static void less(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] ifTrue, int trueOff,
            int trueStep, float[] ifFalse, int falseOff, int falseStep, float[] out, int outOff, int n) {
        FloatVector a0 = exact(FloatVector.broadcast(SPECIES, a[aOff]));
        FloatVector b0 = exact(FloatVector.broadcast(SPECIES, b[bOff]));
        FloatVector true0 = exact(FloatVector.broadcast(SPECIES, ifTrue[trueOff]));
        FloatVector false0 = exact(FloatVector.broadcast(SPECIES, ifFalse[falseOff]));
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector x = aStep == 0 ? a0 : exact(FloatVector.fromArray(SPECIES, a, aOff + i));
            FloatVector y = bStep == 0 ? b0 : exact(FloatVector.fromArray(SPECIES, b, bOff + i));
            FloatVector yes = trueStep == 0 ? true0 : exact(FloatVector.fromArray(SPECIES, ifTrue, trueOff + i));
            FloatVector no = falseStep == 0 ? false0 : exact(FloatVector.fromArray(SPECIES, ifFalse, falseOff + i));
            no.blend(yes, x.compare(VectorOperators.LT, y)).intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.less(a, aOff + i * aStep, aStep, b, bOff + i * bStep, bStep, ifTrue, trueOff + i * trueStep,
                    trueStep, ifFalse, falseOff + i * falseStep, falseStep, out, outOff + i, n - i);
        }
    }

    static void lessOrEqual(float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] ifTrue, int trueOff,
            int trueStep, float[] ifFalse, int falseOff, int falseStep, float[] out, int outOff, int n) {
        FloatVector a0 = exact(FloatVector.broadcast(SPECIES, a[aOff]));
        FloatVector b0 = exact(FloatVector.broadcast(SPECIES, b[bOff]));
        FloatVector true0 = exact(FloatVector.broadcast(SPECIES, ifTrue[trueOff]));
        FloatVector false0 = exact(FloatVector.broadcast(SPECIES, ifFalse[falseOff]));
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector x = aStep == 0 ? a0 : exact(FloatVector.fromArray(SPECIES, a, aOff + i));
            FloatVector y = bStep == 0 ? b0 : exact(FloatVector.fromArray(SPECIES, b, bOff + i));
            FloatVector yes = trueStep == 0 ? true0 : exact(FloatVector.fromArray(SPECIES, ifTrue, trueOff + i));
            FloatVector no = falseStep == 0 ? false0 : exact(FloatVector.fromArray(SPECIES, ifFalse, falseOff + i));
            no.blend(yes, x.compare(VectorOperators.LE, y)).intoArray(out, outOff + i);
        }
        if (i < n) {
            ScalarLanes.lessOrEqual(a, aOff + i * aStep, aStep, b, bOff + i * bStep, bStep, ifTrue,
                    trueOff + i * trueStep, trueStep, ifFalse, falseOff + i * falseStep, falseStep, out, outOff + i,
                    n - i);
        }
    }
}
