package dev.cambium.cpu.kernels;

import java.util.Arrays;

import dev.cambium.tensor.Op.BinaryKind;
import dev.cambium.tensor.Window2d;

/**
 * Pooling of one sample at a time, channels last: [h][w][c], contiguous.
 *
 * <p>
 * The largest of a window is the first of equals in row-major order; NaN counts as larger than all numbers. PyTorch agrees, but
 * for a window of several NaNs, of which its gradient takes the last.
 */
public final class Pooling {
    private static final LanesInUse LANES = new LanesInUse(LanesWarmUp::pooling);

    private Pooling() {}

    /**
     * Runs the vector loops of this class until the JIT compiler has compiled them, some tenths of a second, and only then takes
     * them into use; until then scalar loops run. Results are the same. Returns whether they are in use. To be submitted to {@link WarmUps}.
     */
    public static boolean warmUp() {
        return LANES.warmUp();
    }

    /**
     * The largest of each window: x [height][width][channels] to out [oh][ow][channels]. Padding never wins; NaN is largest; a
     * window of padding alone gives −∞.
     */
    public static void maxPool(Window2d window, float[] x, int xOff, int height, int width, int channels, float[] out,
            int outOff) {
        int rowStep = window.dilationHeight() * width * channels;
        int columnStep = window.dilationWidth() * channels;
        int outHeight = window.outputHeight(height);
        int outWidth = window.outputWidth(width);
        if (isQuad(window)) {
            for (int oy = 0; oy < outHeight; oy++) {
                LANES.get().maxPoolQuads(x, xOff + oy * window.strideHeight() * rowStep, rowStep,
                        window.strideWidth() * columnStep, outWidth, channels, out, outOff + oy * outWidth * channels);
            }
            return;
        }
        int to = outOff;
        for (int oy = 0; oy < outHeight; oy++) {
            int y = oy * window.strideHeight() - window.top();
            int row = firstTap(y, window.dilationHeight());
            int rows = endTap(y, window.dilationHeight(), window.height(), height) - row;
            for (int ox = 0; ox < outWidth; ox++) {
                int left = ox * window.strideWidth() - window.left();
                int column = firstTap(left, window.dilationWidth());
                int columns = endTap(left, window.dilationWidth(), window.width(), width) - column;
                if (rows > 0 && columns > 0) {
                    int first = (y * width + left) * channels + row * rowStep + column * columnStep;
                    LANES.get().maxPool(x, xOff + first, rowStep, columnStep, rows, columns, channels, out, to);
                } else {
                    Arrays.fill(out, to, to + channels, Float.NEGATIVE_INFINITY);
                }
                to += channels;
            }
        }
    }

    /**
     * The gradient of {@link #maxPool} by x: dx [height][width][channels] is written over with zeros, then each element of dy
     * [oh][ow][channels] is added where the largest of its window in x lies, of equals at the first.
     */
    public static void maxPoolGradient(Window2d window, float[] x, int xOff, float[] dy, int dyOff, int height,
            int width, int channels, float[] dx, int dxOff) {
        int rowStep = window.dilationHeight() * width * channels;
        int columnStep = window.dilationWidth() * channels;
        int outHeight = window.outputHeight(height);
        int outWidth = window.outputWidth(width);
        boolean apart = window.strideHeight() >= window.height() && window.strideWidth() >= window.width();
        boolean quads = isQuad(window) && apart;
        if (!quads || outHeight * outWidth * 4 < height * width) {
            Arrays.fill(dx, dxOff, dxOff + height * width * channels, 0);
        }
        if (quads) {
            for (int oy = 0; oy < outHeight; oy++) {
                int first = oy * window.strideHeight() * rowStep;
                LANES.get().maxPoolQuadsGradient(x, xOff + first, rowStep, window.strideWidth() * columnStep,
                        outWidth, channels, dy, dyOff + oy * outWidth * channels, dx, dxOff + first);
            }
            return;
        }
        int from = dyOff;
        for (int oy = 0; oy < outHeight; oy++) {
            int y = oy * window.strideHeight() - window.top();
            int row = firstTap(y, window.dilationHeight());
            int rows = endTap(y, window.dilationHeight(), window.height(), height) - row;
            for (int ox = 0; ox < outWidth; ox++) {
                int left = ox * window.strideWidth() - window.left();
                int column = firstTap(left, window.dilationWidth());
                int columns = endTap(left, window.dilationWidth(), window.width(), width) - column;
                if (rows > 0 && columns > 0) {
                    int first = (y * width + left) * channels + row * rowStep + column * columnStep;
                    LANES.get().maxPoolGradient(x, xOff + first, rowStep, columnStep, rows, columns, channels, dy,
                            from, dx, dxOff + first);
                }
                from += channels;
            }
        }
    }

    /** Whether {@link #maxPoolWinners} is there for a window: it is of 2 by 2 neighbours, within the image and apart from the others. */
    public static boolean hasWinners(Window2d window) {
        return isQuad(window) && window.strideHeight() >= 2 && window.strideWidth() >= 2;
    }

    /**
     * {@link #maxPool} that also tells {@link #maxPoolScatter} the winners.
     *
     * @param winners [oh][ow][channels]: which place of the window won, 0 to 3, row by row
     */
    public static void maxPoolWinners(Window2d window, float[] x, int xOff, int height, int width, int channels,
            float[] out, int outOff, float[] winners, int winnersOff) {
        int rowStep = width * channels;
        int outWidth = window.outputWidth(width);
        for (int oy = 0; oy < window.outputHeight(height); oy++) {
            LANES.get().maxPoolQuadsWinners(x, xOff + oy * window.strideHeight() * rowStep, rowStep,
                    window.strideWidth() * channels, outWidth, channels, out, outOff + oy * outWidth * channels,
                    winners,
                    winnersOff + oy * outWidth * channels);
        }
    }

    /** For each window of {@link #maxPoolWinners} the number of the image's place that is its first. */
    public static int[] firstPlaces(Window2d window, int height, int width) {
        int outWidth = window.outputWidth(width);
        int[] places = new int[window.outputHeight(height) * outWidth];
        Arrays.setAll(places,
                i -> i / outWidth * window.strideHeight() * width + i % outWidth * window.strideWidth());
        return places;
    }

    /** {@link #maxPoolGradient} that knows the winners from {@link #maxPoolWinners}. */
    public static void maxPoolScatter(Window2d window, float[] winners, int winnersOff, float[] dy, int dyOff,
            int height, int width, int channels, float[] dx, int dxOff) {
        int rowStep = width * channels;
        int outHeight = window.outputHeight(height);
        int outWidth = window.outputWidth(width);
        if (outHeight * outWidth * 4 < height * width) {
            Arrays.fill(dx, dxOff, dxOff + height * width * channels, 0);
        }
        for (int oy = 0; oy < outHeight; oy++) {
            int at = oy * outWidth * channels;
            LANES.get().maxPoolQuadsScatter(winners, winnersOff + at, rowStep, window.strideWidth() * channels,
                    outWidth, channels, dy, dyOff + at, dx, dxOff + oy * window.strideHeight() * rowStep);
        }
    }

    /**
     * For each window the element of values [height][width][channels] that lies where the largest of x does, of equals the
     * first, to out [oh][ow][channels]; 0 for a window of padding alone.
     */
    public static void maxPoolPick(Window2d window, float[] x, int xOff, float[] values, int valuesOff, int height,
            int width, int channels, float[] out, int outOff) {
        int rowStep = window.dilationHeight() * width * channels;
        int columnStep = window.dilationWidth() * channels;
        int outHeight = window.outputHeight(height);
        int outWidth = window.outputWidth(width);
        int to = outOff;
        for (int oy = 0; oy < outHeight; oy++) {
            int y = oy * window.strideHeight() - window.top();
            int row = firstTap(y, window.dilationHeight());
            int rows = endTap(y, window.dilationHeight(), window.height(), height) - row;
            for (int ox = 0; ox < outWidth; ox++) {
                int left = ox * window.strideWidth() - window.left();
                int column = firstTap(left, window.dilationWidth());
                int columns = endTap(left, window.dilationWidth(), window.width(), width) - column;
                if (rows > 0 && columns > 0) {
                    int first = (y * width + left) * channels + row * rowStep + column * columnStep;
                    LANES.get().maxPoolPick(x, xOff + first, rowStep, columnStep, rows, columns, channels, values,
                            valuesOff + first, out, to);
                } else {
                    Arrays.fill(out, to, to + channels, 0);
                }
                to += channels;
            }
        }
    }

    /** The sum of each window: x [height][width][channels] to out [oh][ow][channels]; padding counts as zero. */
    public static void sumPool(Window2d window, float[] x, int xOff, int height, int width, int channels, float[] out,
            int outOff) {
        int outWidth = window.outputWidth(width);
        int places = window.outputHeight(height) * outWidth;
        Arrays.fill(out, outOff, outOff + places * channels, 0);
        for (int place = 0; place < places; place++) {
            for (int ky = 0; ky < window.height(); ky++) {
                for (int kx = 0; kx < window.width(); kx++) {
                    int pixel = pixel(window, height, width, place / outWidth, place % outWidth, ky, kx);
                    if (pixel >= 0) {
                        add(x, xOff + pixel * channels, out, outOff + place * channels, channels);
                    }
                }
            }
        }
    }

    /**
     * The gradient of {@link #sumPool} by x: dx [height][width][channels] is written over with zeros, then each element of dy
     * [oh][ow][channels] is added to all places of its window.
     */
    public static void sumPoolGradient(Window2d window, float[] dy, int dyOff, int height, int width, int channels,
            float[] dx, int dxOff) {
        Arrays.fill(dx, dxOff, dxOff + height * width * channels, 0);
        int outWidth = window.outputWidth(width);
        int places = window.outputHeight(height) * outWidth;
        for (int place = 0; place < places; place++) {
            for (int ky = 0; ky < window.height(); ky++) {
                for (int kx = 0; kx < window.width(); kx++) {
                    int pixel = pixel(window, height, width, place / outWidth, place % outWidth, ky, kx);
                    if (pixel >= 0) {
                        add(dy, dyOff + place * channels, dx, dxOff + pixel * channels, channels);
                    }
                }
            }
        }
    }

    /** Whether windows are 2 by 2 neighbours, all of them within the image. */
    private static boolean isQuad(Window2d window) {
        return window.height() == 2 && window.width() == 2 && window.dilationHeight() == 1
                && window.dilationWidth() == 1
                && window.top() == 0 && window.bottom() == 0 && window.left() == 0 && window.right() == 0;
    }

    private static void add(float[] src, int srcOff, float[] dst, int dstOff, int n) {
        LANES.get().binary(BinaryKind.ADD, dst, dstOff, 1, src, srcOff, 1, dst, dstOff, n);
    }

    /** The first element of a window along one axis that is not before the image, if the window begins at {@code start}. */
    private static int firstTap(int start, int dilation) {
        return start >= 0 ? 0 : Math.ceilDiv(-start, dilation);
    }

    /** The end of the elements of a window along one axis that are not behind the image. */
    private static int endTap(int start, int dilation, int taps, int extent) {
        return Math.min(taps, Math.ceilDiv(extent - start, dilation));
    }

    /** FLOAT64 twin of the method of this name above. */
    public static void maxPool(Window2d window, double[] x, int xOff, int height, int width, int channels, double[] out,
            int outOff) {
        int outWidth = window.outputWidth(width);
        int places = window.outputHeight(height) * outWidth;
        Arrays.fill(out, outOff, outOff + places * channels, Double.NEGATIVE_INFINITY);
        for (int place = 0; place < places; place++) {
            for (int ky = 0; ky < window.height(); ky++) {
                for (int kx = 0; kx < window.width(); kx++) {
                    int pixel = pixel(window, height, width, place / outWidth, place % outWidth, ky, kx);
                    if (pixel >= 0) {
                        int from = xOff + pixel * channels;
                        int to = outOff + place * channels;
                        for (int c = 0; c < channels; c++) {
                            if (beats(x[from + c], out[to + c])) {
                                out[to + c] = x[from + c];
                            }
                        }
                    }
                }
            }
        }
    }

    /** FLOAT64 twin of the method of this name above. */
    public static void maxPoolGradient(Window2d window, double[] x, int xOff, double[] dy, int dyOff, int height,
            int width, int channels, double[] dx, int dxOff) {
        Arrays.fill(dx, dxOff, dxOff + height * width * channels, 0);
        int outWidth = window.outputWidth(width);
        int places = window.outputHeight(height) * outWidth;
        for (int place = 0; place < places; place++) {
            for (int c = 0; c < channels; c++) {
                int winner = winner(window, x, xOff + c, height, width, channels, place / outWidth, place % outWidth);
                if (winner >= 0) {
                    dx[dxOff + winner * channels + c] += dy[dyOff + place * channels + c];
                }
            }
        }
    }

    /** FLOAT64 twin of the method of this name above. */
    public static void maxPoolPick(Window2d window, double[] x, int xOff, double[] values, int valuesOff, int height,
            int width, int channels, double[] out, int outOff) {
        int outWidth = window.outputWidth(width);
        int places = window.outputHeight(height) * outWidth;
        for (int place = 0; place < places; place++) {
            for (int c = 0; c < channels; c++) {
                int winner = winner(window, x, xOff + c, height, width, channels, place / outWidth, place % outWidth);
                out[outOff + place * channels + c] = winner < 0 ? 0 : values[valuesOff + winner * channels + c];
            }
        }
    }

    /** FLOAT64 twin of the method of this name above. */
    public static void sumPool(Window2d window, double[] x, int xOff, int height, int width, int channels, double[] out,
            int outOff) {
        int outWidth = window.outputWidth(width);
        int places = window.outputHeight(height) * outWidth;
        Arrays.fill(out, outOff, outOff + places * channels, 0);
        for (int place = 0; place < places; place++) {
            for (int ky = 0; ky < window.height(); ky++) {
                for (int kx = 0; kx < window.width(); kx++) {
                    int pixel = pixel(window, height, width, place / outWidth, place % outWidth, ky, kx);
                    if (pixel >= 0) {
                        add(x, xOff + pixel * channels, out, outOff + place * channels, channels);
                    }
                }
            }
        }
    }

    /** FLOAT64 twin of the method of this name above. */
    public static void sumPoolGradient(Window2d window, double[] dy, int dyOff, int height, int width, int channels,
            double[] dx, int dxOff) {
        Arrays.fill(dx, dxOff, dxOff + height * width * channels, 0);
        int outWidth = window.outputWidth(width);
        int places = window.outputHeight(height) * outWidth;
        for (int place = 0; place < places; place++) {
            for (int ky = 0; ky < window.height(); ky++) {
                for (int kx = 0; kx < window.width(); kx++) {
                    int pixel = pixel(window, height, width, place / outWidth, place % outWidth, ky, kx);
                    if (pixel >= 0) {
                        add(dy, dyOff + place * channels, dx, dxOff + pixel * channels, channels);
                    }
                }
            }
        }
    }

    private static void add(double[] src, int srcOff, double[] dst, int dstOff, int n) {
        for (int i = 0; i < n; i++) {
            dst[dstOff + i] += src[srcOff + i];
        }
    }

    private static int winner(Window2d window, double[] x, int xOff, int height, int width, int channels, int oy,
            int ox) {
        int best = -1;
        for (int ky = 0; ky < window.height(); ky++) {
            for (int kx = 0; kx < window.width(); kx++) {
                int pixel = pixel(window, height, width, oy, ox, ky, kx);
                if (pixel >= 0 && (best < 0 || beats(x[xOff + pixel * channels], x[xOff + best * channels]))) {
                    best = pixel;
                }
            }
        }
        return best;
    }

    private static boolean beats(double value, double best) {
        return value > best || (Double.isNaN(value) && !Double.isNaN(best));
    }

    /** The pixel (row · width + column) below one element of a window, or −1 where that is padding. */
    static int pixel(Window2d window, int height, int width, int oy, int ox, int ky, int kx) {
        int y = oy * window.strideHeight() - window.top() + ky * window.dilationHeight();
        int x = ox * window.strideWidth() - window.left() + kx * window.dilationWidth();
        return y >= 0 && y < height && x >= 0 && x < width ? y * width + x : -1;
    }
}
