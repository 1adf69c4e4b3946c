package dev.cambium.cpu.kernels;

import java.util.Arrays;

import dev.cambium.tensor.Window2d;

/**
 * Products of doubles, for gradient checks: plain loops, no tiles. Images are one sample each, channels last: [h][w][c];
 * weights are [o][c / groups][kh][kw].
 */
public final class DoubleProducts {
    private DoubleProducts() {}

    /**
     * C = A·B for A of m × k and B of k × n: element (i, j) of A is {@code a[aOff + i·aRowStride + j·aColumnStride]}, likewise B
     * and C. C must not overlap A or B.
     */
    public static void matmul(double[] a, int aOff, int aRowStride, int aColumnStride, double[] b, int bOff,
            int bRowStride, int bColumnStride, double[] c, int cOff, int cRowStride, int cColumnStride, int m, int k,
            int n) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int s = 0; s < k; s++) {
                    sum += a[aOff + i * aRowStride + s * aColumnStride] * b[bOff + s * bRowStride + j * bColumnStride];
                }
                c[cOff + i * cRowStride + j * cColumnStride] = sum;
            }
        }
    }

    /**
     * One sample of a convolution: x [height][width][channels] with weights to out [oh][ow][outputs], which is written over.
     *
     * @param channels
     *            channels of x, all groups
     * @param outputs
     *            channels of out, all groups
     */
    public static void conv2d(Window2d window, int groups, double[] x, int xOff, int height, int width, int channels,
            double[] weights, int weightsOff, double[] out, int outOff, int outputs) {
        int outWidth = window.outputWidth(width);
        int places = window.outputHeight(height) * outWidth;
        Arrays.fill(out, outOff, outOff + places * outputs, 0);
        int depth = channels / groups;
        for (int place = 0; place < places; place++) {
            for (int ky = 0; ky < window.height(); ky++) {
                for (int kx = 0; kx < window.width(); kx++) {
                    int pixel = Pooling.pixel(window, height, width, place / outWidth, place % outWidth, ky, kx);
                    if (pixel < 0) {
                        continue;
                    }
                    for (int o = 0; o < outputs; o++) {
                        int in = xOff + pixel * channels + o / (outputs / groups) * depth;
                        double sum = 0;
                        for (int c = 0; c < depth; c++) {
                            sum += x[in + c] * weights[weightsOff + weight(window, depth, o, c, ky, kx)];
                        }
                        out[outOff + place * outputs + o] += sum;
                    }
                }
            }
        }
    }

    /** One sample of the gradient by the images: dy [oh][ow][outputs] to dx [height][width][channels], which is written over. */
    public static void conv2dInputGradient(Window2d window, int groups, double[] dy, int dyOff, int outputs,
            double[] weights, int weightsOff, double[] dx, int dxOff, int height, int width, int channels) {
        Arrays.fill(dx, dxOff, dxOff + height * width * channels, 0);
        int outWidth = window.outputWidth(width);
        int places = window.outputHeight(height) * outWidth;
        int depth = channels / groups;
        for (int place = 0; place < places; place++) {
            for (int ky = 0; ky < window.height(); ky++) {
                for (int kx = 0; kx < window.width(); kx++) {
                    int pixel = Pooling.pixel(window, height, width, place / outWidth, place % outWidth, ky, kx);
                    if (pixel < 0) {
                        continue;
                    }
                    for (int o = 0; o < outputs; o++) {
                        int in = dxOff + pixel * channels + o / (outputs / groups) * depth;
                        double gradient = dy[dyOff + place * outputs + o];
                        for (int c = 0; c < depth; c++) {
                            dx[in + c] += gradient * weights[weightsOff + weight(window, depth, o, c, ky, kx)];
                        }
                    }
                }
            }
        }
    }

    /**
     * One sample of the gradient by the weights: x [height][width][channels] and dy [oh][ow][outputs], <em>added</em> to what dw
     * holds, so that a caller zeroes dw and calls this for one sample after the other.
     */
    public static void conv2dWeightGradient(Window2d window, int groups, double[] x, int xOff, int height, int width,
            int channels, double[] dy, int dyOff, int outputs, double[] dw, int dwOff) {
        int outWidth = window.outputWidth(width);
        int places = window.outputHeight(height) * outWidth;
        int depth = channels / groups;
        for (int place = 0; place < places; place++) {
            for (int ky = 0; ky < window.height(); ky++) {
                for (int kx = 0; kx < window.width(); kx++) {
                    int pixel = Pooling.pixel(window, height, width, place / outWidth, place % outWidth, ky, kx);
                    if (pixel < 0) {
                        continue;
                    }
                    for (int o = 0; o < outputs; o++) {
                        int in = xOff + pixel * channels + o / (outputs / groups) * depth;
                        double gradient = dy[dyOff + place * outputs + o];
                        for (int c = 0; c < depth; c++) {
                            dw[dwOff + weight(window, depth, o, c, ky, kx)] += gradient * x[in + c];
                        }
                    }
                }
            }
        }
    }

    private static int weight(Window2d window, int depth, int o, int c, int ky, int kx) {
        return ((o * depth + c) * window.height() + ky) * window.width() + kx;
    }
}
