package dev.cambium.cpu.kernels;

import java.util.Arrays;
import java.util.Optional;

/**
 * A two-dimensional convolution of fixed shapes and its two gradients, as implicit matrix products: the patches of the
 * input are never written out, the tables of {@link Products} walk them in place. Images are channels-last
 * ({@code [height][width][channels]}); kernels are packed beforehand from {@code [out][in / groups][height][width]}. Depthwise convolutions take a loop of their own, whose lanes are channels.
 *
 * <p>Where there are enough channels, 3x3 kernels take {@link Winograd}'s way, and the direct one only in parts whose result is
 * not finite.
 *
 * <p>A call works on a part of one image, or sums up over some images; calls may run in any order and on any thread. What the
 * parts are, and the order in which every element is summed, depends on the shapes alone. Nothing is allocated in a call.
 */
public final class Convolution {
    /** Steps of a product that are run over all positions before the next: a wide panel of them stays in L2. */
    private static final int STEPS = 384;
    /** Steps of a kernel gradient's product from which on a tile's sums are loaded and stored seldom enough: small images go together. */
    private static final int LEAST_STEPS = 64;

    private final Products products;
    private final Panels panels;
    private final ConvolutionShape shape;
    private final Correlation forward;
    /** The input gradient, one correlation over the output's gradient for each residue of the input position by the stride. */
    private final Correlation[] backward;
    private final int[] gradientRows;
    /** The positions of as many images as {@link #kernelGradient} takes together. */
    private final Steps gradientSteps;
    private final Optional<Winograd> forwardWinograd;
    private final Optional<Winograd> backwardWinograd;
    private final Optional<WinogradKernelGradient> winogradKernelGradient;

    /** Prepares a convolution to be run with the given loops. */
    public Convolution(Products products, ConvolutionShape shape) {
        this(products, shape, Winograd.pays(shape));
    }

    /** Prepares a convolution to be run Winograd's way, of which {@code shape} must be capable, or directly. */
    Convolution(Products products, ConvolutionShape shape, boolean winograd) {
        this.products = products;
        this.panels = products.panels();
        this.shape = shape;
        int side = winograd ? 2 : 1;
        forward = forwardCorrelation(shape, side);
        backward = new Correlation[shape.strideY() * shape.strideX()];
        for (int phase = 0; phase < backward.length; phase++) {
            backward[phase] = backwardCorrelation(shape, phase / shape.strideX(), phase % shape.strideX(), side);
        }
        forwardWinograd = winograd
                ? Optional.of(
                        new Winograd(products, forward, shape.outWidth(), shape.inChannels(), shape.outChannels()))
                : Optional.empty();
        backwardWinograd = winograd
                ? Optional.of(
                        new Winograd(products, backward[0], shape.inWidth(), shape.outChannels(), shape.inChannels()))
                : Optional.empty();
        gradientRows = new int[forward.steps.count()];
        int plane = shape.kernelHeight() * shape.kernelWidth();
        int in = gradientRows.length / plane;
        for (int i = 0; i < gradientRows.length; i++) {
            gradientRows[i] = (i % in * plane + i / in) * gradientRow();
        }
        winogradKernelGradient = forwardWinograd.map(way -> new WinogradKernelGradient(products, forward,
                shape.outWidth(), way, shape.inChannels(), shape.outChannels(), gradientRow()));
        // Of several images each is one band, of which the tables may hold half a square more than there is.
        int positions = forward.bands() == 1 ? forward.positions(0) : forward.rows.length;
        int[] offsets = new int[positions * imagesStaged()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = forward.rows[i % positions] + i / positions * gradientImage();
        }
        gradientSteps = Steps.at(offsets);
    }

    private static Correlation forwardCorrelation(ConvolutionShape s, int side) {
        int count = s.kernelHeight() * s.kernelWidth();
        int[] taps = new int[count];
        int[] dy = new int[count];
        int[] dx = new int[count];
        for (int t = 0; t < count; t++) {
            taps[t] = t;
            dy[t] = t / s.kernelWidth() * s.dilationY() - s.padTop();
            dx[t] = t % s.kernelWidth() * s.dilationX() - s.padLeft();
        }
        return new Correlation(s.inHeight(), s.inWidth(), s.inChannels(), s.groupInChannels(), s.outHeight(),
                s.outWidth(), side, s.strideY(), s.strideX(), taps, dy, dx, 0, s.outWidth() * s.outChannels(),
                s.outChannels());
    }

    /**
     * Input pixel y = i·stride + phase is seen by output row (y + pad − ky·dilation) / stride for those kernel rows ky that
     * leave no rest; so the pixels of one phase see the same taps at consecutive output rows. Columns alike.
     */
    private static Correlation backwardCorrelation(ConvolutionShape s, int phaseY, int phaseX,
            int side) {
        int count = s.kernelHeight() * s.kernelWidth();
        int[] taps = new int[count];
        int[] dy = new int[count];
        int[] dx = new int[count];
        int found = 0;
        for (int t = count - 1; t >= 0; t--) {
            int y = phaseY + s.padTop() - t / s.kernelWidth() * s.dilationY();
            int x = phaseX + s.padLeft() - t % s.kernelWidth() * s.dilationX();
            if (Math.floorMod(y, s.strideY()) == 0 && Math.floorMod(x, s.strideX()) == 0) {
                taps[found] = t;
                dy[found] = Math.floorDiv(y, s.strideY());
                dx[found] = Math.floorDiv(x, s.strideX());
                found++;
            }
        }
        int row = s.inWidth() * s.inChannels();
        return new Correlation(s.outHeight(), s.outWidth(), s.outChannels(), s.groupOutChannels(),
                Math.max(0, Math.ceilDiv(s.inHeight() - phaseY, s.strideY())),
                Math.max(0, Math.ceilDiv(s.inWidth() - phaseX, s.strideX())), side, 1, 1,
                Arrays.copyOf(taps, found), Arrays.copyOf(dy, found),
                Arrays.copyOf(dx, found), phaseY * row + phaseX * s.inChannels(), s.strideY() * row,
                s.strideX() * s.inChannels());
    }

    /** Returns the geometry of the forward pass. */
    Correlation forward() {
        return forward;
    }

    /** Returns Winograd's way of the forward pass, if that is how it is computed. */
    Optional<Winograd> winograd() {
        return forwardWinograd;
    }

    /** Returns where in a kernel as packed by {@link #packForward} the one that Winograd's way takes begins. */
    int winogradKernel() {
        return Alignment.roundUp(packedKernel(forward.steps.count(), shape.groupOutChannels()));
    }

    /** Returns for each step of the forward pass where its row of a {@link #kernelGradient} begins. */
    int[] gradientRows() {
        return gradientRows;
    }

    /** Returns the sizes that this convolution was prepared for. */
    public ConvolutionShape shape() {
        return shape;
    }

    // ---- forward

    /** Returns the floats of the kernel as {@link #packForward} writes it. */
    public int forwardKernel() {
        return packedKernel(forward.steps.count(), shape.groupOutChannels(), forwardWinograd);
    }

    /** With a transformed kernel behind the one for the direct way. */
    private int packedKernel(int steps, int columns, Optional<Winograd> winograd) {
        int direct = packedKernel(steps, columns);
        return winograd.isPresent() ? Alignment.roundUp(direct) + winograd.get().kernel() : direct;
    }

    private int packedKernel(int steps, int columns) {
        return shape.depthwise() ? steps * shape.outChannels() : shape.groups() * steps * panels.packedWidth(columns);
    }

    /**
     * Packs a kernel for {@link #forward}.
     *
     * @param kernel array of the kernel, [out][in / groups][height][width]
     * @param kernelOffset where it begins
     * @param packed array of the packed kernel, {@link #forwardKernel()} floats
     * @param packedOffset where that begins; fastest on a boundary of {@link Alignment}
     */
    public void packForward(float[] kernel, int kernelOffset, float[] packed, int packedOffset) {
        int plane = shape.kernelHeight() * shape.kernelWidth();
        int to = packedOffset;
        if (shape.depthwise()) {
            products.pack(kernel, kernelOffset, 1, plane, plane, shape.outChannels(), packed, to, shape.outChannels());
            return;
        }
        int in = shape.groupInChannels();
        int out = shape.groupOutChannels();
        for (int group = 0; group < shape.groups(); group++) {
            int from = kernelOffset + group * out * in * plane;
            for (int column = 0, columns; column < out; column += columns) {
                columns = panels.next(out - column);
                int width = panels.width(columns);
                for (int tap : forward.taps) {
                    products.pack(kernel, from + column * in * plane + tap, plane, in * plane, in, columns, packed, to,
                            width);
                    to += in * width;
                }
            }
        }
        transform(forwardWinograd, packed, packedOffset, to);
    }

    private static void transform(Optional<Winograd> winograd, float[] packed, int from, int to) {
        if (winograd.isPresent()) {
            winograd.get().pack(packed, from, from + Alignment.roundUp(to - from));
        }
    }

    /** Returns the parts that one image's {@link #forward} is cut into: bands of output rows. */
    public int forwardParts() {
        return forward.bands();
    }

    /** Returns the floats of scratch that each running {@link #forward} needs. */
    public int forwardScratch() {
        return scratch(forward.scratch(), forwardWinograd);
    }

    private int scratch(int staged, Optional<Winograd> winograd) {
        return Alignment.roundUp(staged)
                + Math.max(products.edgeScratch(), winograd.isPresent() ? winograd.get().scratch() : 0);
    }

    /**
     * Computes a part of one output image: y = x ∗ kernel.
     *
     * @param part which one, from 0 to {@link #forwardParts()} − 1
     * @param x array of the input image, [inHeight][inWidth][inChannels]
     * @param xOffset where it begins
     * @param packed array of the kernel as packed by {@link #packForward}
     * @param packedOffset where that begins
     * @param y array of the output image, [outHeight][outWidth][outChannels]
     * @param yOffset where that begins
     * @param scratch array of the scratch, {@link #forwardScratch()} floats that no other running call uses
     * @param scratchOffset where the scratch begins; fastest on a boundary of {@link Alignment}
     */
    public void forward(int part, float[] x, int xOffset, float[] packed, int packedOffset, float[] y, int yOffset,
            float[] scratch, int scratchOffset) {
        run(forward, forwardWinograd, part, shape.groupInChannels(), shape.groupOutChannels(), x, xOffset, packed,
                packedOffset, y,
                yOffset,
                scratch, scratchOffset);
    }

    // ---- input gradient

    /** Returns the floats of the kernel as {@link #packInputGradient} writes it. */
    public int inputGradientKernel() {
        int sum = 0;
        for (Correlation phase : backward) {
            sum += packedKernel(phase.steps.count(), shape.groupInChannels(), backwardWinograd);
        }
        return sum;
    }

    /**
     * Packs a kernel for {@link #inputGradient}.
     *
     * @param kernel array of the kernel, [out][in / groups][height][width]
     * @param kernelOffset where it begins
     * @param packed array of the packed kernel, {@link #inputGradientKernel()} floats
     * @param packedOffset where that begins; fastest on a boundary of {@link Alignment}
     */
    public void packInputGradient(float[] kernel, int kernelOffset, float[] packed, int packedOffset) {
        int plane = shape.kernelHeight() * shape.kernelWidth();
        int in = shape.groupInChannels();
        int out = shape.groupOutChannels();
        int to = packedOffset;
        for (Correlation phase : backward) {
            if (shape.depthwise()) {
                for (int tap : phase.taps) {
                    products.pack(kernel, kernelOffset + tap, 1, plane, 1, shape.inChannels(), packed, to,
                            shape.inChannels());
                    to += shape.inChannels();
                }
                continue;
            }
            for (int group = 0; group < shape.groups(); group++) {
                int from = kernelOffset + group * out * in * plane;
                for (int column = 0, columns; column < in; column += columns) {
                    columns = panels.next(in - column);
                    int width = panels.width(columns);
                    for (int tap : phase.taps) {
                        products.pack(kernel, from + column * plane + tap, in * plane, plane, out, columns, packed, to,
                                width);
                        to += out * width;
                    }
                }
            }
        }
        transform(backwardWinograd, packed, packedOffset, to);
    }

    /** Returns the parts that one image's {@link #inputGradient} is cut into. */
    public int inputGradientParts() {
        int sum = 0;
        for (Correlation phase : backward) {
            sum += phase.bands();
        }
        return sum;
    }

    /** Returns the floats of scratch that each running {@link #inputGradient} needs. */
    public int inputGradientScratch() {
        int largest = 0;
        for (Correlation phase : backward) {
            largest = Math.max(largest, phase.scratch());
        }
        return scratch(largest, backwardWinograd);
    }

    /**
     * Computes a part of the gradient of one input image from that of its output image.
     *
     * @param part which one, from 0 to {@link #inputGradientParts()} − 1
     * @param dy array of the output's gradient, [outHeight][outWidth][outChannels]
     * @param dyOffset where it begins
     * @param packed array of the kernel as packed by {@link #packInputGradient}
     * @param packedOffset where that begins
     * @param dx array of the input's gradient, [inHeight][inWidth][inChannels]
     * @param dxOffset where that begins
     * @param scratch array of the scratch, {@link #inputGradientScratch()} floats that no other running call uses
     * @param scratchOffset where the scratch begins; fastest on a boundary of {@link Alignment}
     */
    public void inputGradient(int part, float[] dy, int dyOffset, float[] packed, int packedOffset, float[] dx,
            int dxOffset, float[] scratch, int scratchOffset) {
        int band = part;
        int kernel = packedOffset;
        int phase = 0;
        while (band >= backward[phase].bands()) {
            band -= backward[phase].bands();
            kernel += packedKernel(backward[phase].steps.count(), shape.groupInChannels());
            phase++;
        }
        run(backward[phase], backwardWinograd, band, shape.groupOutChannels(), shape.groupInChannels(), dy, dyOffset,
                packed, kernel, dx,
                dxOffset, scratch, scratchOffset);
    }

    /** Runs one band of a correlation: for each group, target positions × columns = patches × packed kernel. */
    private void run(Correlation correlation, Optional<Winograd> winograd, int band, int depth, int columns,
            float[] source, int sourceOffset,
            float[] packed, int packedOffset, float[] target, int targetOffset, float[] scratch, int scratchOffset) {
        float[] a = source;
        int aOffset = sourceOffset + correlation.origin(band);
        if (correlation.staged()) {
            correlation.stage(band, source, sourceOffset, scratch, scratchOffset);
            a = scratch;
            aOffset = scratchOffset;
        }
        int c = targetOffset + correlation.target(band);
        int free = scratchOffset + Alignment.roundUp(correlation.scratch());
        int total = correlation.steps.count();
        if (winograd.isPresent()) {
            int kernel = packedOffset + Alignment.roundUp(packedKernel(total, columns));
            if (winograd.get().run(band, a, aOffset, packed, kernel, target, c, scratch, free)) {
                return;
            }
        }
        int positions = correlation.positions(band);
        if (shape.depthwise()) {
            products.channelwise(a, aOffset, correlation.rows, 0, positions, correlation.steps.offsets(), 0, total,
                    packed, packedOffset, shape.inChannels(), target, c, correlation.targetRows, shape.inChannels(),
                    false);
            return;
        }
        int panel = packedOffset;
        for (int group = 0; group < shape.groups(); group++) {
            for (int column = 0, count; column < columns; column += count) {
                count = panels.next(columns - column);
                int width = panels.width(count);
                int pieces = Math.max(1, Math.ceilDiv(total, STEPS));
                for (int piece = 0; piece < pieces; piece++) {
                    int from = (int) ((long) total * piece / pieces);
                    int to = (int) ((long) total * (piece + 1) / pieces);
                    products.product(a, aOffset + group * depth, correlation.rows, 0, positions, correlation.steps,
                            from,
                            to, packed, panel + from * width, width, target, c + group * columns + column,
                            correlation.targetRows, count, piece > 0, scratch, free);
                }
                panel += total * width;
            }
        }
    }

    // ---- kernel gradient

    /** Returns the floats of a kernel gradient as {@link #kernelGradient} sums it up. */
    public int kernelGradient() {
        return (shape.depthwise() ? 1 : shape.groups()) * gradientRows.length * gradientRow();
    }

    /** Returns the images that {@link #kernelGradient} should be given at once, at least: more than one if they are small. */
    public int imagesTogether() {
        return winogradKernelGradient.isPresent() ? winogradKernelGradient.get().imagesTogether() : imagesStaged();
    }

    /** Images of which the direct way makes one product. */
    private int imagesStaged() {
        return forward.bands() == 1
                ? Math.clamp(Correlation.MAX_STAGED / Math.max(1, forward.scratch()), 1,
                        Math.ceilDiv(LEAST_STEPS, forward.positions(0)))
                : 1;
    }

    /** From one image to the next as the kernel gradient's product sees them. */
    private int gradientImage() {
        return forward.staged() ? forward.scratch() : shape.inHeight() * shape.inWidth() * shape.inChannels();
    }

    /** Returns the floats of scratch that each running {@link #kernelGradient} needs. */
    public int kernelGradientScratch() {
        int direct = stagedForGradient() + Alignment.roundUp(products.edgeScratch())
                + Math.min(STEPS, gradientSteps.count()) * panels.wide();
        return winogradKernelGradient.isPresent() ? Math.max(direct, winogradKernelGradient.get().scratch()) : direct;
    }

    private int stagedForGradient() {
        return Alignment.roundUp(imagesStaged() * forward.scratch());
    }

    /**
     * Adds the kernel gradient of some images to a sum, or starts the sum with it.
     *
     * @param images how many; how they are cut into calls may change the order in which a sum is taken
     * @param x array of the input images, [images][inHeight][inWidth][inChannels]
     * @param xOffset where they begin
     * @param dy array of the output's gradient, [images][outHeight][outWidth][outChannels]
     * @param dyOffset where it begins
     * @param sum array of the sum, {@link #kernelGradient()} floats in an order of their own
     * @param sumOffset where that begins; fastest on a boundary of {@link Alignment}
     * @param accumulate whether to add to the sum instead of starting it
     * @param scratch array of the scratch, {@link #kernelGradientScratch()} floats that no other running call uses
     * @param scratchOffset where the scratch begins; fastest on a boundary of {@link Alignment}
     */
    public void kernelGradient(int images, float[] x, int xOffset, float[] dy, int dyOffset, float[] sum, int sumOffset,
            boolean accumulate, float[] scratch, int scratchOffset) {
        if (forward.bands() == 0 && !accumulate) {
            Arrays.fill(sum, sumOffset, sumOffset + kernelGradient(), 0);
        }
        int inputs = shape.inHeight() * shape.inWidth() * shape.inChannels();
        int outputs = shape.outHeight() * shape.outWidth() * shape.outChannels();
        if (winogradKernelGradient.isPresent() && winogradKernelGradient.get().pays(images)
                && winogradKernelGradient.get().run(images, x, xOffset, inputs, dy, dyOffset, outputs, sum, sumOffset,
                        accumulate, scratch, scratchOffset)) {
            return;
        }
        int together = imagesStaged();
        for (int image = 0; image < images; image += together) {
            kernelGradientTogether(Math.min(together, images - image), x, xOffset + image * inputs, dy,
                    dyOffset + image * outputs, sum, sumOffset, accumulate || image > 0, scratch, scratchOffset);
        }
    }

    /** That of at most {@link #imagesStaged} images, which is one if it has several bands. */
    private void kernelGradientTogether(int images, float[] x, int xOffset, float[] dy, int dyOffset, float[] sum,
            int sumOffset, boolean accumulate, float[] scratch, int scratchOffset) {
        for (int band = 0; band < forward.bands(); band++) {
            float[] a = x;
            int aOffset = xOffset + forward.origin(band);
            if (forward.staged()) {
                for (int i = 0; i < images; i++) {
                    forward.stage(band, x, xOffset + i * shape.inHeight() * shape.inWidth() * shape.inChannels(),
                            scratch, scratchOffset + i * gradientImage());
                }
                a = scratch;
                aOffset = scratchOffset;
            }
            int positions = images * forward.positions(band);
            int from = 0;
            do {
                int to = Math.min(positions, from + STEPS);
                kernelGradient(a, aOffset, dy, dyOffset + forward.target(band) + from * shape.outChannels(), from, to,
                        sum, sumOffset, accumulate || band > 0 || from > 0, scratch,
                        scratchOffset + stagedForGradient());
                from = to;
            } while (from < positions);
        }
    }

    private void kernelGradient(float[] a, int aOffset, float[] dy, int dyOffset, int from, int to, float[] sum,
            int sumOffset, boolean accumulate, float[] scratch, int edge) {
        int taps = forward.steps.count();
        if (shape.depthwise()) {
            products.channelwise(a, aOffset, forward.steps.offsets(), 0, taps, gradientSteps.offsets(), from, to, dy,
                    dyOffset, shape.outChannels(), sum, sumOffset, gradientRows, shape.outChannels(), accumulate);
            return;
        }
        int panel = edge + Alignment.roundUp(products.edgeScratch());
        int out = shape.groupOutChannels();
        int row = gradientRow();
        for (int group = 0; group < shape.groups(); group++) {
            int c = sumOffset + group * taps * row;
            for (int column = 0, count; column < out; column += count) {
                count = panels.next(out - column);
                int width = panels.width(count);
                float[] b = dy;
                int bOffset = dyOffset + group * out + column;
                int bStride = shape.outChannels();
                if (count < width) {
                    products.pack(dy, bOffset, bStride, 1, to - from, count, scratch, panel, width);
                    b = scratch;
                    bOffset = panel;
                    bStride = width;
                }
                products.product(a, aOffset + group * shape.groupInChannels(), forward.steps.offsets(), 0, taps,
                        gradientSteps,
                        from, to, b, bOffset, bStride, sum, c + column, gradientRows, Math.min(width, row - column),
                        accumulate, scratch, edge);
            }
        }
    }

    /** Output channels whose sums lie side by side. */
    private int gradientColumns() {
        return shape.depthwise() ? shape.outChannels() : shape.groupOutChannels();
    }

    /** From one weight of the sum of a group to the next: whole panels, whose edges need no copy, if they are mostly channels. */
    private int gradientRow() {
        int columns = gradientColumns();
        int whole = panels.packedWidth(columns);
        return shape.depthwise() || whole > 2 * columns ? columns : whole;
    }

    /**
     * Writes a sum of {@link #kernelGradient} to some output channels of the kernel's gradient.
     *
     * @param outFrom first output channel
     * @param outTo end of the output channels
     * @param sum array of the sum
     * @param sumOffset where it begins
     * @param gradient array of the kernel's gradient, [out][in / groups][height][width]
     * @param gradientOffset where that begins
     */
    public void storeKernelGradient(int outFrom, int outTo, float[] sum, int sumOffset, float[] gradient,
            int gradientOffset) {
        int weights = gradientRows.length;
        int columns = gradientColumns();
        for (int first = outFrom; first < outTo;) {
            int group = first / columns;
            int last = Math.min(outTo, (group + 1) * columns);
            products.pack(sum, sumOffset + group * weights * gradientRow() + first % columns, 1, gradientRow(),
                    last - first, weights, gradient, gradientOffset + first * weights, weights);
            first = last;
        }
    }
}
