package dev.cambium.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Window2d;

/**
 * A window over images of one size: convolution and pooling. Images lie [n, h, w, c] and weights [h, w, c, o], the only order that
 * TensorFlow has kernels for on every processor. What it has no kernel for is put together from one strided slice of the images
 * for each place in the window, a <em>tap</em>: the gradients of dilated convolutions, dilated sums, and all of max-pooling, whose
 * kernels pass over NaN.
 */
final class Windows {
    private final Emitter emit;
    private final Elementwise elementwise;
    private final DType dtype;
    private final Window2d window;
    private final int batch;
    private final int channels;
    private final int height;
    private final int width;
    private final int outputHeight;
    private final int outputWidth;

    /**
     * A window over images.
     *
     * @param images
     *            the images' logical shape, [n, c, h, w]
     */
    Windows(Emitter emit, Elementwise elementwise, DType dtype, Window2d window, Shape images) {
        this.emit = emit;
        this.elementwise = elementwise;
        this.dtype = dtype;
        this.window = window;
        batch = images.dim(0);
        channels = images.dim(1);
        height = images.dim(2);
        width = images.dim(3);
        outputHeight = window.outputHeight(height);
        outputWidth = window.outputWidth(width);
    }

    private Windows ofChannels(int some) {
        return new Windows(emit, elementwise, dtype, window, Shape.of(batch, some, height, width));
    }

    // ---- convolution

    Output convolution(Output images, Output weights) {
        OpBuilder op;
        if (outputWidth == 1 && window.strideWidth() != window.strideHeight()) {
            // Nothing moves along the width; but on images of one channel oneDNN takes that stride for the other one.
            Output columns = emit.slice(padded(images, 0), new int[] {0, 0, 0, 0},
                    new int[] {batch, paddedHeight(), window.spanWidth(), channels}, new int[] {1, 1, 1, 1});
            op = emit.op("Conv2D").input(columns, weights).attribute("padding", "VALID").attribute("strides", 1,
                    window.strideHeight(), window.strideHeight(), 1);
        } else {
            op = placed(emit.op("Conv2D").input(framed(images), weights));
        }
        return op.attribute("dilations", 1, window.dilationHeight(), window.dilationWidth(), 1).build();
    }

    /** The gradient by the images; {@code outputs} channels went out of the convolution. */
    Output imageGradient(int groups, int outputs, Output gradient, Output weights) {
        if (groups > 1) {
            List<Output> gradients = split(groups, outputs, gradient);
            List<Output> parts = split(groups, outputs, weights);
            Windows ofGroup = ofChannels(channels / groups);
            return emit.concat(3, IntStream.range(0, groups).mapToObj(
                    i -> ofGroup.imageGradient(1, outputs / groups, gradients.get(i), parts.get(i))).toList());
        }
        if (isDilated()) {
            Output rows = emit.reshape(gradient, batch * outputHeight * outputWidth, outputs);
            Output taps = emit.reshape(weights, window.height() * window.width(), channels, outputs);
            return scattered(tap -> {
                Output ofTap = emit.reshape(emit.slice(taps, new int[] {tap, 0, 0}, new int[] {1, channels, outputs},
                        new int[] {1, 1, 1}), channels, outputs);
                Output product = emit.op("MatMul").input(rows, ofTap).attribute("transpose_b", true).build();
                return emit.reshape(product, batch, outputHeight, outputWidth, channels);
            });
        }
        boolean named = isNamed();
        Output size = emit.ints(batch, named ? height : paddedHeight(), named ? width : paddedWidth(), channels);
        Output framed = placed(emit.op("Conv2DBackpropInput").input(size, weights, gradient)).build();
        return named ? framed : unpadded(framed);
    }

    /** The gradient by the weights; {@code outputs} channels went out of the convolution. */
    Output weightGradient(int groups, int outputs, Output images, Output gradient) {
        if (groups > 1) {
            List<Output> parts = split(groups, channels, images);
            List<Output> gradients = split(groups, outputs, gradient);
            Windows ofGroup = ofChannels(channels / groups);
            return emit.concat(3, IntStream.range(0, groups).mapToObj(
                    i -> ofGroup.weightGradient(1, outputs / groups, parts.get(i), gradients.get(i))).toList());
        }
        if (isDilated()) {
            Output padded = padded(images, 0);
            Output rows = emit.reshape(gradient, batch * outputHeight * outputWidth, outputs);
            List<Output> products = taps().<Output>mapToObj(tap -> {
                Output ofTap = emit.reshape(tap(padded, tap), batch * outputHeight * outputWidth, channels);
                return emit.op("MatMul").input(ofTap, rows).attribute("transpose_a", true).build();
            }).toList();
            return emit.reshape(emit.stack(products), window.height(), window.width(), channels, outputs);
        }
        Output size = emit.ints(window.height(), window.width(), channels, outputs);
        return placed(emit.op("Conv2DBackpropFilter").input(framed(images), size, gradient)).build();
    }

    /**
     * Stride and padding as attributes. Padding is left to TensorFlow where it has a name for it; any other is put around the
     * images first, because oneDNN takes no gradients with explicit padding.
     */
    private OpBuilder placed(OpBuilder op) {
        return op.attribute("strides", 1, window.strideHeight(), window.strideWidth(), 1).attribute("padding",
                isNamed() ? "SAME" : "VALID");
    }

    private Output framed(Output images) {
        return isNamed() ? images : padded(images, 0);
    }

    /** Whether the padding is what TensorFlow calls {@code SAME}. */
    private boolean isNamed() {
        return isSame(height, window.spanHeight(), window.strideHeight(), window.top(), window.bottom())
                && isSame(width, window.spanWidth(), window.strideWidth(), window.left(), window.right());
    }

    private static boolean isSame(int extent, int span, int stride, int before, int after) {
        int padding = Math.max((Math.ceilDiv(extent, stride) - 1) * stride + span - extent, 0);
        return before == padding / 2 && after == padding - padding / 2;
    }

    private boolean isDilated() {
        return window.dilationHeight() > 1 || window.dilationWidth() > 1;
    }

    /** Equal parts of the last axis. */
    private List<Output> split(int groups, int extent, Output x) {
        OpBuilder op = emit.op("Split").input(emit.scalar(DType.INT32, 3), x).attribute("num_split", groups);
        Output first = op.build();
        return IntStream.range(0, extent == 0 ? 0 : groups).mapToObj(i -> new Output(first.operation(), i)).toList();
    }

    // ---- pooling

    Output sum(Output images) {
        Output columns = rowTaps(padded(images, 0)).reduce(this::plus).orElseThrow();
        return columnTaps(columns).reduce(this::plus).orElseThrow();
    }

    private Output plus(Output a, Output b) {
        return emit.call("AddV2", a, b);
    }

    Output sumGradient(Output gradient) {
        return scattered(_ -> gradient);
    }

    Output max(Output images) {
        Output padded = padded(images, Double.NEGATIVE_INFINITY);
        Output columns = rowTaps(padded).reduce(this::larger).orElseThrow();
        return columnTaps(columns).reduce(this::larger).orElseThrow();
    }

    private Output larger(Output a, Output b) {
        return emit.call("Maximum", a, b);
    }

    Output maxGradient(Output images, Output gradient) {
        Output winners = winners(images);
        Output zero = emit.scalar(dtype, 0);
        return scattered(tap -> elementwise.select(wins(winners, tap), gradient, zero));
    }

    Output maxPick(Output images, Output values) {
        Output winners = winners(images);
        Output padded = padded(values, 0);
        Output picked = emit.scalar(dtype, 0);
        for (int tap = 0; tap < window.height() * window.width(); tap++) {
            picked = elementwise.select(wins(winners, tap), tap(padded, tap), picked);
        }
        return picked;
    }

    private Output wins(Output winners, int tap) {
        return emit.call("Equal", winners, emit.scalar(DType.INT32, tap));
    }

    /** For each place of the window the tap that wins there, −1 where all are padding. */
    private Output winners(Output images) {
        Output padded = padded(images, Double.NEGATIVE_INFINITY);
        Output holder = tap(padded, 0);
        Output winners = elementwise.select(isInside(0), emit.scalar(DType.INT32, 0), emit.scalar(DType.INT32, -1));
        winners = emit.call("BroadcastTo", winners, emit.ints(batch, outputHeight, outputWidth, channels));
        for (int tap = 1; tap < window.height() * window.width(); tap++) {
            Output challenger = tap(padded, tap);
            Output larger = elementwise.compare(Op.CompareKind.GT, dtype, challenger, holder);
            Output firstNan = emit.call("LogicalAnd", elementwise.isNan(challenger),
                    emit.call("LogicalNot", elementwise.isNan(holder)));
            Output unopposed = emit.call("Less", winners, emit.scalar(DType.INT32, 0));
            Output beats = emit.call("LogicalAnd", isInside(tap),
                    emit.call("LogicalOr", unopposed, emit.call("LogicalOr", larger, firstNan)));
            holder = elementwise.select(beats, challenger, holder);
            winners = elementwise.select(beats, emit.scalar(DType.INT32, tap), winners);
        }
        return winners;
    }

    /** Whether a tap lies inside the image, bool [1, oh, ow, 1]. */
    private Output isInside(int tap) {
        boolean[] inside = new boolean[outputHeight * outputWidth];
        for (int i = 0; i < inside.length; i++) {
            int y = i / outputWidth * window.strideHeight() + row(tap) - window.top();
            int x = i % outputWidth * window.strideWidth() + column(tap) - window.left();
            inside[i] = y >= 0 && y < height && x >= 0 && x < width;
        }
        return emit.constant(NdArray.of(Shape.of(1, outputHeight, outputWidth, 1), inside));
    }

    // ---- taps

    private IntStream taps() {
        return IntStream.range(0, window.height() * window.width());
    }

    private int row(int tap) {
        return tap / window.width() * window.dilationHeight();
    }

    private int column(int tap) {
        return tap % window.width() * window.dilationWidth();
    }

    private int paddedHeight() {
        return height + window.top() + window.bottom();
    }

    private int paddedWidth() {
        return width + window.left() + window.right();
    }

    private Output padded(Output images, double with) {
        return emit.pad(images, new int[] {0, window.top(), window.left(), 0},
                new int[] {0, window.bottom(), window.right(), 0}, emit.scalar(dtype, with));
    }

    private Output unpadded(Output padded) {
        boolean same = paddedHeight() == height && paddedWidth() == width;
        return same ? padded
                : emit.slice(padded, new int[] {0, window.top(), window.left(), 0},
                        new int[] {batch, height, width, channels}, new int[] {1, 1, 1, 1});
    }

    /** What stands at one place of the window, for each place of the window on padded images. */
    private Output tap(Output padded, int tap) {
        return emit.slice(padded, start(tap), counts(), steps());
    }

    /** For each row of the window, the rows of padded images that it lies on: [n, oh, w, c]. */
    private Stream<Output> rowTaps(Output padded) {
        return IntStream.range(0, window.height()).mapToObj(row -> emit.slice(padded,
                new int[] {0, row * window.dilationHeight(), 0, 0},
                new int[] {batch, outputHeight, paddedWidth(), channels}, new int[] {1, window.strideHeight(), 1, 1}));
    }

    /** For each column of the window, the columns of such rows that it lies on: [n, oh, ow, c]. */
    private Stream<Output> columnTaps(Output rows) {
        return IntStream.range(0, window.width()).mapToObj(column -> emit.slice(rows,
                new int[] {0, 0, column * window.dilationWidth(), 0}, counts(),
                new int[] {1, 1, window.strideWidth(), 1}));
    }

    /** Images to which each tap's values are added where the tap takes them from. */
    private Output scattered(IntFunction<Output> values) {
        int[] shape = {batch, paddedHeight(), paddedWidth(), channels};
        var parts = new ArrayList<Output>();
        taps().forEach(tap -> parts.add(emit.unslice(values.apply(tap), shape, start(tap), counts(), steps())));
        return unpadded(emit.sum(parts));
    }

    private int[] start(int tap) {
        return new int[] {0, row(tap), column(tap), 0};
    }

    private int[] counts() {
        return new int[] {batch, outputHeight, outputWidth, channels};
    }

    private int[] steps() {
        return new int[] {1, window.strideHeight(), window.strideWidth(), 1};
    }
}
