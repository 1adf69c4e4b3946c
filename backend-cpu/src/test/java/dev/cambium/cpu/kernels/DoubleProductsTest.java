package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Stream;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cambium.tensor.Window2d;

class DoubleProductsTest {
    private static final int HEIGHT = 6;
    private static final int WIDTH = 7;
    private static final int CHANNELS = 4;
    private static final int OUTPUTS = 6;

    private static double[] random(int n, long seed) {
        return new Random(seed).doubles(n, -1, 1).toArray();
    }

    static Stream<Window2d> windows() {
        return Stream.of(Window2d.square(1, 1), Window2d.square(3, 1).samePadding(), Window2d.square(2, 2),
                new Window2d(3, 2, 2, 1, 1, 2, 1, 0, 2, 1));
    }

    @Test
    void matrices_multiply_with_any_strides() {
        double[] a = {1, 2, 3, 4, 5, 6};
        double[] b = {1, 0, 2, 1, 3, 1};
        double[] c = {9, 9, 9, 9, 9};
        DoubleProducts.matmul(a, 0, 3, 1, b, 0, 2, 1, c, 1, 2, 1, 2, 3, 2);
        assertThat(c).containsExactly(9, 14, 5, 32, 11);
        DoubleProducts.matmul(a, 0, 1, 2, b, 0, 2, 1, c, 1, 1, 2, 2, 3, 2);
        assertThat(c).containsExactly(9, 1 + 6 + 15, 2 + 8 + 18, 3 + 5, 4 + 6);
        DoubleProducts.matmul(a, 0, 3, 1, b, 0, 2, 1, c, 1, 2, 1, 2, 0, 2);
        assertThat(c).containsExactly(9, 0, 0, 0, 0);
    }

    @ParameterizedTest
    @MethodSource("windows")
    void convolution_sums_over_taps_and_channels(Window2d window) {
        int groups = 2;
        double[] x = random(HEIGHT * WIDTH * CHANNELS, 1);
        double[] weights = random(OUTPUTS * CHANNELS / groups * window.height() * window.width(), 2);
        int outHeight = window.outputHeight(HEIGHT);
        int outWidth = window.outputWidth(WIDTH);
        double[] out = random(outHeight * outWidth * OUTPUTS, 3);
        DoubleProducts.conv2d(window, groups, x, 0, HEIGHT, WIDTH, CHANNELS, weights, 0, out, 0, OUTPUTS);
        for (int oy = 0; oy < outHeight; oy++) {
            for (int ox = 0; ox < outWidth; ox++) {
                for (int o = 0; o < OUTPUTS; o++) {
                    double sum = 0;
                    int w = o * CHANNELS / groups * window.height() * window.width();
                    for (int c = 0; c < CHANNELS / groups; c++) {
                        for (int ky = 0; ky < window.height(); ky++) {
                            for (int kx = 0; kx < window.width(); kx++, w++) {
                                int y = oy * window.strideHeight() - window.top() + ky * window.dilationHeight();
                                int z = ox * window.strideWidth() - window.left() + kx * window.dilationWidth();
                                if (y >= 0 && y < HEIGHT && z >= 0 && z < WIDTH) {
                                    int channel = o / (OUTPUTS / groups) * (CHANNELS / groups) + c;
                                    sum += x[(y * WIDTH + z) * CHANNELS + channel] * weights[w];
                                }
                            }
                        }
                    }
                    assertThat(out[(oy * outWidth + ox) * OUTPUTS + o]).isEqualTo(sum, Offset.offset(1e-13));
                }
            }
        }
    }

    /** Convolution is linear in each argument, so both gradients are its adjoints: ⟨dy, conv(x, w)⟩ = ⟨dx, x⟩ = ⟨dw, w⟩. */
    @ParameterizedTest
    @MethodSource("windows")
    void gradients_are_adjoint_to_convolution(Window2d window) {
        for (int groups : new int[] {1, 2}) {
            int places = window.outputHeight(HEIGHT) * window.outputWidth(WIDTH);
            double[] x = random(HEIGHT * WIDTH * CHANNELS, 1);
            double[] weights = random(OUTPUTS * CHANNELS / groups * window.height() * window.width(), 2);
            double[] dy = random(places * OUTPUTS, 3);
            double[] out = new double[places * OUTPUTS];
            double[] dx = random(x.length, 4);
            double[] dw = new double[weights.length];
            DoubleProducts.conv2d(window, groups, x, 0, HEIGHT, WIDTH, CHANNELS, weights, 0, out, 0, OUTPUTS);
            DoubleProducts.conv2dInputGradient(window, groups, dy, 0, OUTPUTS, weights, 0, dx, 0, HEIGHT, WIDTH,
                    CHANNELS);
            DoubleProducts.conv2dWeightGradient(window, groups, x, 0, HEIGHT, WIDTH, CHANNELS, dy, 0, OUTPUTS, dw, 0);
            double expected = dot(dy, out);
            assertThat(dot(dx, x)).isEqualTo(expected, Offset.offset(1e-11));
            assertThat(dot(dw, weights)).isEqualTo(expected, Offset.offset(1e-11));
            DoubleProducts.conv2dWeightGradient(window, groups, x, 0, HEIGHT, WIDTH, CHANNELS, dy, 0, OUTPUTS, dw, 0);
            assertThat(dot(dw, weights)).isEqualTo(2 * expected, Offset.offset(1e-11));
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
