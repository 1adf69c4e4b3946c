package dev.cambium.cpu.kernels;

/** One window of max-pooling, the definition of {@link VectorPooling}. */
final class ScalarPooling {
    private ScalarPooling() {}

    static void max(float[] x, int xOff, int rowStep, int columnStep, int rows, int columns, int channels, float[] out,
            int outOff) {
        for (int channel = 0; channel < channels; channel++) {
            int winner = winner(x, xOff + channel, rowStep, columnStep, rows, columns);
            out[outOff + channel] = x[xOff + channel + winner];
        }
    }

    static void maxQuads(float[] x, int xOff, int rowStep, int placeStep, int places, int channels, float[] out,
            int outOff) {
        for (int place = 0; place < places; place++) {
            max(x, xOff + place * placeStep, rowStep, channels, 2, 2, channels, out, outOff + place * channels);
        }
    }

    static void maxQuadsGradient(float[] x, int xOff, int rowStep, int placeStep, int places, int channels, float[] dy,
            int dyOff, float[] dx, int dxOff) {
        for (int place = 0; place < places; place++) {
            quadGradient(x, xOff + place * placeStep, rowStep, channels, channels, dy, dyOff + place * channels, dx,
                    dxOff + place * placeStep);
        }
    }

    static void maxQuadsWinners(float[] x, int xOff, int rowStep, int placeStep, int places, int channels, float[] out,
            int outOff, float[] winners, int winnersOff) {
        for (int place = 0; place < places; place++) {
            quadWinners(x, xOff + place * placeStep, rowStep, channels, channels, out, outOff + place * channels,
                    winners, winnersOff + place * channels);
        }
    }

    static void quadWinners(float[] x, int xOff, int rowStep, int columnStep, int channels, float[] out, int outOff,
            float[] winners, int winnersOff) {
        for (int channel = 0; channel < channels; channel++) {
            int winner = winner(x, xOff + channel, rowStep, columnStep, 2, 2);
            out[outOff + channel] = x[xOff + channel + winner];
            winners[winnersOff + channel] = (winner >= rowStep ? 2 : 0) + (winner % rowStep == columnStep ? 1 : 0);
        }
    }

    static void maxQuadsScatter(float[] winners, int winnersOff, int rowStep, int placeStep, int places, int channels,
            float[] dy, int dyOff, float[] dx, int dxOff) {
        for (int place = 0; place < places; place++) {
            quadScatter(winners, winnersOff + place * channels, rowStep, channels, channels, dy,
                    dyOff + place * channels, dx, dxOff + place * placeStep);
        }
    }

    static void quadScatter(float[] winners, int winnersOff, int rowStep, int columnStep, int channels, float[] dy,
            int dyOff, float[] dx, int dxOff) {
        for (int channel = 0; channel < channels; channel++) {
            float winner = winners[winnersOff + channel];
            float gradient = dy[dyOff + channel];
            int to = dxOff + channel;
            dx[to] = winner == 0 ? gradient : 0;
            dx[to + columnStep] = winner == 1 ? gradient : 0;
            dx[to + rowStep] = winner == 2 ? gradient : 0;
            dx[to + rowStep + columnStep] = winner == 3 ? gradient : 0;
        }
    }

    static void quadGradient(float[] x, int xOff, int rowStep, int columnStep, int channels, float[] dy, int dyOff,
            float[] dx, int dxOff) {
        for (int channel = 0; channel < channels; channel++) {
            int winner = winner(x, xOff + channel, rowStep, columnStep, 2, 2);
            int to = dxOff + channel;
            dx[to] = 0;
            dx[to + columnStep] = 0;
            dx[to + rowStep] = 0;
            dx[to + rowStep + columnStep] = 0;
            dx[to + winner] = dy[dyOff + channel];
        }
    }

    static void maxGradient(float[] x, int xOff, int rowStep, int columnStep, int rows, int columns, int channels,
            float[] dy, int dyOff, float[] dx, int dxOff) {
        for (int channel = 0; channel < channels; channel++) {
            int winner = winner(x, xOff + channel, rowStep, columnStep, rows, columns);
            dx[dxOff + channel + winner] += dy[dyOff + channel];
        }
    }

    static void maxPick(float[] x, int xOff, int rowStep, int columnStep, int rows, int columns, int channels,
            float[] values, int valuesOff, float[] out, int outOff) {
        for (int channel = 0; channel < channels; channel++) {
            int winner = winner(x, xOff + channel, rowStep, columnStep, rows, columns);
            out[outOff + channel] = values[valuesOff + channel + winner];
        }
    }

    /** How far behind {@code first} the largest element lies, of equals the first. */
    private static int winner(float[] x, int first, int rowStep, int columnStep, int rows, int columns) {
        int winner = 0;
        float best = x[first];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int at = row * rowStep + column * columnStep;
                float value = x[first + at];
                if (value > best || (Float.isNaN(value) && !Float.isNaN(best))) {
                    best = value;
                    winner = at;
                }
            }
        }
        return winner;
    }
}
