package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cambium.tensor.Window2d;

/** Windows of all kinds against one loop over their places; floats and doubles. */
class PoolingTest {
    static Stream<Window2d> windows() {
        return Stream.of(Window2d.square(2, 2), Window2d.square(2, 1), Window2d.square(2, 3), Window2d.square(1, 1),
                Window2d.square(3, 2), Window2d.square(3, 2).padded(1), Window2d.square(2, 2).padded(1),
                new Window2d(2, 3, 1, 2, 2, 1, 1, 0, 1, 1), new Window2d(2, 2, 2, 2, 1, 1, 0, 1, 0, 1),
                new Window2d(2, 2, 1, 2, 3, 2, 1, 1, 1, 1), new Window2d(1, 2, 1, 1, 1, 9, 0, 0, 6, 6));
    }

    private static final int[][] IMAGES = {{4, 6, 1}, {5, 7, 3}, {6, 6, 16}, {7, 4, 35}, {2, 2, 8}, {3, 9, 33}};

    @ParameterizedTest
    @MethodSource("windows")
    void windows_pool_and_pass_gradients_back(Window2d window) {
        for (int[] image : IMAGES) {
            int height = image[0];
            int width = image[1];
            int channels = image[2];
            int places = Math.max(0, window.outputHeight(height)) * Math.max(0, window.outputWidth(width));
            int size = height * width * channels;
            for (int round = 0; round < 3; round++) {
                float[] x = round == 0 ? Samples.normal(size, round) : Samples.special(size, round);
                float[] values = Samples.normal(size, 7);
                float[] dy = Samples.normal(places * channels, 8);
                check(window, height, width, channels, places, x, values, dy);
            }
        }
    }

    private static void check(Window2d window, int height, int width, int channels, int places, float[] x,
            float[] values, float[] dy) {
        float[] max = new float[places * channels];
        float[] pick = new float[places * channels];
        double[] sum = new double[places * channels];
        double[] maxGradient = new double[x.length];
        double[] sumGradient = new double[x.length];
        int outWidth = Math.max(1, window.outputWidth(width));
        for (int place = 0; place < places; place++) {
            for (int c = 0; c < channels; c++) {
                int o = place * channels + c;
                int winner = -1;
                for (int ky = 0; ky < window.height(); ky++) {
                    for (int kx = 0; kx < window.width(); kx++) {
                        int y = place / outWidth * window.strideHeight() - window.top() + ky * window.dilationHeight();
                        int z = place % outWidth * window.strideWidth() - window.left() + kx * window.dilationWidth();
                        if (y >= 0 && y < height && z >= 0 && z < width) {
                            int at = (y * width + z) * channels + c;
                            sum[o] += values[at];
                            sumGradient[at] += dy[o];
                            if (winner < 0 || Float.compare(x[at] + 0f, x[winner] + 0f) > 0) {
                                winner = at;
                            }
                        }
                    }
                }
                max[o] = winner < 0 ? Float.NEGATIVE_INFINITY : x[winner];
                pick[o] = winner < 0 ? 0 : values[winner];
                if (winner >= 0) {
                    maxGradient[winner] += dy[o];
                }
            }
        }
        checkFloats(window, height, width, channels, x, values, dy, max, pick, sum, maxGradient, sumGradient);
        checkDoubles(window, height, width, channels, x, values, dy, max, pick, sum, maxGradient, sumGradient);
    }

    private static void checkFloats(Window2d window, int height, int width, int channels, float[] x, float[] values,
            float[] dy, float[] max, float[] pick, double[] sum, double[] maxGradient, double[] sumGradient) {
        float[] in = shifted(x, 3);
        float[] second = shifted(values, 2);
        float[] gradient = shifted(dy, 1);
        float[] out = new float[max.length + 5];
        float[] dx = new float[x.length + 5];
        Pooling.maxPool(window, in, 3, height, width, channels, out, 5);
        assertThat(Arrays.copyOfRange(out, 5, out.length)).isEqualTo(max);
        Pooling.maxPoolPick(window, in, 3, second, 2, height, width, channels, out, 5);
        assertThat(Arrays.copyOfRange(out, 5, out.length)).isEqualTo(pick);
        Pooling.sumPool(window, second, 2, height, width, channels, out, 5);
        assertClose(Arrays.copyOfRange(out, 5, out.length), sum);
        Arrays.fill(dx, 9);
        Pooling.maxPoolGradient(window, in, 3, gradient, 1, height, width, channels, dx, 5);
        assertClose(Arrays.copyOfRange(dx, 5, dx.length), maxGradient);
        if (Pooling.hasWinners(window)) {
            float[] winners = new float[max.length + 2];
            Pooling.maxPoolWinners(window, in, 3, height, width, channels, out, 5, winners, 2);
            assertThat(Arrays.copyOfRange(out, 5, out.length)).isEqualTo(max);
            Arrays.fill(dx, 9);
            Pooling.maxPoolScatter(window, winners, 2, gradient, 1, height, width, channels, dx, 5);
            assertClose(Arrays.copyOfRange(dx, 5, dx.length), maxGradient);
        }
        Arrays.fill(dx, 9);
        Pooling.sumPoolGradient(window, gradient, 1, height, width, channels, dx, 5);
        assertClose(Arrays.copyOfRange(dx, 5, dx.length), sumGradient);
        assertThat(dx).startsWith(9, 9, 9, 9, 9);
    }

    private static float[] shifted(float[] values, int by) {
        float[] shifted = new float[values.length + by];
        System.arraycopy(values, 0, shifted, by, values.length);
        return shifted;
    }

    private static void assertClose(float[] actual, double[] expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).isEqualTo(expected[i], Offset.offset(1e-5));
        }
    }

    private static void checkDoubles(Window2d window, int height, int width, int channels, float[] x, float[] values,
            float[] dy, float[] max, float[] pick, double[] sum, double[] maxGradient, double[] sumGradient) {
        double[] out = new double[max.length];
        double[] dx = new double[x.length];
        Pooling.maxPool(window, doubles(x), 0, height, width, channels, out, 0);
        assertThat(out).isEqualTo(doubles(max));
        Pooling.maxPoolPick(window, doubles(x), 0, doubles(values), 0, height, width, channels, out, 0);
        assertThat(out).isEqualTo(doubles(pick));
        Pooling.sumPool(window, doubles(values), 0, height, width, channels, out, 0);
        assertThat(out).containsExactly(sum, Offset.offset(1e-13));
        Arrays.fill(dx, 9);
        Pooling.maxPoolGradient(window, doubles(x), 0, doubles(dy), 0, height, width, channels, dx, 0);
        assertThat(dx).containsExactly(maxGradient, Offset.offset(1e-13));
        Arrays.fill(dx, 9);
        Pooling.sumPoolGradient(window, doubles(dy), 0, height, width, channels, dx, 0);
        assertThat(dx).containsExactly(sumGradient, Offset.offset(1e-13));
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    @Test
    void nan_wins_and_of_equals_the_first() {
        float[] x = {1, Float.NaN, Float.NaN, 2, -0f, 0, 0, -0f};
        float[] values = {1, 2, 3, 4, 5, 6, 7, 8};
        float[] out = new float[2];
        var window = new Window2d(1, 4, 1, 4, 1, 1, 0, 0, 0, 0);
        Pooling.maxPool(window, x, 0, 1, 8, 1, out, 0);
        assertThat(out).containsExactly(Float.NaN, -0f);
        Pooling.maxPoolPick(window, x, 0, values, 0, 1, 8, 1, out, 0);
        assertThat(out).containsExactly(2, 5);
    }
}
