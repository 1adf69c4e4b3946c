package dev.cambium.cpu.kernels;

import static dev.cambium.cpu.kernels.Vectors.exact;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Blocks of a product whose sums stay in vector registers. {@code tileRxV} computes R rows by V vectors of C: each step loads
 * V vectors of B, broadcasts R elements of A and does R·V fused multiply-adds. {@code channels8} computes 8 rows by one
 * vector of a channelwise product; {@code consecutive6xV} do what {@code tile6xV} do for {@code stepCount} consecutive {@link Steps}, of which the
 * first is at {@code aOffset}. Arguments are those of {@link Products#product}; {@code row} is the tile's first row in
 * {@code rows}, {@code cRow} in {@code cRows}, and of the tile's rows only {@code count} are there: it repeats the last one,
 * computing and storing the same values again. With no rows it does nothing, so that {@link WarmUp} can call it in no time.
 *
 * <p>Why straight-line code: C2 keeps vectors in registers only within one compiled method, so neither arrays of vectors nor
 * helper calls will do; and C1 gives up on methods of more than about 2,000 bytecodes, which then stay interpreted. Why
 * {@code a[a0 + step]} with a look-up a step: given a counted inner index instead, C2 hoists the rows' addresses, and with many rows runs
 * out of registers and spills (a 10x2 tile then reaches 59 % of the multiply-add peak instead of 91 %). Those of six rows it keeps, and
 * checks the bounds of A before the loop, so the consecutive tiles have a counted index.
 *
 * <p>Why {@code exact}: where C2 knew the class of what a tile goes round with from profiles alone, vectors stayed objects in 4 of 18 processes, and since in none.
 */
final class Tiles {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int L = SPECIES.length();

    private Tiles() {}

    static void tile6x4(float[] a, int aOffset, int[] rows, int row, int count, int[] steps, int from, int to,
            float[] b, int bOffset, int bStride, float[] c, int cOffset, int[] cRows, int cRow, boolean accumulate) {
        if (count == 0) {
            return;
        }
        int last = count - 1;
        int a0 = aOffset + rows[row];
        int a1 = aOffset + rows[row + Math.min(1, last)];
        int a2 = aOffset + rows[row + Math.min(2, last)];
        int a3 = aOffset + rows[row + Math.min(3, last)];
        int a4 = aOffset + rows[row + Math.min(4, last)];
        int a5 = aOffset + rows[row + Math.min(5, last)];
        int c0 = cOffset + cRows[cRow];
        int c1 = cOffset + cRows[cRow + Math.min(1, last)];
        int c2 = cOffset + cRows[cRow + Math.min(2, last)];
        int c3 = cOffset + cRows[cRow + Math.min(3, last)];
        int c4 = cOffset + cRows[cRow + Math.min(4, last)];
        int c5 = cOffset + cRows[cRow + Math.min(5, last)];
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        FloatVector s00 = zero;
        FloatVector s01 = zero;
        FloatVector s02 = zero;
        FloatVector s03 = zero;
        FloatVector s10 = zero;
        FloatVector s11 = zero;
        FloatVector s12 = zero;
        FloatVector s13 = zero;
        FloatVector s20 = zero;
        FloatVector s21 = zero;
        FloatVector s22 = zero;
        FloatVector s23 = zero;
        FloatVector s30 = zero;
        FloatVector s31 = zero;
        FloatVector s32 = zero;
        FloatVector s33 = zero;
        FloatVector s40 = zero;
        FloatVector s41 = zero;
        FloatVector s42 = zero;
        FloatVector s43 = zero;
        FloatVector s50 = zero;
        FloatVector s51 = zero;
        FloatVector s52 = zero;
        FloatVector s53 = zero;
        for (int k = from, bk = bOffset; k < to; k++, bk += bStride) {
            int step = steps[k];
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bk);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bk + L);
            FloatVector b2 = FloatVector.fromArray(SPECIES, b, bk + 2 * L);
            FloatVector b3 = FloatVector.fromArray(SPECIES, b, bk + 3 * L);
            FloatVector x = exact(FloatVector.broadcast(SPECIES, a[a0 + step]));
            s00 = x.fma(b0, s00);
            s01 = x.fma(b1, s01);
            s02 = x.fma(b2, s02);
            s03 = x.fma(b3, s03);
            x = exact(FloatVector.broadcast(SPECIES, a[a1 + step]));
            s10 = x.fma(b0, s10);
            s11 = x.fma(b1, s11);
            s12 = x.fma(b2, s12);
            s13 = x.fma(b3, s13);
            x = exact(FloatVector.broadcast(SPECIES, a[a2 + step]));
            s20 = x.fma(b0, s20);
            s21 = x.fma(b1, s21);
            s22 = x.fma(b2, s22);
            s23 = x.fma(b3, s23);
            x = exact(FloatVector.broadcast(SPECIES, a[a3 + step]));
            s30 = x.fma(b0, s30);
            s31 = x.fma(b1, s31);
            s32 = x.fma(b2, s32);
            s33 = x.fma(b3, s33);
            x = exact(FloatVector.broadcast(SPECIES, a[a4 + step]));
            s40 = x.fma(b0, s40);
            s41 = x.fma(b1, s41);
            s42 = x.fma(b2, s42);
            s43 = x.fma(b3, s43);
            x = exact(FloatVector.broadcast(SPECIES, a[a5 + step]));
            s50 = x.fma(b0, s50);
            s51 = x.fma(b1, s51);
            s52 = x.fma(b2, s52);
            s53 = x.fma(b3, s53);
        }
        if (accumulate) {
            s00 = s00.add(FloatVector.fromArray(SPECIES, c, c0));
            s01 = s01.add(FloatVector.fromArray(SPECIES, c, c0 + L));
            s02 = s02.add(FloatVector.fromArray(SPECIES, c, c0 + 2 * L));
            s03 = s03.add(FloatVector.fromArray(SPECIES, c, c0 + 3 * L));
            s10 = s10.add(FloatVector.fromArray(SPECIES, c, c1));
            s11 = s11.add(FloatVector.fromArray(SPECIES, c, c1 + L));
            s12 = s12.add(FloatVector.fromArray(SPECIES, c, c1 + 2 * L));
            s13 = s13.add(FloatVector.fromArray(SPECIES, c, c1 + 3 * L));
            s20 = s20.add(FloatVector.fromArray(SPECIES, c, c2));
            s21 = s21.add(FloatVector.fromArray(SPECIES, c, c2 + L));
            s22 = s22.add(FloatVector.fromArray(SPECIES, c, c2 + 2 * L));
            s23 = s23.add(FloatVector.fromArray(SPECIES, c, c2 + 3 * L));
            s30 = s30.add(FloatVector.fromArray(SPECIES, c, c3));
            s31 = s31.add(FloatVector.fromArray(SPECIES, c, c3 + L));
            s32 = s32.add(FloatVector.fromArray(SPECIES, c, c3 + 2 * L));
            s33 = s33.add(FloatVector.fromArray(SPECIES, c, c3 + 3 * L));
            s40 = s40.add(FloatVector.fromArray(SPECIES, c, c4));
            s41 = s41.add(FloatVector.fromArray(SPECIES, c, c4 + L));
            s42 = s42.add(FloatVector.fromArray(SPECIES, c, c4 + 2 * L));
            s43 = s43.add(FloatVector.fromArray(SPECIES, c, c4 + 3 * L));
            s50 = s50.add(FloatVector.fromArray(SPECIES, c, c5));
            s51 = s51.add(FloatVector.fromArray(SPECIES, c, c5 + L));
            s52 = s52.add(FloatVector.fromArray(SPECIES, c, c5 + 2 * L));
            s53 = s53.add(FloatVector.fromArray(SPECIES, c, c5 + 3 * L));
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + L);
        s02.intoArray(c, c0 + 2 * L);
        s03.intoArray(c, c0 + 3 * L);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + L);
        s12.intoArray(c, c1 + 2 * L);
        s13.intoArray(c, c1 + 3 * L);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + L);
        s22.intoArray(c, c2 + 2 * L);
        s23.intoArray(c, c2 + 3 * L);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + L);
        s32.intoArray(c, c3 + 2 * L);
        s33.intoArray(c, c3 + 3 * L);
        s40.intoArray(c, c4);
        s41.intoArray(c, c4 + L);
        s42.intoArray(c, c4 + 2 * L);
        s43.intoArray(c, c4 + 3 * L);
        s50.intoArray(c, c5);
        s51.intoArray(c, c5 + L);
        s52.intoArray(c, c5 + 2 * L);
        s53.intoArray(c, c5 + 3 * L);
    }

    static void consecutive6x4(float[] a, int aOffset, int[] rows, int row, int count, int stepCount, float[] b,
            int bOffset, int bStride, float[] c, int cOffset, int[] cRows, int cRow, boolean accumulate) {
        if (count == 0) {
            return;
        }
        int last = count - 1;
        int a0 = aOffset + rows[row];
        int a1 = aOffset + rows[row + Math.min(1, last)];
        int a2 = aOffset + rows[row + Math.min(2, last)];
        int a3 = aOffset + rows[row + Math.min(3, last)];
        int a4 = aOffset + rows[row + Math.min(4, last)];
        int a5 = aOffset + rows[row + Math.min(5, last)];
        int c0 = cOffset + cRows[cRow];
        int c1 = cOffset + cRows[cRow + Math.min(1, last)];
        int c2 = cOffset + cRows[cRow + Math.min(2, last)];
        int c3 = cOffset + cRows[cRow + Math.min(3, last)];
        int c4 = cOffset + cRows[cRow + Math.min(4, last)];
        int c5 = cOffset + cRows[cRow + Math.min(5, last)];
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        FloatVector s00 = zero;
        FloatVector s01 = zero;
        FloatVector s02 = zero;
        FloatVector s03 = zero;
        FloatVector s10 = zero;
        FloatVector s11 = zero;
        FloatVector s12 = zero;
        FloatVector s13 = zero;
        FloatVector s20 = zero;
        FloatVector s21 = zero;
        FloatVector s22 = zero;
        FloatVector s23 = zero;
        FloatVector s30 = zero;
        FloatVector s31 = zero;
        FloatVector s32 = zero;
        FloatVector s33 = zero;
        FloatVector s40 = zero;
        FloatVector s41 = zero;
        FloatVector s42 = zero;
        FloatVector s43 = zero;
        FloatVector s50 = zero;
        FloatVector s51 = zero;
        FloatVector s52 = zero;
        FloatVector s53 = zero;
        for (int k = 0, bk = bOffset; k < stepCount; k++, bk += bStride) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bk);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bk + L);
            FloatVector b2 = FloatVector.fromArray(SPECIES, b, bk + 2 * L);
            FloatVector b3 = FloatVector.fromArray(SPECIES, b, bk + 3 * L);
            FloatVector x = exact(FloatVector.broadcast(SPECIES, a[a0 + k]));
            s00 = x.fma(b0, s00);
            s01 = x.fma(b1, s01);
            s02 = x.fma(b2, s02);
            s03 = x.fma(b3, s03);
            x = exact(FloatVector.broadcast(SPECIES, a[a1 + k]));
            s10 = x.fma(b0, s10);
            s11 = x.fma(b1, s11);
            s12 = x.fma(b2, s12);
            s13 = x.fma(b3, s13);
            x = exact(FloatVector.broadcast(SPECIES, a[a2 + k]));
            s20 = x.fma(b0, s20);
            s21 = x.fma(b1, s21);
            s22 = x.fma(b2, s22);
            s23 = x.fma(b3, s23);
            x = exact(FloatVector.broadcast(SPECIES, a[a3 + k]));
            s30 = x.fma(b0, s30);
            s31 = x.fma(b1, s31);
            s32 = x.fma(b2, s32);
            s33 = x.fma(b3, s33);
            x = exact(FloatVector.broadcast(SPECIES, a[a4 + k]));
            s40 = x.fma(b0, s40);
            s41 = x.fma(b1, s41);
            s42 = x.fma(b2, s42);
            s43 = x.fma(b3, s43);
            x = exact(FloatVector.broadcast(SPECIES, a[a5 + k]));
            s50 = x.fma(b0, s50);
            s51 = x.fma(b1, s51);
            s52 = x.fma(b2, s52);
            s53 = x.fma(b3, s53);
        }
        if (accumulate) {
            s00 = s00.add(FloatVector.fromArray(SPECIES, c, c0));
            s01 = s01.add(FloatVector.fromArray(SPECIES, c, c0 + L));
            s02 = s02.add(FloatVector.fromArray(SPECIES, c, c0 + 2 * L));
            s03 = s03.add(FloatVector.fromArray(SPECIES, c, c0 + 3 * L));
            s10 = s10.add(FloatVector.fromArray(SPECIES, c, c1));
            s11 = s11.add(FloatVector.fromArray(SPECIES, c, c1 + L));
            s12 = s12.add(FloatVector.fromArray(SPECIES, c, c1 + 2 * L));
            s13 = s13.add(FloatVector.fromArray(SPECIES, c, c1 + 3 * L));
            s20 = s20.add(FloatVector.fromArray(SPECIES, c, c2));
            s21 = s21.add(FloatVector.fromArray(SPECIES, c, c2 + L));
            s22 = s22.add(FloatVector.fromArray(SPECIES, c, c2 + 2 * L));
            s23 = s23.add(FloatVector.fromArray(SPECIES, c, c2 + 3 * L));
            s30 = s30.add(FloatVector.fromArray(SPECIES, c, c3));
            s31 = s31.add(FloatVector.fromArray(SPECIES, c, c3 + L));
            s32 = s32.add(FloatVector.fromArray(SPECIES, c, c3 + 2 * L));
            s33 = s33.add(FloatVector.fromArray(SPECIES, c, c3 + 3 * L));
            s40 = s40.add(FloatVector.fromArray(SPECIES, c, c4));
            s41 = s41.add(FloatVector.fromArray(SPECIES, c, c4 + L));
            s42 = s42.add(FloatVector.fromArray(SPECIES, c, c4 + 2 * L));
            s43 = s43.add(FloatVector.fromArray(SPECIES, c, c4 + 3 * L));
            s50 = s50.add(FloatVector.fromArray(SPECIES, c, c5));
            s51 = s51.add(FloatVector.fromArray(SPECIES, c, c5 + L));
            s52 = s52.add(FloatVector.fromArray(SPECIES, c, c5 + 2 * L));
            s53 = s53.add(FloatVector.fromArray(SPECIES, c, c5 + 3 * L));
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + L);
        s02.intoArray(c, c0 + 2 * L);
        s03.intoArray(c, c0 + 3 * L);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + L);
        s12.intoArray(c, c1 + 2 * L);
        s13.intoArray(c, c1 + 3 * L);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + L);
        s22.intoArray(c, c2 + 2 * L);
        s23.intoArray(c, c2 + 3 * L);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + L);
        s32.intoArray(c, c3 + 2 * L);
        s33.intoArray(c, c3 + 3 * L);
        s40.intoArray(c, c4);
        s41.intoArray(c, c4 + L);
        s42.intoArray(c, c4 + 2 * L);
        s43.intoArray(c, c4 + 3 * L);
        s50.intoArray(c, c5);
        s51.intoArray(c, c5 + L);
        s52.intoArray(c, c5 + 2 * L);
        s53.intoArray(c, c5 + 3 * L);
    }

    static void tile2x4(float[] a, int aOffset, int[] rows, int row, int count, int[] steps, int from, int to,
            float[] b, int bOffset, int bStride, float[] c, int cOffset, int[] cRows, int cRow, boolean accumulate) {
        if (count == 0) {
            return;
        }
        int last = count - 1;
        int a0 = aOffset + rows[row];
        int a1 = aOffset + rows[row + Math.min(1, last)];
        int c0 = cOffset + cRows[cRow];
        int c1 = cOffset + cRows[cRow + Math.min(1, last)];
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        FloatVector s00 = zero;
        FloatVector s01 = zero;
        FloatVector s02 = zero;
        FloatVector s03 = zero;
        FloatVector s10 = zero;
        FloatVector s11 = zero;
        FloatVector s12 = zero;
        FloatVector s13 = zero;
        for (int k = from, bk = bOffset; k < to; k++, bk += bStride) {
            int step = steps[k];
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bk);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bk + L);
            FloatVector b2 = FloatVector.fromArray(SPECIES, b, bk + 2 * L);
            FloatVector b3 = FloatVector.fromArray(SPECIES, b, bk + 3 * L);
            FloatVector x = exact(FloatVector.broadcast(SPECIES, a[a0 + step]));
            s00 = x.fma(b0, s00);
            s01 = x.fma(b1, s01);
            s02 = x.fma(b2, s02);
            s03 = x.fma(b3, s03);
            x = exact(FloatVector.broadcast(SPECIES, a[a1 + step]));
            s10 = x.fma(b0, s10);
            s11 = x.fma(b1, s11);
            s12 = x.fma(b2, s12);
            s13 = x.fma(b3, s13);
        }
        if (accumulate) {
            s00 = s00.add(FloatVector.fromArray(SPECIES, c, c0));
            s01 = s01.add(FloatVector.fromArray(SPECIES, c, c0 + L));
            s02 = s02.add(FloatVector.fromArray(SPECIES, c, c0 + 2 * L));
            s03 = s03.add(FloatVector.fromArray(SPECIES, c, c0 + 3 * L));
            s10 = s10.add(FloatVector.fromArray(SPECIES, c, c1));
            s11 = s11.add(FloatVector.fromArray(SPECIES, c, c1 + L));
            s12 = s12.add(FloatVector.fromArray(SPECIES, c, c1 + 2 * L));
            s13 = s13.add(FloatVector.fromArray(SPECIES, c, c1 + 3 * L));
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + L);
        s02.intoArray(c, c0 + 2 * L);
        s03.intoArray(c, c0 + 3 * L);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + L);
        s12.intoArray(c, c1 + 2 * L);
        s13.intoArray(c, c1 + 3 * L);
    }

    static void tile8x3(float[] a, int aOffset, int[] rows, int row, int count, int[] steps, int from, int to,
            float[] b, int bOffset, int bStride, float[] c, int cOffset, int[] cRows, int cRow, boolean accumulate) {
        if (count == 0) {
            return;
        }
        int last = count - 1;
        int a0 = aOffset + rows[row];
        int a1 = aOffset + rows[row + Math.min(1, last)];
        int a2 = aOffset + rows[row + Math.min(2, last)];
        int a3 = aOffset + rows[row + Math.min(3, last)];
        int a4 = aOffset + rows[row + Math.min(4, last)];
        int a5 = aOffset + rows[row + Math.min(5, last)];
        int a6 = aOffset + rows[row + Math.min(6, last)];
        int a7 = aOffset + rows[row + Math.min(7, last)];
        int c0 = cOffset + cRows[cRow];
        int c1 = cOffset + cRows[cRow + Math.min(1, last)];
        int c2 = cOffset + cRows[cRow + Math.min(2, last)];
        int c3 = cOffset + cRows[cRow + Math.min(3, last)];
        int c4 = cOffset + cRows[cRow + Math.min(4, last)];
        int c5 = cOffset + cRows[cRow + Math.min(5, last)];
        int c6 = cOffset + cRows[cRow + Math.min(6, last)];
        int c7 = cOffset + cRows[cRow + Math.min(7, last)];
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        FloatVector s00 = zero;
        FloatVector s01 = zero;
        FloatVector s02 = zero;
        FloatVector s10 = zero;
        FloatVector s11 = zero;
        FloatVector s12 = zero;
        FloatVector s20 = zero;
        FloatVector s21 = zero;
        FloatVector s22 = zero;
        FloatVector s30 = zero;
        FloatVector s31 = zero;
        FloatVector s32 = zero;
        FloatVector s40 = zero;
        FloatVector s41 = zero;
        FloatVector s42 = zero;
        FloatVector s50 = zero;
        FloatVector s51 = zero;
        FloatVector s52 = zero;
        FloatVector s60 = zero;
        FloatVector s61 = zero;
        FloatVector s62 = zero;
        FloatVector s70 = zero;
        FloatVector s71 = zero;
        FloatVector s72 = zero;
        for (int k = from, bk = bOffset; k < to; k++, bk += bStride) {
            int step = steps[k];
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bk);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bk + L);
            FloatVector b2 = FloatVector.fromArray(SPECIES, b, bk + 2 * L);
            FloatVector x = exact(FloatVector.broadcast(SPECIES, a[a0 + step]));
            s00 = x.fma(b0, s00);
            s01 = x.fma(b1, s01);
            s02 = x.fma(b2, s02);
            x = exact(FloatVector.broadcast(SPECIES, a[a1 + step]));
            s10 = x.fma(b0, s10);
            s11 = x.fma(b1, s11);
            s12 = x.fma(b2, s12);
            x = exact(FloatVector.broadcast(SPECIES, a[a2 + step]));
            s20 = x.fma(b0, s20);
            s21 = x.fma(b1, s21);
            s22 = x.fma(b2, s22);
            x = exact(FloatVector.broadcast(SPECIES, a[a3 + step]));
            s30 = x.fma(b0, s30);
            s31 = x.fma(b1, s31);
            s32 = x.fma(b2, s32);
            x = exact(FloatVector.broadcast(SPECIES, a[a4 + step]));
            s40 = x.fma(b0, s40);
            s41 = x.fma(b1, s41);
            s42 = x.fma(b2, s42);
            x = exact(FloatVector.broadcast(SPECIES, a[a5 + step]));
            s50 = x.fma(b0, s50);
            s51 = x.fma(b1, s51);
            s52 = x.fma(b2, s52);
            x = exact(FloatVector.broadcast(SPECIES, a[a6 + step]));
            s60 = x.fma(b0, s60);
            s61 = x.fma(b1, s61);
            s62 = x.fma(b2, s62);
            x = exact(FloatVector.broadcast(SPECIES, a[a7 + step]));
            s70 = x.fma(b0, s70);
            s71 = x.fma(b1, s71);
            s72 = x.fma(b2, s72);
        }
        if (accumulate) {
            s00 = s00.add(FloatVector.fromArray(SPECIES, c, c0));
            s01 = s01.add(FloatVector.fromArray(SPECIES, c, c0 + L));
            s02 = s02.add(FloatVector.fromArray(SPECIES, c, c0 + 2 * L));
            s10 = s10.add(FloatVector.fromArray(SPECIES, c, c1));
            s11 = s11.add(FloatVector.fromArray(SPECIES, c, c1 + L));
            s12 = s12.add(FloatVector.fromArray(SPECIES, c, c1 + 2 * L));
            s20 = s20.add(FloatVector.fromArray(SPECIES, c, c2));
            s21 = s21.add(FloatVector.fromArray(SPECIES, c, c2 + L));
            s22 = s22.add(FloatVector.fromArray(SPECIES, c, c2 + 2 * L));
            s30 = s30.add(FloatVector.fromArray(SPECIES, c, c3));
            s31 = s31.add(FloatVector.fromArray(SPECIES, c, c3 + L));
            s32 = s32.add(FloatVector.fromArray(SPECIES, c, c3 + 2 * L));
            s40 = s40.add(FloatVector.fromArray(SPECIES, c, c4));
            s41 = s41.add(FloatVector.fromArray(SPECIES, c, c4 + L));
            s42 = s42.add(FloatVector.fromArray(SPECIES, c, c4 + 2 * L));
            s50 = s50.add(FloatVector.fromArray(SPECIES, c, c5));
            s51 = s51.add(FloatVector.fromArray(SPECIES, c, c5 + L));
            s52 = s52.add(FloatVector.fromArray(SPECIES, c, c5 + 2 * L));
            s60 = s60.add(FloatVector.fromArray(SPECIES, c, c6));
            s61 = s61.add(FloatVector.fromArray(SPECIES, c, c6 + L));
            s62 = s62.add(FloatVector.fromArray(SPECIES, c, c6 + 2 * L));
            s70 = s70.add(FloatVector.fromArray(SPECIES, c, c7));
            s71 = s71.add(FloatVector.fromArray(SPECIES, c, c7 + L));
            s72 = s72.add(FloatVector.fromArray(SPECIES, c, c7 + 2 * L));
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + L);
        s02.intoArray(c, c0 + 2 * L);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + L);
        s12.intoArray(c, c1 + 2 * L);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + L);
        s22.intoArray(c, c2 + 2 * L);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + L);
        s32.intoArray(c, c3 + 2 * L);
        s40.intoArray(c, c4);
        s41.intoArray(c, c4 + L);
        s42.intoArray(c, c4 + 2 * L);
        s50.intoArray(c, c5);
        s51.intoArray(c, c5 + L);
        s52.intoArray(c, c5 + 2 * L);
        s60.intoArray(c, c6);
        s61.intoArray(c, c6 + L);
        s62.intoArray(c, c6 + 2 * L);
        s70.intoArray(c, c7);
        s71.intoArray(c, c7 + L);
        s72.intoArray(c, c7 + 2 * L);
    }

    static void tile2x3(float[] a, int aOffset, int[] rows, int row, int count, int[] steps, int from, int to,
            float[] b, int bOffset, int bStride, float[] c, int cOffset, int[] cRows, int cRow, boolean accumulate) {
        if (count == 0) {
            return;
        }
        int last = count - 1;
        int a0 = aOffset + rows[row];
        int a1 = aOffset + rows[row + Math.min(1, last)];
        int c0 = cOffset + cRows[cRow];
        int c1 = cOffset + cRows[cRow + Math.min(1, last)];
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        FloatVector s00 = zero;
        FloatVector s01 = zero;
        FloatVector s02 = zero;
        FloatVector s10 = zero;
        FloatVector s11 = zero;
        FloatVector s12 = zero;
        for (int k = from, bk = bOffset; k < to; k++, bk += bStride) {
            int step = steps[k];
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bk);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bk + L);
            FloatVector b2 = FloatVector.fromArray(SPECIES, b, bk + 2 * L);
            FloatVector x = exact(FloatVector.broadcast(SPECIES, a[a0 + step]));
            s00 = x.fma(b0, s00);
            s01 = x.fma(b1, s01);
            s02 = x.fma(b2, s02);
            x = exact(FloatVector.broadcast(SPECIES, a[a1 + step]));
            s10 = x.fma(b0, s10);
            s11 = x.fma(b1, s11);
            s12 = x.fma(b2, s12);
        }
        if (accumulate) {
            s00 = s00.add(FloatVector.fromArray(SPECIES, c, c0));
            s01 = s01.add(FloatVector.fromArray(SPECIES, c, c0 + L));
            s02 = s02.add(FloatVector.fromArray(SPECIES, c, c0 + 2 * L));
            s10 = s10.add(FloatVector.fromArray(SPECIES, c, c1));
            s11 = s11.add(FloatVector.fromArray(SPECIES, c, c1 + L));
            s12 = s12.add(FloatVector.fromArray(SPECIES, c, c1 + 2 * L));
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + L);
        s02.intoArray(c, c0 + 2 * L);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + L);
        s12.intoArray(c, c1 + 2 * L);
    }

    static void tile12x2(float[] a, int aOffset, int[] rows, int row, int count, int[] steps, int from, int to,
            float[] b, int bOffset, int bStride, float[] c, int cOffset, int[] cRows, int cRow, boolean accumulate) {
        if (count == 0) {
            return;
        }
        int last = count - 1;
        int a0 = aOffset + rows[row];
        int a1 = aOffset + rows[row + Math.min(1, last)];
        int a2 = aOffset + rows[row + Math.min(2, last)];
        int a3 = aOffset + rows[row + Math.min(3, last)];
        int a4 = aOffset + rows[row + Math.min(4, last)];
        int a5 = aOffset + rows[row + Math.min(5, last)];
        int a6 = aOffset + rows[row + Math.min(6, last)];
        int a7 = aOffset + rows[row + Math.min(7, last)];
        int a8 = aOffset + rows[row + Math.min(8, last)];
        int a9 = aOffset + rows[row + Math.min(9, last)];
        int a10 = aOffset + rows[row + Math.min(10, last)];
        int a11 = aOffset + rows[row + Math.min(11, last)];
        int c0 = cOffset + cRows[cRow];
        int c1 = cOffset + cRows[cRow + Math.min(1, last)];
        int c2 = cOffset + cRows[cRow + Math.min(2, last)];
        int c3 = cOffset + cRows[cRow + Math.min(3, last)];
        int c4 = cOffset + cRows[cRow + Math.min(4, last)];
        int c5 = cOffset + cRows[cRow + Math.min(5, last)];
        int c6 = cOffset + cRows[cRow + Math.min(6, last)];
        int c7 = cOffset + cRows[cRow + Math.min(7, last)];
        int c8 = cOffset + cRows[cRow + Math.min(8, last)];
        int c9 = cOffset + cRows[cRow + Math.min(9, last)];
        int c10 = cOffset + cRows[cRow + Math.min(10, last)];
        int c11 = cOffset + cRows[cRow + Math.min(11, last)];
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        FloatVector s0_0 = zero;
        FloatVector s0_1 = zero;
        FloatVector s1_0 = zero;
        FloatVector s1_1 = zero;
        FloatVector s2_0 = zero;
        FloatVector s2_1 = zero;
        FloatVector s3_0 = zero;
        FloatVector s3_1 = zero;
        FloatVector s4_0 = zero;
        FloatVector s4_1 = zero;
        FloatVector s5_0 = zero;
        FloatVector s5_1 = zero;
        FloatVector s6_0 = zero;
        FloatVector s6_1 = zero;
        FloatVector s7_0 = zero;
        FloatVector s7_1 = zero;
        FloatVector s8_0 = zero;
        FloatVector s8_1 = zero;
        FloatVector s9_0 = zero;
        FloatVector s9_1 = zero;
        FloatVector s10_0 = zero;
        FloatVector s10_1 = zero;
        FloatVector s11_0 = zero;
        FloatVector s11_1 = zero;
        for (int k = from, bk = bOffset; k < to; k++, bk += bStride) {
            int step = steps[k];
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bk);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bk + L);
            FloatVector x = exact(FloatVector.broadcast(SPECIES, a[a0 + step]));
            s0_0 = x.fma(b0, s0_0);
            s0_1 = x.fma(b1, s0_1);
            x = exact(FloatVector.broadcast(SPECIES, a[a1 + step]));
            s1_0 = x.fma(b0, s1_0);
            s1_1 = x.fma(b1, s1_1);
            x = exact(FloatVector.broadcast(SPECIES, a[a2 + step]));
            s2_0 = x.fma(b0, s2_0);
            s2_1 = x.fma(b1, s2_1);
            x = exact(FloatVector.broadcast(SPECIES, a[a3 + step]));
            s3_0 = x.fma(b0, s3_0);
            s3_1 = x.fma(b1, s3_1);
            x = exact(FloatVector.broadcast(SPECIES, a[a4 + step]));
            s4_0 = x.fma(b0, s4_0);
            s4_1 = x.fma(b1, s4_1);
            x = exact(FloatVector.broadcast(SPECIES, a[a5 + step]));
            s5_0 = x.fma(b0, s5_0);
            s5_1 = x.fma(b1, s5_1);
            x = exact(FloatVector.broadcast(SPECIES, a[a6 + step]));
            s6_0 = x.fma(b0, s6_0);
            s6_1 = x.fma(b1, s6_1);
            x = exact(FloatVector.broadcast(SPECIES, a[a7 + step]));
            s7_0 = x.fma(b0, s7_0);
            s7_1 = x.fma(b1, s7_1);
            x = exact(FloatVector.broadcast(SPECIES, a[a8 + step]));
            s8_0 = x.fma(b0, s8_0);
            s8_1 = x.fma(b1, s8_1);
            x = exact(FloatVector.broadcast(SPECIES, a[a9 + step]));
            s9_0 = x.fma(b0, s9_0);
            s9_1 = x.fma(b1, s9_1);
            x = exact(FloatVector.broadcast(SPECIES, a[a10 + step]));
            s10_0 = x.fma(b0, s10_0);
            s10_1 = x.fma(b1, s10_1);
            x = exact(FloatVector.broadcast(SPECIES, a[a11 + step]));
            s11_0 = x.fma(b0, s11_0);
            s11_1 = x.fma(b1, s11_1);
        }
        if (accumulate) {
            s0_0 = s0_0.add(FloatVector.fromArray(SPECIES, c, c0));
            s0_1 = s0_1.add(FloatVector.fromArray(SPECIES, c, c0 + L));
            s1_0 = s1_0.add(FloatVector.fromArray(SPECIES, c, c1));
            s1_1 = s1_1.add(FloatVector.fromArray(SPECIES, c, c1 + L));
            s2_0 = s2_0.add(FloatVector.fromArray(SPECIES, c, c2));
            s2_1 = s2_1.add(FloatVector.fromArray(SPECIES, c, c2 + L));
            s3_0 = s3_0.add(FloatVector.fromArray(SPECIES, c, c3));
            s3_1 = s3_1.add(FloatVector.fromArray(SPECIES, c, c3 + L));
            s4_0 = s4_0.add(FloatVector.fromArray(SPECIES, c, c4));
            s4_1 = s4_1.add(FloatVector.fromArray(SPECIES, c, c4 + L));
            s5_0 = s5_0.add(FloatVector.fromArray(SPECIES, c, c5));
            s5_1 = s5_1.add(FloatVector.fromArray(SPECIES, c, c5 + L));
            s6_0 = s6_0.add(FloatVector.fromArray(SPECIES, c, c6));
            s6_1 = s6_1.add(FloatVector.fromArray(SPECIES, c, c6 + L));
            s7_0 = s7_0.add(FloatVector.fromArray(SPECIES, c, c7));
            s7_1 = s7_1.add(FloatVector.fromArray(SPECIES, c, c7 + L));
            s8_0 = s8_0.add(FloatVector.fromArray(SPECIES, c, c8));
            s8_1 = s8_1.add(FloatVector.fromArray(SPECIES, c, c8 + L));
            s9_0 = s9_0.add(FloatVector.fromArray(SPECIES, c, c9));
            s9_1 = s9_1.add(FloatVector.fromArray(SPECIES, c, c9 + L));
            s10_0 = s10_0.add(FloatVector.fromArray(SPECIES, c, c10));
            s10_1 = s10_1.add(FloatVector.fromArray(SPECIES, c, c10 + L));
            s11_0 = s11_0.add(FloatVector.fromArray(SPECIES, c, c11));
            s11_1 = s11_1.add(FloatVector.fromArray(SPECIES, c, c11 + L));
        }
        s0_0.intoArray(c, c0);
        s0_1.intoArray(c, c0 + L);
        s1_0.intoArray(c, c1);
        s1_1.intoArray(c, c1 + L);
        s2_0.intoArray(c, c2);
        s2_1.intoArray(c, c2 + L);
        s3_0.intoArray(c, c3);
        s3_1.intoArray(c, c3 + L);
        s4_0.intoArray(c, c4);
        s4_1.intoArray(c, c4 + L);
        s5_0.intoArray(c, c5);
        s5_1.intoArray(c, c5 + L);
        s6_0.intoArray(c, c6);
        s6_1.intoArray(c, c6 + L);
        s7_0.intoArray(c, c7);
        s7_1.intoArray(c, c7 + L);
        s8_0.intoArray(c, c8);
        s8_1.intoArray(c, c8 + L);
        s9_0.intoArray(c, c9);
        s9_1.intoArray(c, c9 + L);
        s10_0.intoArray(c, c10);
        s10_1.intoArray(c, c10 + L);
        s11_0.intoArray(c, c11);
        s11_1.intoArray(c, c11 + L);
    }

    static void tile6x2(float[] a, int aOffset, int[] rows, int row, int count, int[] steps, int from, int to,
            float[] b, int bOffset, int bStride, float[] c, int cOffset, int[] cRows, int cRow, boolean accumulate) {
        if (count == 0) {
            return;
        }
        int last = count - 1;
        int a0 = aOffset + rows[row];
        int a1 = aOffset + rows[row + Math.min(1, last)];
        int a2 = aOffset + rows[row + Math.min(2, last)];
        int a3 = aOffset + rows[row + Math.min(3, last)];
        int a4 = aOffset + rows[row + Math.min(4, last)];
        int a5 = aOffset + rows[row + Math.min(5, last)];
        int c0 = cOffset + cRows[cRow];
        int c1 = cOffset + cRows[cRow + Math.min(1, last)];
        int c2 = cOffset + cRows[cRow + Math.min(2, last)];
        int c3 = cOffset + cRows[cRow + Math.min(3, last)];
        int c4 = cOffset + cRows[cRow + Math.min(4, last)];
        int c5 = cOffset + cRows[cRow + Math.min(5, last)];
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        FloatVector s00 = zero;
        FloatVector s01 = zero;
        FloatVector s10 = zero;
        FloatVector s11 = zero;
        FloatVector s20 = zero;
        FloatVector s21 = zero;
        FloatVector s30 = zero;
        FloatVector s31 = zero;
        FloatVector s40 = zero;
        FloatVector s41 = zero;
        FloatVector s50 = zero;
        FloatVector s51 = zero;
        for (int k = from, bk = bOffset; k < to; k++, bk += bStride) {
            int step = steps[k];
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bk);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bk + L);
            FloatVector x = exact(FloatVector.broadcast(SPECIES, a[a0 + step]));
            s00 = x.fma(b0, s00);
            s01 = x.fma(b1, s01);
            x = exact(FloatVector.broadcast(SPECIES, a[a1 + step]));
            s10 = x.fma(b0, s10);
            s11 = x.fma(b1, s11);
            x = exact(FloatVector.broadcast(SPECIES, a[a2 + step]));
            s20 = x.fma(b0, s20);
            s21 = x.fma(b1, s21);
            x = exact(FloatVector.broadcast(SPECIES, a[a3 + step]));
            s30 = x.fma(b0, s30);
            s31 = x.fma(b1, s31);
            x = exact(FloatVector.broadcast(SPECIES, a[a4 + step]));
            s40 = x.fma(b0, s40);
            s41 = x.fma(b1, s41);
            x = exact(FloatVector.broadcast(SPECIES, a[a5 + step]));
            s50 = x.fma(b0, s50);
            s51 = x.fma(b1, s51);
        }
        if (accumulate) {
            s00 = s00.add(FloatVector.fromArray(SPECIES, c, c0));
            s01 = s01.add(FloatVector.fromArray(SPECIES, c, c0 + L));
            s10 = s10.add(FloatVector.fromArray(SPECIES, c, c1));
            s11 = s11.add(FloatVector.fromArray(SPECIES, c, c1 + L));
            s20 = s20.add(FloatVector.fromArray(SPECIES, c, c2));
            s21 = s21.add(FloatVector.fromArray(SPECIES, c, c2 + L));
            s30 = s30.add(FloatVector.fromArray(SPECIES, c, c3));
            s31 = s31.add(FloatVector.fromArray(SPECIES, c, c3 + L));
            s40 = s40.add(FloatVector.fromArray(SPECIES, c, c4));
            s41 = s41.add(FloatVector.fromArray(SPECIES, c, c4 + L));
            s50 = s50.add(FloatVector.fromArray(SPECIES, c, c5));
            s51 = s51.add(FloatVector.fromArray(SPECIES, c, c5 + L));
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + L);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + L);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + L);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + L);
        s40.intoArray(c, c4);
        s41.intoArray(c, c4 + L);
        s50.intoArray(c, c5);
        s51.intoArray(c, c5 + L);
    }

    static void consecutive6x2(float[] a, int aOffset, int[] rows, int row, int count, int stepCount, float[] b,
            int bOffset, int bStride, float[] c, int cOffset, int[] cRows, int cRow, boolean accumulate) {
        if (count == 0) {
            return;
        }
        int last = count - 1;
        int a0 = aOffset + rows[row];
        int a1 = aOffset + rows[row + Math.min(1, last)];
        int a2 = aOffset + rows[row + Math.min(2, last)];
        int a3 = aOffset + rows[row + Math.min(3, last)];
        int a4 = aOffset + rows[row + Math.min(4, last)];
        int a5 = aOffset + rows[row + Math.min(5, last)];
        int c0 = cOffset + cRows[cRow];
        int c1 = cOffset + cRows[cRow + Math.min(1, last)];
        int c2 = cOffset + cRows[cRow + Math.min(2, last)];
        int c3 = cOffset + cRows[cRow + Math.min(3, last)];
        int c4 = cOffset + cRows[cRow + Math.min(4, last)];
        int c5 = cOffset + cRows[cRow + Math.min(5, last)];
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        FloatVector s00 = zero;
        FloatVector s01 = zero;
        FloatVector s10 = zero;
        FloatVector s11 = zero;
        FloatVector s20 = zero;
        FloatVector s21 = zero;
        FloatVector s30 = zero;
        FloatVector s31 = zero;
        FloatVector s40 = zero;
        FloatVector s41 = zero;
        FloatVector s50 = zero;
        FloatVector s51 = zero;
        for (int k = 0, bk = bOffset; k < stepCount; k++, bk += bStride) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bk);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bk + L);
            FloatVector x = exact(FloatVector.broadcast(SPECIES, a[a0 + k]));
            s00 = x.fma(b0, s00);
            s01 = x.fma(b1, s01);
            x = exact(FloatVector.broadcast(SPECIES, a[a1 + k]));
            s10 = x.fma(b0, s10);
            s11 = x.fma(b1, s11);
            x = exact(FloatVector.broadcast(SPECIES, a[a2 + k]));
            s20 = x.fma(b0, s20);
            s21 = x.fma(b1, s21);
            x = exact(FloatVector.broadcast(SPECIES, a[a3 + k]));
            s30 = x.fma(b0, s30);
            s31 = x.fma(b1, s31);
            x = exact(FloatVector.broadcast(SPECIES, a[a4 + k]));
            s40 = x.fma(b0, s40);
            s41 = x.fma(b1, s41);
            x = exact(FloatVector.broadcast(SPECIES, a[a5 + k]));
            s50 = x.fma(b0, s50);
            s51 = x.fma(b1, s51);
        }
        if (accumulate) {
            s00 = s00.add(FloatVector.fromArray(SPECIES, c, c0));
            s01 = s01.add(FloatVector.fromArray(SPECIES, c, c0 + L));
            s10 = s10.add(FloatVector.fromArray(SPECIES, c, c1));
            s11 = s11.add(FloatVector.fromArray(SPECIES, c, c1 + L));
            s20 = s20.add(FloatVector.fromArray(SPECIES, c, c2));
            s21 = s21.add(FloatVector.fromArray(SPECIES, c, c2 + L));
            s30 = s30.add(FloatVector.fromArray(SPECIES, c, c3));
            s31 = s31.add(FloatVector.fromArray(SPECIES, c, c3 + L));
            s40 = s40.add(FloatVector.fromArray(SPECIES, c, c4));
            s41 = s41.add(FloatVector.fromArray(SPECIES, c, c4 + L));
            s50 = s50.add(FloatVector.fromArray(SPECIES, c, c5));
            s51 = s51.add(FloatVector.fromArray(SPECIES, c, c5 + L));
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + L);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + L);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + L);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + L);
        s40.intoArray(c, c4);
        s41.intoArray(c, c4 + L);
        s50.intoArray(c, c5);
        s51.intoArray(c, c5 + L);
    }

    static void tile2x2(float[] a, int aOffset, int[] rows, int row, int count, int[] steps, int from, int to,
            float[] b, int bOffset, int bStride, float[] c, int cOffset, int[] cRows, int cRow, boolean accumulate) {
        if (count == 0) {
            return;
        }
        int last = count - 1;
        int a0 = aOffset + rows[row];
        int a1 = aOffset + rows[row + Math.min(1, last)];
        int c0 = cOffset + cRows[cRow];
        int c1 = cOffset + cRows[cRow + Math.min(1, last)];
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        FloatVector s00 = zero;
        FloatVector s01 = zero;
        FloatVector s10 = zero;
        FloatVector s11 = zero;
        for (int k = from, bk = bOffset; k < to; k++, bk += bStride) {
            int step = steps[k];
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bk);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bk + L);
            FloatVector x = exact(FloatVector.broadcast(SPECIES, a[a0 + step]));
            s00 = x.fma(b0, s00);
            s01 = x.fma(b1, s01);
            x = exact(FloatVector.broadcast(SPECIES, a[a1 + step]));
            s10 = x.fma(b0, s10);
            s11 = x.fma(b1, s11);
        }
        if (accumulate) {
            s00 = s00.add(FloatVector.fromArray(SPECIES, c, c0));
            s01 = s01.add(FloatVector.fromArray(SPECIES, c, c0 + L));
            s10 = s10.add(FloatVector.fromArray(SPECIES, c, c1));
            s11 = s11.add(FloatVector.fromArray(SPECIES, c, c1 + L));
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + L);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + L);
    }

    static void channels8(float[] a, int aOffset, int[] rows, int row, int count, int[] steps, int from,
            int to, float[] b, int bOffset, int bStride, float[] c, int cOffset, int[] cRows, boolean accumulate) {
        if (count == 0) {
            return;
        }
        int last = count - 1;
        int a0 = aOffset + rows[row];
        int a1 = aOffset + rows[row + Math.min(1, last)];
        int a2 = aOffset + rows[row + Math.min(2, last)];
        int a3 = aOffset + rows[row + Math.min(3, last)];
        int a4 = aOffset + rows[row + Math.min(4, last)];
        int a5 = aOffset + rows[row + Math.min(5, last)];
        int a6 = aOffset + rows[row + Math.min(6, last)];
        int a7 = aOffset + rows[row + Math.min(7, last)];
        int c0 = cOffset + cRows[row];
        int c1 = cOffset + cRows[row + Math.min(1, last)];
        int c2 = cOffset + cRows[row + Math.min(2, last)];
        int c3 = cOffset + cRows[row + Math.min(3, last)];
        int c4 = cOffset + cRows[row + Math.min(4, last)];
        int c5 = cOffset + cRows[row + Math.min(5, last)];
        int c6 = cOffset + cRows[row + Math.min(6, last)];
        int c7 = cOffset + cRows[row + Math.min(7, last)];
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        FloatVector s0 = zero;
        FloatVector s1 = zero;
        FloatVector s2 = zero;
        FloatVector s3 = zero;
        FloatVector s4 = zero;
        FloatVector s5 = zero;
        FloatVector s6 = zero;
        FloatVector s7 = zero;
        for (int k = from, bk = bOffset; k < to; k++, bk += bStride) {
            int step = steps[k];
            FloatVector y = FloatVector.fromArray(SPECIES, b, bk);
            s0 = FloatVector.fromArray(SPECIES, a, a0 + step).fma(y, s0);
            s1 = FloatVector.fromArray(SPECIES, a, a1 + step).fma(y, s1);
            s2 = FloatVector.fromArray(SPECIES, a, a2 + step).fma(y, s2);
            s3 = FloatVector.fromArray(SPECIES, a, a3 + step).fma(y, s3);
            s4 = FloatVector.fromArray(SPECIES, a, a4 + step).fma(y, s4);
            s5 = FloatVector.fromArray(SPECIES, a, a5 + step).fma(y, s5);
            s6 = FloatVector.fromArray(SPECIES, a, a6 + step).fma(y, s6);
            s7 = FloatVector.fromArray(SPECIES, a, a7 + step).fma(y, s7);
        }
        if (accumulate) {
            s0 = s0.add(FloatVector.fromArray(SPECIES, c, c0));
            s1 = s1.add(FloatVector.fromArray(SPECIES, c, c1));
            s2 = s2.add(FloatVector.fromArray(SPECIES, c, c2));
            s3 = s3.add(FloatVector.fromArray(SPECIES, c, c3));
            s4 = s4.add(FloatVector.fromArray(SPECIES, c, c4));
            s5 = s5.add(FloatVector.fromArray(SPECIES, c, c5));
            s6 = s6.add(FloatVector.fromArray(SPECIES, c, c6));
            s7 = s7.add(FloatVector.fromArray(SPECIES, c, c7));
        }
        s0.intoArray(c, c0);
        s1.intoArray(c, c1);
        s2.intoArray(c, c2);
        s3.intoArray(c, c3);
        s4.intoArray(c, c4);
        s5.intoArray(c, c5);
        s6.intoArray(c, c6);
        s7.intoArray(c, c7);
    }

    /** Multiply-adds without memory, for {@link Peak}. */
    static float chains(float factor) {
        FloatVector x = exact(FloatVector.broadcast(SPECIES, factor));
        FloatVector a = x;
        FloatVector b = x;
        FloatVector c = x;
        FloatVector d = x;
        FloatVector e = x;
        FloatVector f = x;
        FloatVector g = x;
        FloatVector h = x;
        FloatVector i = x;
        FloatVector j = x;
        FloatVector k = x;
        FloatVector l = x;
        int state = 0;
        do {
            a = x.fma(x, a);
            b = x.fma(x, b);
            c = x.fma(x, c);
            d = x.fma(x, d);
            e = x.fma(x, e);
            f = x.fma(x, f);
            g = x.fma(x, g);
            h = x.fma(x, h);
            i = x.fma(x, i);
            j = x.fma(x, j);
            k = x.fma(x, k);
            l = x.fma(x, l);
            state = Peak.next(state);
        } while (state != 0);
        return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l)
                .reduceLanes(VectorOperators.ADD);
    }
}
