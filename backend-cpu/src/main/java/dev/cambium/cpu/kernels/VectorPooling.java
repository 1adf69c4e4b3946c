package dev.cambium.cpu.kernels;

import static dev.cambium.cpu.kernels.Vectors.exact;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The windows of {@link Lanes}, many channels at once; the channels that don't fill a vector go to the scalar twin. A value wins over the
 * largest so far if it is not below or equal, nor that NaN. This is written out each time: C2 may compile a method of its own by itself
 * first, and would then not inline it (vectors stayed objects in 5 of 24 processes with AVX2, and in none of 60 since).
 */
final class VectorPooling {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int L = SPECIES.length();

    private VectorPooling() {}

    static void max(float[] x, int xOff, int rowStep, int columnStep, int rows, int columns, int channels, float[] out,
            int outOff) {
        int channel = 0;
        for (; channel <= channels - L; channel += L) {
            int first = xOff + channel;
            FloatVector best = exact(FloatVector.fromArray(SPECIES, x, first));
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    FloatVector value = exact(
                            FloatVector.fromArray(SPECIES, x, first + row * rowStep + column * columnStep));
                    FloatVector known = exact(best);
                    best = known.blend(value, value.compare(LE, known).not().and(known.compare(EQ, known)));
                }
            }
            best.intoArray(out, outOff + channel);
        }
        if (channel < channels) {
            ScalarPooling.max(x, xOff + channel, rowStep, columnStep, rows, columns, channels - channel, out,
                    outOff + channel);
        }
    }

    static void maxQuads(float[] x, int xOff, int rowStep, int placeStep, int places, int channels, float[] out,
            int outOff) {
        for (int place = 0; place < places; place++) {
            int at = xOff + place * placeStep;
            int to = outOff + place * channels;
            int channel = 0;
            for (; channel <= channels - L; channel += L) {
                FloatVector best = exact(FloatVector.fromArray(SPECIES, x, at + channel));
                FloatVector second = exact(FloatVector.fromArray(SPECIES, x, at + channel + channels));
                FloatVector third = exact(FloatVector.fromArray(SPECIES, x, at + channel + rowStep));
                FloatVector fourth = exact(FloatVector.fromArray(SPECIES, x, at + channel + rowStep + channels));
                best = best.blend(second, second.compare(LE, best).not().and(best.compare(EQ, best)));
                best = best.blend(third, third.compare(LE, best).not().and(best.compare(EQ, best)));
                best.blend(fourth, fourth.compare(LE, best).not().and(best.compare(EQ, best))).intoArray(out,
                        to + channel);
            }
            if (channel < channels) {
                ScalarPooling.max(x, at + channel, rowStep, channels, 2, 2, channels - channel, out, to + channel);
            }
        }
    }

    static void maxQuadsGradient(float[] x, int xOff, int rowStep, int placeStep, int places, int channels, float[] dy,
            int dyOff, float[] dx, int dxOff) {
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        for (int place = 0; place < places; place++) {
            int at = xOff + place * placeStep;
            int from = dyOff + place * channels;
            int to = dxOff + place * placeStep;
            int channel = 0;
            for (; channel <= channels - L; channel += L) {
                FloatVector best = exact(FloatVector.fromArray(SPECIES, x, at + channel));
                FloatVector second = exact(FloatVector.fromArray(SPECIES, x, at + channel + channels));
                FloatVector third = exact(FloatVector.fromArray(SPECIES, x, at + channel + rowStep));
                FloatVector fourth = exact(FloatVector.fromArray(SPECIES, x, at + channel + rowStep + channels));
                VectorMask<Float> secondWins = second.compare(LE, best).not().and(best.compare(EQ, best));
                best = best.blend(second, secondWins);
                VectorMask<Float> thirdWins = third.compare(LE, best).not().and(best.compare(EQ, best));
                best = best.blend(third, thirdWins);
                VectorMask<Float> fourthWins = fourth.compare(LE, best).not().and(best.compare(EQ, best));
                FloatVector gradient = exact(FloatVector.fromArray(SPECIES, dy, from + channel));
                zero.blend(gradient, fourthWins).intoArray(dx, to + channel + rowStep + channels);
                gradient = gradient.blend(zero, fourthWins);
                zero.blend(gradient, thirdWins).intoArray(dx, to + channel + rowStep);
                gradient = gradient.blend(zero, thirdWins);
                zero.blend(gradient, secondWins).intoArray(dx, to + channel + channels);
                gradient.blend(zero, secondWins).intoArray(dx, to + channel);
            }
            if (channel < channels) {
                ScalarPooling.quadGradient(x, at + channel, rowStep, channels, channels - channel, dy, from + channel,
                        dx, to + channel);
            }
        }
    }

    static void maxQuadsWinners(float[] x, int xOff, int rowStep, int placeStep, int places, int channels, float[] out,
            int outOff, float[] winners, int winnersOff) {
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        for (int place = 0; place < places; place++) {
            int at = xOff + place * placeStep;
            int to = place * channels;
            int channel = 0;
            for (; channel <= channels - L; channel += L) {
                FloatVector best = exact(FloatVector.fromArray(SPECIES, x, at + channel));
                FloatVector second = exact(FloatVector.fromArray(SPECIES, x, at + channel + channels));
                FloatVector third = exact(FloatVector.fromArray(SPECIES, x, at + channel + rowStep));
                FloatVector fourth = exact(FloatVector.fromArray(SPECIES, x, at + channel + rowStep + channels));
                VectorMask<Float> beats = second.compare(LE, best).not().and(best.compare(EQ, best));
                best = best.blend(second, beats);
                FloatVector winner = zero.blend(1, beats);
                beats = third.compare(LE, best).not().and(best.compare(EQ, best));
                best = best.blend(third, beats);
                winner = winner.blend(2, beats);
                beats = fourth.compare(LE, best).not().and(best.compare(EQ, best));
                best.blend(fourth, beats).intoArray(out, outOff + to + channel);
                winner.blend(3, beats).intoArray(winners, winnersOff + to + channel);
            }
            if (channel < channels) {
                ScalarPooling.quadWinners(x, at + channel, rowStep, channels, channels - channel, out,
                        outOff + to + channel, winners, winnersOff + to + channel);
            }
        }
    }

    static void maxQuadsScatter(float[] winners, int winnersOff, int rowStep, int placeStep, int places, int channels,
            float[] dy, int dyOff, float[] dx, int dxOff) {
        FloatVector zero = exact(FloatVector.zero(SPECIES));
        for (int place = 0; place < places; place++) {
            int from = place * channels;
            int to = dxOff + place * placeStep;
            int channel = 0;
            for (; channel <= channels - L; channel += L) {
                FloatVector winner = exact(FloatVector.fromArray(SPECIES, winners, winnersOff + from + channel));
                FloatVector gradient = exact(FloatVector.fromArray(SPECIES, dy, dyOff + from + channel));
                zero.blend(gradient, winner.compare(EQ, 0)).intoArray(dx, to + channel);
                zero.blend(gradient, winner.compare(EQ, 1)).intoArray(dx, to + channel + channels);
                zero.blend(gradient, winner.compare(EQ, 2)).intoArray(dx, to + channel + rowStep);
                zero.blend(gradient, winner.compare(EQ, 3))
                        .intoArray(dx, to + channel + rowStep + channels);
            }
            if (channel < channels) {
                ScalarPooling.quadScatter(winners, winnersOff + from + channel, rowStep, channels, channels - channel,
                        dy, dyOff + from + channel, dx, to + channel);
            }
        }
    }

    static void maxGradient(float[] x, int xOff, int rowStep, int columnStep, int rows, int columns, int channels,
            float[] dy, int dyOff, float[] dx, int dxOff) {
        int channel = 0;
        for (; channel <= channels - L; channel += L) {
            int first = xOff + channel;
            FloatVector best = exact(FloatVector.fromArray(SPECIES, x, first));
            FloatVector winner = exact(FloatVector.zero(SPECIES));
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    FloatVector value = exact(
                            FloatVector.fromArray(SPECIES, x, first + row * rowStep + column * columnStep));
                    FloatVector known = exact(best);
                    VectorMask<Float> beats = value.compare(LE, known).not().and(known.compare(EQ, known));
                    best = known.blend(value, beats);
                    winner = exact(winner).blend(row * columns + column, beats);
                }
            }
            FloatVector gradient = exact(FloatVector.fromArray(SPECIES, dy, dyOff + channel));
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    int at = dxOff + channel + row * rowStep + column * columnStep;
                    FloatVector sum = exact(FloatVector.fromArray(SPECIES, dx, at));
                    VectorMask<Float> won = exact(winner).compare(EQ, row * columns + column);
                    sum.blend(sum.add(gradient), won).intoArray(dx, at);
                }
            }
        }
        if (channel < channels) {
            ScalarPooling.maxGradient(x, xOff + channel, rowStep, columnStep, rows, columns, channels - channel, dy,
                    dyOff + channel, dx, dxOff + channel);
        }
    }

    static void maxPick(float[] x, int xOff, int rowStep, int columnStep, int rows, int columns, int channels,
            float[] values, int valuesOff, float[] out, int outOff) {
        int channel = 0;
        for (; channel <= channels - L; channel += L) {
            int first = xOff + channel;
            FloatVector best = exact(FloatVector.fromArray(SPECIES, x, first));
            FloatVector winner = exact(FloatVector.zero(SPECIES));
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    FloatVector value = exact(
                            FloatVector.fromArray(SPECIES, x, first + row * rowStep + column * columnStep));
                    FloatVector known = exact(best);
                    VectorMask<Float> beats = value.compare(LE, known).not().and(known.compare(EQ, known));
                    best = known.blend(value, beats);
                    winner = exact(winner).blend(row * columns + column, beats);
                }
            }
            FloatVector picked = exact(FloatVector.zero(SPECIES));
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    int at = valuesOff + channel + row * rowStep + column * columnStep;
                    VectorMask<Float> won = exact(winner).compare(EQ, row * columns + column);
                    picked = exact(picked).blend(exact(FloatVector.fromArray(SPECIES, values, at)), won);
                }
            }
            picked.intoArray(out, outOff + channel);
        }
        if (channel < channels) {
            ScalarPooling.maxPick(x, xOff + channel, rowStep, columnStep, rows, columns, channels - channel, values,
                    valuesOff + channel, out, outOff + channel);
        }
    }
}
