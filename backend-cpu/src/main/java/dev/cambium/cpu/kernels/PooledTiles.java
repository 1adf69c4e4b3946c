package dev.cambium.cpu.kernels;

import static dev.cambium.cpu.kernels.Vectors.exact;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Blocks of the products of {@link Products#pooledProduct} and {@link Products#spreadProduct}, whose sums stay in vector registers;
 * written out as {@link Tiles} are, for the same reasons. They take some 26 registers. With no steps or no windows they do nothing, as {@link Tiles}
 * with no rows.
 */
final class PooledTiles {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int L = SPECIES.length();

    private PooledTiles() {}

    /** Two windows by two vectors; {@code first} and {@code second} are the windows' first places in A. */
    static void largest(float[] a, int first, int second, int right, int down, int[] steps, float[] b, int bOffset,
            int bStride, float[] shifts, int shiftsOffset, float floor, float[] c, int firstOffset, int secondOffset,
            float[] winners, int firstWinners, int secondWinners) {
        if (steps.length == 0) {
            return;
        }
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        FloatVector s000 = zero;
        FloatVector s001 = zero;
        FloatVector s010 = zero;
        FloatVector s011 = zero;
        FloatVector s020 = zero;
        FloatVector s021 = zero;
        FloatVector s030 = zero;
        FloatVector s031 = zero;
        FloatVector s100 = zero;
        FloatVector s101 = zero;
        FloatVector s110 = zero;
        FloatVector s111 = zero;
        FloatVector s120 = zero;
        FloatVector s121 = zero;
        FloatVector s130 = zero;
        FloatVector s131 = zero;
        for (int k = 0, bk = bOffset; k < steps.length; k++, bk += bStride) {
            int step = steps[k];
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bk);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bk + L);
            FloatVector x = exact(FloatVector.broadcast(SPECIES, a[first + step]));
            s000 = x.fma(b0, s000);
            s001 = x.fma(b1, s001);
            x = exact(FloatVector.broadcast(SPECIES, a[first + right + step]));
            s010 = x.fma(b0, s010);
            s011 = x.fma(b1, s011);
            x = exact(FloatVector.broadcast(SPECIES, a[first + down + step]));
            s020 = x.fma(b0, s020);
            s021 = x.fma(b1, s021);
            x = exact(FloatVector.broadcast(SPECIES, a[first + down + right + step]));
            s030 = x.fma(b0, s030);
            s031 = x.fma(b1, s031);
            x = exact(FloatVector.broadcast(SPECIES, a[second + step]));
            s100 = x.fma(b0, s100);
            s101 = x.fma(b1, s101);
            x = exact(FloatVector.broadcast(SPECIES, a[second + right + step]));
            s110 = x.fma(b0, s110);
            s111 = x.fma(b1, s111);
            x = exact(FloatVector.broadcast(SPECIES, a[second + down + step]));
            s120 = x.fma(b0, s120);
            s121 = x.fma(b1, s121);
            x = exact(FloatVector.broadcast(SPECIES, a[second + down + right + step]));
            s130 = x.fma(b0, s130);
            s131 = x.fma(b1, s131);
        }
        FloatVector least = exact(FloatVector.broadcast(SPECIES, floor));
        FloatVector shift = exact(FloatVector.fromArray(SPECIES, shifts, shiftsOffset));
        FloatVector best = s000;
        VectorMask<Float> beats = best.compare(VectorOperators.LT, s010);
        best = best.blend(s010, beats);
        FloatVector winner = zero.blend(1, beats);
        beats = best.compare(VectorOperators.LT, s020);
        best = best.blend(s020, beats);
        winner = winner.blend(2, beats);
        beats = best.compare(VectorOperators.LT, s030);
        best = best.blend(s030, beats).add(shift);
        best.blend(least, best.compare(VectorOperators.LE, least)).intoArray(c, firstOffset);
        winner.blend(3, beats).intoArray(winners, firstWinners);
        FloatVector nextShift = exact(FloatVector.fromArray(SPECIES, shifts, shiftsOffset + L));
        best = s001;
        beats = best.compare(VectorOperators.LT, s011);
        best = best.blend(s011, beats);
        winner = zero.blend(1, beats);
        beats = best.compare(VectorOperators.LT, s021);
        best = best.blend(s021, beats);
        winner = winner.blend(2, beats);
        beats = best.compare(VectorOperators.LT, s031);
        best = best.blend(s031, beats).add(nextShift);
        best.blend(least, best.compare(VectorOperators.LE, least)).intoArray(c, firstOffset + L);
        winner.blend(3, beats).intoArray(winners, firstWinners + L);
        best = s100;
        beats = best.compare(VectorOperators.LT, s110);
        best = best.blend(s110, beats);
        winner = zero.blend(1, beats);
        beats = best.compare(VectorOperators.LT, s120);
        best = best.blend(s120, beats);
        winner = winner.blend(2, beats);
        beats = best.compare(VectorOperators.LT, s130);
        best = best.blend(s130, beats).add(shift);
        best.blend(least, best.compare(VectorOperators.LE, least)).intoArray(c, secondOffset);
        winner.blend(3, beats).intoArray(winners, secondWinners);
        best = s101;
        beats = best.compare(VectorOperators.LT, s111);
        best = best.blend(s111, beats);
        winner = zero.blend(1, beats);
        beats = best.compare(VectorOperators.LT, s121);
        best = best.blend(s121, beats);
        winner = winner.blend(2, beats);
        beats = best.compare(VectorOperators.LT, s131);
        best = best.blend(s131, beats).add(nextShift);
        best.blend(least, best.compare(VectorOperators.LE, least)).intoArray(c, secondOffset + L);
        winner.blend(3, beats).intoArray(winners, secondWinners + L);
    }

    /** Nine steps by two vectors, over all windows; of the steps only {@code count} are there, the last one is repeated. */
    static void spread(float[] a, int aOffset, int[] windows, int right, int down, int[] steps, int step, int count,
            float[] dy, int dyOffset, int dyStride, float[] winners, int winnersOffset, float[] sum, int sumOffset,
            int[] sumRows) {
        if (windows.length == 0) {
            return;
        }
        int last = step + count - 1;
        int a0 = steps[step];
        int a1 = steps[Math.min(step + 1, last)];
        int a2 = steps[Math.min(step + 2, last)];
        int a3 = steps[Math.min(step + 3, last)];
        int a4 = steps[Math.min(step + 4, last)];
        int a5 = steps[Math.min(step + 5, last)];
        int a6 = steps[Math.min(step + 6, last)];
        int a7 = steps[Math.min(step + 7, last)];
        int a8 = steps[Math.min(step + 8, last)];
        int c0 = sumOffset + sumRows[step];
        int c1 = sumOffset + sumRows[Math.min(step + 1, last)];
        int c2 = sumOffset + sumRows[Math.min(step + 2, last)];
        int c3 = sumOffset + sumRows[Math.min(step + 3, last)];
        int c4 = sumOffset + sumRows[Math.min(step + 4, last)];
        int c5 = sumOffset + sumRows[Math.min(step + 5, last)];
        int c6 = sumOffset + sumRows[Math.min(step + 6, last)];
        int c7 = sumOffset + sumRows[Math.min(step + 7, last)];
        int c8 = sumOffset + sumRows[Math.min(step + 8, last)];
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        FloatVector s00 = FloatVector.fromArray(SPECIES, sum, c0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, sum, c0 + L);
        FloatVector s10 = FloatVector.fromArray(SPECIES, sum, c1);
        FloatVector s11 = FloatVector.fromArray(SPECIES, sum, c1 + L);
        FloatVector s20 = FloatVector.fromArray(SPECIES, sum, c2);
        FloatVector s21 = FloatVector.fromArray(SPECIES, sum, c2 + L);
        FloatVector s30 = FloatVector.fromArray(SPECIES, sum, c3);
        FloatVector s31 = FloatVector.fromArray(SPECIES, sum, c3 + L);
        FloatVector s40 = FloatVector.fromArray(SPECIES, sum, c4);
        FloatVector s41 = FloatVector.fromArray(SPECIES, sum, c4 + L);
        FloatVector s50 = FloatVector.fromArray(SPECIES, sum, c5);
        FloatVector s51 = FloatVector.fromArray(SPECIES, sum, c5 + L);
        FloatVector s60 = FloatVector.fromArray(SPECIES, sum, c6);
        FloatVector s61 = FloatVector.fromArray(SPECIES, sum, c6 + L);
        FloatVector s70 = FloatVector.fromArray(SPECIES, sum, c7);
        FloatVector s71 = FloatVector.fromArray(SPECIES, sum, c7 + L);
        FloatVector s80 = FloatVector.fromArray(SPECIES, sum, c8);
        FloatVector s81 = FloatVector.fromArray(SPECIES, sum, c8 + L);
        for (int w = 0, at = 0; w < windows.length; w++, at += dyStride) {
            FloatVector dy0 = FloatVector.fromArray(SPECIES, dy, dyOffset + at);
            FloatVector dy1 = FloatVector.fromArray(SPECIES, dy, dyOffset + at + L);
            FloatVector winner0 = exact(FloatVector.fromArray(SPECIES, winners, winnersOffset + at));
            FloatVector winner1 = exact(FloatVector.fromArray(SPECIES, winners, winnersOffset + at + L));
            for (int place = 0; place < 4; place++) {
                int base = aOffset + windows[w] + (place & 1) * right + (place >> 1) * down;
                FloatVector d0 = zero.blend(dy0, winner0.compare(VectorOperators.EQ, place));
                FloatVector d1 = zero.blend(dy1, winner1.compare(VectorOperators.EQ, place));
                FloatVector x = FloatVector.broadcast(SPECIES, a[base + a0]);
                s00 = d0.fma(x, s00);
                s01 = d1.fma(x, s01);
                x = FloatVector.broadcast(SPECIES, a[base + a1]);
                s10 = d0.fma(x, s10);
                s11 = d1.fma(x, s11);
                x = FloatVector.broadcast(SPECIES, a[base + a2]);
                s20 = d0.fma(x, s20);
                s21 = d1.fma(x, s21);
                x = FloatVector.broadcast(SPECIES, a[base + a3]);
                s30 = d0.fma(x, s30);
                s31 = d1.fma(x, s31);
                x = FloatVector.broadcast(SPECIES, a[base + a4]);
                s40 = d0.fma(x, s40);
                s41 = d1.fma(x, s41);
                x = FloatVector.broadcast(SPECIES, a[base + a5]);
                s50 = d0.fma(x, s50);
                s51 = d1.fma(x, s51);
                x = FloatVector.broadcast(SPECIES, a[base + a6]);
                s60 = d0.fma(x, s60);
                s61 = d1.fma(x, s61);
                x = FloatVector.broadcast(SPECIES, a[base + a7]);
                s70 = d0.fma(x, s70);
                s71 = d1.fma(x, s71);
                x = FloatVector.broadcast(SPECIES, a[base + a8]);
                s80 = d0.fma(x, s80);
                s81 = d1.fma(x, s81);
            }
        }
        s00.intoArray(sum, c0);
        s01.intoArray(sum, c0 + L);
        s10.intoArray(sum, c1);
        s11.intoArray(sum, c1 + L);
        s20.intoArray(sum, c2);
        s21.intoArray(sum, c2 + L);
        s30.intoArray(sum, c3);
        s31.intoArray(sum, c3 + L);
        s40.intoArray(sum, c4);
        s41.intoArray(sum, c4 + L);
        s50.intoArray(sum, c5);
        s51.intoArray(sum, c5 + L);
        s60.intoArray(sum, c6);
        s61.intoArray(sum, c6 + L);
        s70.intoArray(sum, c7);
        s71.intoArray(sum, c7 + L);
        s80.intoArray(sum, c8);
        s81.intoArray(sum, c8 + L);
    }
}
