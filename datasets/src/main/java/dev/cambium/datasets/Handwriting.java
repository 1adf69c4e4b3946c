package dev.cambium.datasets;

import java.util.Arrays;
import java.util.List;

import dev.cambium.datasets.Glyphs.Glyph;

/**
 * Draws digits as a hand would: a style of the digit, its points moved a little, smoothed by a spline, slanted, turned,
 * stretched, distorted elastically, and inked with a pen of varying width. Not for use by several threads at once.
 *
 * <p>
 * The arithmetic is float addition, multiplication, division and square root, which Java defines to the bit, so that a
 * key gives the same picture on every machine.
 */
final class Handwriting {
    /** The height and width of a picture in pixels, as MNIST's. */
    static final int SIZE = 28;

    private static final float MARGIN = 2;
    private static final int MOST_POINTS = 128;
    private static final int SAMPLES_PER_SPAN = 5;
    /**
     * The elastic distortion is a displacement at each node of a grid of so many cells a side, and its smooth surface.
     */
    private static final int CELLS = 2;
    private static final int NODES = CELLS + 3;

    private final float[] ink = new float[SIZE * SIZE];
    private final float[] pointX = new float[MOST_POINTS];
    private final float[] pointY = new float[MOST_POINTS];
    private final float[] xs = new float[MOST_POINTS];
    private final float[] ys = new float[MOST_POINTS];
    private final boolean[] penDown = new boolean[MOST_POINTS];
    private final float[] warpX = new float[NODES * NODES];
    private final float[] warpY = new float[NODES * NODES];
    private int count;
    private long state;

    /**
     * Draws a digit.
     *
     * @param key
     *            equal keys give equal pictures
     * @param picture
     *            where the grey values go, row by row, 0 for paper and 1 for ink, in steps of 1/255
     * @param offset
     *            the first one's place
     */
    void draw(int digit, long key, float[] picture, int offset) {
        state = key;
        List<Glyph> styles = Glyphs.of(digit);
        trace(styles.get((int) (uniform(0, 1) * styles.size())));
        shape();
        fit();
        Arrays.fill(ink, 0);
        stroke();
        for (int i = 0; i < ink.length; i++) {
            picture[offset + i] = Math.round(255 * ink[i]) / 255f;
        }
    }

    /** Follows the strokes through their points, each moved at random, on Catmull–Rom splines. */
    private void trace(Glyph glyph) {
        count = 0;
        for (float[] stroke : glyph.strokes()) {
            int points = stroke.length / 2;
            for (int i = 0; i < points; i++) {
                boolean corner = i > 0 && stroke[2 * i] == stroke[2 * i - 2] && stroke[2 * i + 1] == stroke[2 * i - 1];
                pointX[i] = corner ? pointX[i - 1] : stroke[2 * i] + 0.025f * normal();
                pointY[i] = corner ? pointY[i - 1] : stroke[2 * i + 1] + 0.025f * normal();
            }
            add(pointX[0], pointY[0], false);
            for (int i = 0; i + 1 < points; i++) {
                if (pointX[i] == pointX[i + 1] && pointY[i] == pointY[i + 1]) {
                    continue;
                }
                int before = Math.max(i - 1, 0);
                int after = Math.min(i + 2, points - 1);
                for (int s = 1; s <= SAMPLES_PER_SPAN; s++) {
                    float t = (float) s / SAMPLES_PER_SPAN;
                    add(spline(pointX[before], pointX[i], pointX[i + 1], pointX[after], t),
                            spline(pointY[before], pointY[i], pointY[i + 1], pointY[after], t),
                            true);
                }
            }
        }
    }

    private void add(float x, float y, boolean down) {
        xs[count] = x;
        ys[count] = y;
        penDown[count] = down;
        count++;
    }

    private static float spline(float a, float b, float c, float d, float t) {
        return b + 0.5f * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
    }

    /** Slants, turns, stretches and distorts. */
    private void shape() {
        float width = 0.9f + 0.2f * normal();
        float slant = 0.15f + 0.25f * normal();
        float turn = 0.1f * normal();
        for (int i = 0; i < warpX.length; i++) {
            warpX[i] = 0.13f * normal();
            warpY[i] = 0.13f * normal();
        }
        for (int i = 0; i < count; i++) {
            float wx = xs[i] + warp(warpX, xs[i], ys[i]) - 0.5f;
            float wy = ys[i] + warp(warpY, xs[i], ys[i]) - 0.5f;
            float x = wx * width - wy * slant;
            xs[i] = x - wy * turn;
            ys[i] = wy + x * turn;
        }
    }

    /** A uniform cubic B-spline surface over the grid's values. */
    private static float warp(float[] grid, float x, float y) {
        float gx = Math.clamp(x, 0, 1) * CELLS;
        float gy = Math.clamp(y, 0, 1) * CELLS;
        int column = Math.min((int) gx, CELLS - 1);
        int row = Math.min((int) gy, CELLS - 1);
        float tx = gx - column;
        int i = row * NODES + column;
        return basis(gy - row, basis(tx, grid, i), basis(tx, grid, i + NODES), basis(tx, grid, i + 2 * NODES),
                basis(tx, grid, i + 3 * NODES));
    }

    private static float basis(float t, float[] v, int i) {
        return basis(t, v[i], v[i + 1], v[i + 2], v[i + 3]);
    }

    private static float basis(float t, float a, float b, float c, float d) {
        float u = 1 - t;
        return (u * u * u * a + (4 + t * t * (3 * t - 6)) * b + (4 + u * u * (3 * u - 6)) * c + t * t * t * d)
                * (1 / 6f);
    }

    /** Scales to about MNIST's box of 20 pixels and puts the middle of the ink near the picture's. */
    private void fit() {
        float left = Float.MAX_VALUE;
        float right = -Float.MAX_VALUE;
        float top = Float.MAX_VALUE;
        float bottom = -Float.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            left = Math.min(left, xs[i]);
            right = Math.max(right, xs[i]);
            top = Math.min(top, ys[i]);
            bottom = Math.max(bottom, ys[i]);
        }
        float length = 0;
        float momentX = 0;
        float momentY = 0;
        for (int i = 1; i < count; i++) {
            if (penDown[i]) {
                float step = distance(xs[i] - xs[i - 1], ys[i] - ys[i - 1]);
                length += step;
                momentX += step * (xs[i] + xs[i - 1]) / 2;
                momentY += step * (ys[i] + ys[i - 1]) / 2;
            }
        }
        float scale = uniform(16f, 19.5f) / Math.max(right - left, bottom - top);
        float shiftX = shift(scale * momentX / length, scale * left, scale * right);
        float shiftY = shift(scale * momentY / length, scale * top, scale * bottom);
        for (int i = 0; i < count; i++) {
            xs[i] = scale * xs[i] + shiftX;
            ys[i] = scale * ys[i] + shiftY;
        }
    }

    /**
     * How far to move along one axis: the middle to about the picture's, but nothing nearer than {@link #MARGIN} to its
     * edge.
     */
    private float shift(float middle, float low, float high) {
        return Math.clamp(SIZE / 2f - middle + 0.7f * normal(), MARGIN - low, SIZE - MARGIN - high);
    }

    /** Inks the way the pen went; its width wanders. */
    private void stroke() {
        float mean = uniform(0.6f, 1.6f);
        float width = mean;
        for (int i = 1; i < count; i++) {
            float next = mean + 0.85f * (width - mean) + 0.06f * mean * normal();
            if (penDown[i]) {
                line(xs[i - 1], ys[i - 1], width, xs[i], ys[i], next);
            }
            width = next;
        }
    }

    /** Inks all pixels near a line; the edge of the ink is soft over one pixel. */
    private void line(float x0, float y0, float radius0, float x1, float y1, float radius1) {
        float reach = Math.max(radius0, radius1) + 0.5f;
        int fromX = Math.clamp((long) (Math.min(x0, x1) - reach), 0, SIZE - 1);
        int toX = Math.clamp((long) (Math.max(x0, x1) + reach), 0, SIZE - 1);
        int fromY = Math.clamp((long) (Math.min(y0, y1) - reach), 0, SIZE - 1);
        int toY = Math.clamp((long) (Math.max(y0, y1) + reach), 0, SIZE - 1);
        float dx = x1 - x0;
        float dy = y1 - y0;
        float perSquare = 1 / Math.max(dx * dx + dy * dy, 1e-6f);
        for (int y = fromY; y <= toY; y++) {
            for (int x = fromX; x <= toX; x++) {
                float px = x + 0.5f - x0;
                float py = y + 0.5f - y0;
                float t = Math.clamp((px * dx + py * dy) * perSquare, 0f, 1f);
                float ex = px - t * dx;
                float ey = py - t * dy;
                float radius = radius0 + t * (radius1 - radius0);
                float cover = Math.min(radius + 0.5f - distance(ex, ey), 1);
                int i = y * SIZE + x;
                if (cover > ink[i]) {
                    ink[i] = cover;
                }
            }
        }
    }

    private static float distance(float x, float y) {
        return (float) Math.sqrt(x * x + y * y);
    }

    private float uniform(float from, float to) {
        return from + (to - from) * ((next() >>> 40) * 0x1p-24f);
    }

    /** Nearly normal, mean 0 and deviation 1: the sum of four uniform numbers of 16 bits. */
    private float normal() {
        long bits = next();
        long sum = (bits & 0xffff) + (bits >>> 16 & 0xffff) + (bits >>> 32 & 0xffff) + (bits >>> 48);
        return (sum - 2 * 0xffff) * (1 / 37837.2f);
    }

    private long next() {
        state += 0x9e3779b97f4a7c15L;
        return mix(state);
    }

    /** SplitMix64's mixing function: every bit of the result depends on every bit of the argument. */
    static long mix(long z) {
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
