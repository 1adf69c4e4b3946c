package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("kernels")
class ConvolutionTest {
    private static final int MARGIN = 19;

    static Stream<Products> implementations() {
        return Stream.of(Products.best(), Products.scalar());
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void the_reference_networks_layers_agree_with_plain_loops(Products products) {
        check(products, same(1, 28, 32, 3));
        check(products, same(32, 14, 64, 3));
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void strides_dilations_paddings_and_groups_agree_with_plain_loops(Products products) {
        for (var shape : List.of(
                new ConvolutionShape(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1),
                new ConvolutionShape(3, 9, 7, 5, 3, 2, 2, 1, 1, 1, 1, 1, 0, 1, 1),
                new ConvolutionShape(16, 8, 8, 16, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1),
                new ConvolutionShape(4, 11, 10, 6, 3, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2),
                new ConvolutionShape(2, 7, 9, 3, 5, 1, 1, 2, 1, 3, 3, 0, 0, 0, 1),
                new ConvolutionShape(6, 6, 6, 6, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 6),
                new ConvolutionShape(37, 12, 5, 37, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 37),
                new ConvolutionShape(8, 6, 6, 16, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 8),
                new ConvolutionShape(3, 6, 8, 2, 2, 2, 1, 1, 1, 1, -1, 0, 2, -2, 1),
                new ConvolutionShape(5, 8, 8, 70, 1, 1, 3, 3, 1, 1, 0, 0, 0, 0, 1),
                new ConvolutionShape(2, 5, 5, 3, 2, 2, 4, 4, 1, 1, 0, 0, 0, 0, 1),
                new ConvolutionShape(1, 3, 3, 2, 5, 5, 1, 1, 1, 1, 0, 0, 0, 0, 1),
                new ConvolutionShape(70, 5, 4, 40, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1),
                new ConvolutionShape(2, 40, 33, 4, 7, 7, 2, 2, 1, 1, 3, 3, 3, 3, 1))) {
            check(products, shape);
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void small_images_whose_gradients_are_summed_up_together_agree_with_plain_loops(Products products) {
        check(products, new ConvolutionShape(20, 7, 7, 80, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1));
        check(products, new ConvolutionShape(6, 5, 4, 112, 3, 3, 1, 1, 1, 1, 0, 0, 0, 0, 2));
        check(products, same(20, 7, 80, 3));
        check(products, same(20, 7, 80, 5));
        assertThat(new Convolution(products, same(20, 7, 80, 5)).imagesTogether()).isGreaterThan(1);
        assertThat(new Convolution(products, same(400, 7, 80, 5)).imagesTogether())
                .as("too large to be staged together")
                .isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void images_of_several_bands_agree_with_plain_loops(Products products) {
        check(products, same(16, 120, 8, 3));
        check(products, new ConvolutionShape(3, 90, 90, 4, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1));
        check(products, new ConvolutionShape(24, 101, 67, 24, 3, 3, 2, 1, 1, 2, 1, 0, 2, 2, 24));
        assertThat(new Convolution(products, same(16, 120, 8, 3)).forwardParts()).isGreaterThan(1);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void random_shapes_agree_with_plain_loops(Products products) {
        var random = new Random(7);
        for (int i = 0; i < 150; i++) {
            int groups = 1 + random.nextInt(3);
            var shape = new ConvolutionShape(groups * (1 + random.nextInt(20)), 1 + random.nextInt(14),
                    1 + random.nextInt(14), groups * (1 + random.nextInt(40)), 1 + random.nextInt(4),
                    1 + random.nextInt(4), 1 + random.nextInt(3), 1 + random.nextInt(3), 1 + random.nextInt(3),
                    1 + random.nextInt(3), random.nextInt(4) - 1, random.nextInt(4), random.nextInt(4),
                    random.nextInt(4) - 1, groups);
            check(products, shape);
        }
    }

    @Test
    void both_implementations_give_the_same_bits() {
        var shape = new ConvolutionShape(20, 13, 11, 50, 3, 3, 1, 2, 1, 1, 1, 1, 1, 1, 1);
        var vector = new Run(Products.best(), shape);
        var scalar = new Run(Products.scalar(), shape);
        assertThat(vector.y).isEqualTo(scalar.y);
        assertThat(vector.dx).isEqualTo(scalar.dx);
        assertThat(vector.dw).isEqualTo(scalar.dw);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void nan_in_one_pixel_reaches_exactly_the_positions_that_see_it(Products products) {
        var shape = same(3, 8, 20, 3);
        var convolution = new Convolution(products, shape);
        float[] x = random(3 * 64, 1);
        x[(4 * 8 + 5) * 3 + 1] = Float.NaN;
        float[] packed = new float[convolution.forwardKernel()];
        convolution.packForward(random(20 * 27, 2), 0, packed, 0);
        float[] y = new float[20 * 64];
        convolution.forward(0, x, 0, packed, 0, y, 0, new float[convolution.forwardScratch()], 0);
        for (int i = 0; i < y.length; i++) {
            int row = i / 20 / 8;
            int column = i / 20 % 8;
            boolean sees = Math.abs(row - 4) <= 1 && Math.abs(column - 5) <= 1;
            assertThat(Float.isNaN(y[i])).as("(%d, %d)", row, column).isEqualTo(sees);
        }
    }

    @Test
    void groups_that_do_not_divide_the_channels_are_refused() {
        assertThatThrownBy(() -> new ConvolutionShape(6, 5, 5, 8, 3, 3, 1, 1, 1, 1, 0, 0, 0, 0, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("4 groups don't divide 6 input and 8 output channels");
    }

    private static ConvolutionShape same(int in, int size, int out, int kernel) {
        int pad = kernel / 2;
        return new ConvolutionShape(in, size, size, out, kernel, kernel, 1, 1, 1, 1, pad, pad, pad, pad, 1);
    }

    /** One image through all three products, its results cut out of arrays with garbage around them. */
    private static final class Run {
        final float[] x;
        final float[] w;
        final float[] dy;
        final float[] y;
        final float[] dx;
        final float[] dw;
        /** How many times that of the image the kernel's gradient is, which is summed up of several images. */
        int gradients;

        Run(Products products, ConvolutionShape s) {
            var convolution = new Convolution(products, s);
            x = random(s.inHeight() * s.inWidth() * s.inChannels(), 1);
            dy = random(s.outHeight() * s.outWidth() * s.outChannels(), 2);
            w = random(s.weights(), 3);

            float[] packed = garbage(convolution.forwardKernel());
            convolution.packForward(w, 0, packed, 0);
            float[] output = garbage(dy.length + 2 * MARGIN);
            float[] scratch = garbage(convolution.forwardScratch());
            for (int part = convolution.forwardParts() - 1; part >= 0; part--) {
                convolution.forward(part, x, 0, packed, 0, output, MARGIN, scratch, 0);
            }
            y = cut(output, dy.length);

            packed = garbage(convolution.inputGradientKernel());
            convolution.packInputGradient(w, 0, packed, 0);
            float[] inputGradient = garbage(x.length + 2 * MARGIN);
            scratch = garbage(convolution.inputGradientScratch());
            for (int part = convolution.inputGradientParts() - 1; part >= 0; part--) {
                convolution.inputGradient(part, dy, 0, packed, 0, inputGradient, MARGIN, scratch, 0);
            }
            dx = cut(inputGradient, x.length);

            int images = convolution.imagesTogether() + 1;
            float[] xs = new float[images * x.length];
            float[] dys = new float[images * dy.length];
            for (int image = 0; image < images; image++) {
                fill(xs, image, x, image % 2 == 0 ? 1 : -1);
                fill(dys, image, dy, image % 2 == 0 ? 1 : -2);
                gradients += image % 2 == 0 ? 1 : 2;
            }
            gradients += 2;
            int size = convolution.kernelGradient();
            int stride = size + 3;
            float[] sums = garbage(2 * stride + MARGIN);
            scratch = garbage(convolution.kernelGradientScratch());
            convolution.kernelGradient(images, xs, 0, dys, 0, sums, MARGIN, false, scratch, 0);
            convolution.kernelGradient(1, x, 0, dy, 0, sums, MARGIN, true, scratch, 0);
            convolution.kernelGradient(1, x, 0, dy, 0, sums, MARGIN + stride, false, scratch, 0);
            float[] gradient = garbage(w.length + 2 * MARGIN);
            for (int i = MARGIN; i < MARGIN + size; i++) {
                sums[i] += sums[i + stride];
            }
            for (int out = 0; out < s.outChannels(); out++) {
                convolution.storeKernelGradient(out, out + 1, sums, MARGIN, gradient, MARGIN);
            }
            dw = cut(gradient, w.length);
        }

        private static void fill(float[] images, int image, float[] values, float factor) {
            for (int i = 0; i < values.length; i++) {
                images[image * values.length + i] = factor * values[i];
            }
        }

        private static float[] garbage(int length) {
            float[] values = new float[length];
            Arrays.fill(values, Float.NaN);
            return values;
        }

        private static float[] cut(float[] values, int length) {
            for (int i = 0; i < MARGIN; i++) {
                assertThat(values[i]).isNaN();
                assertThat(values[MARGIN + length + i]).isNaN();
            }
            return Arrays.copyOfRange(values, MARGIN, MARGIN + length);
        }
    }

    private static void check(Products products, ConvolutionShape s) {
        var run = new Run(products, s);
        double[] y = new double[run.y.length];
        double[] dx = new double[run.dx.length];
        double[] dw = new double[run.dw.length];
        int in = s.groupInChannels();
        int out = s.groupOutChannels();
        for (int oy = 0; oy < s.outHeight(); oy++) {
            for (int ox = 0; ox < s.outWidth(); ox++) {
                for (int ky = 0; ky < s.kernelHeight(); ky++) {
                    for (int kx = 0; kx < s.kernelWidth(); kx++) {
                        int iy = oy * s.strideY() + ky * s.dilationY() - s.padTop();
                        int ix = ox * s.strideX() + kx * s.dilationX() - s.padLeft();
                        if (iy < 0 || iy >= s.inHeight() || ix < 0 || ix >= s.inWidth()) {
                            continue;
                        }
                        for (int o = 0; o < s.outChannels(); o++) {
                            for (int i = 0; i < in; i++) {
                                int xi = (iy * s.inWidth() + ix) * s.inChannels() + o / out * in + i;
                                int yi = (oy * s.outWidth() + ox) * s.outChannels() + o;
                                int wi = ((o * in + i) * s.kernelHeight() + ky) * s.kernelWidth() + kx;
                                y[yi] += (double) run.x[xi] * run.w[wi];
                                dx[xi] += (double) run.dy[yi] * run.w[wi];
                                dw[wi] += (double) run.gradients * run.x[xi] * run.dy[yi];
                            }
                        }
                    }
                }
            }
        }
        compare(s + " y", run.y, y);
        compare(s + " dx", run.dx, dx);
        compare(s + " dw", run.dw, dw);
    }

    private static void compare(String what, float[] actual, double[] expected) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        var wrong = new ArrayList<String>();
        for (int i = 0; i < expected.length && wrong.size() < 5; i++) {
            if (!(Math.abs(actual[i] - expected[i]) <= 3e-6 * (1 + largest))) {
                wrong.add(i + ": " + actual[i] + " instead of " + expected[i]);
            }
        }
        assertThat(wrong).as(what).isEmpty();
    }

    private static float[] random(int length, int seed) {
        var random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return values;
    }
}
