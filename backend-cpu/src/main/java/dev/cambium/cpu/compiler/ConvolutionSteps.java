package dev.cambium.cpu.compiler;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.cambium.cpu.kernels.Alignment;
import dev.cambium.cpu.kernels.Convolution;
import dev.cambium.cpu.kernels.ConvolutionShape;
import dev.cambium.cpu.kernels.PooledConvolution;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Window2d;

/** The steps of a float32 convolution and its gradients: packing weights, the products, and laying out weight gradients. */
final class ConvolutionSteps {
    /** Units of what is done to a weight gradient: enough for some threads. */
    static final int UNITS = 8;

    private ConvolutionSteps() {}

    /**
     * The sizes of a convolution.
     *
     * @param images
     *            [n, c, h, w]
     * @param outputs
     *            the number of output channels
     */
    static ConvolutionShape shape(Shape images, int outputs, Window2d window, int groups) {
        return new ConvolutionShape(images.dim(1), images.dim(2), images.dim(3), outputs, window.height(),
                window.width(),
                window.strideHeight(), window.strideWidth(), window.dilationHeight(), window.dilationWidth(),
                window.top(),
                window.bottom(), window.left(), window.right(), groups);
    }

    /** Brings weights into the order that a product wants. */
    record Pack(Convolution kernel, boolean forInputGradient, View weights, View packed) implements Step {
        static int size(Convolution kernel, boolean forInputGradient) {
            return forInputGradient ? kernel.inputGradientKernel() : kernel.forwardKernel();
        }

        @Override
        public String name() {
            return "pack_weights";
        }

        @Override
        public List<View> reads() {
            return List.of(weights);
        }

        @Override
        public List<View> writes() {
            return List.of(packed);
        }

        @Override
        public int units() {
            return 1;
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            if (forInputGradient) {
                kernel.packInputGradient(weights.storage().floats(), lane.at(weights), packed.storage().floats(),
                        lane.at(packed));
            } else {
                kernel.packForward(weights.storage().floats(), lane.at(weights), packed.storage().floats(),
                        lane.at(packed));
            }
        }

        @Override
        public String toString() {
            return name() + " " + weights + " → " + packed;
        }
    }

    /** The convolution of images, or the gradient by them, from packed weights; all channels-last. */
    record Correlate(Convolution kernel, boolean inputGradient, View images, View packed, View result) implements Step {
        @Override
        public String name() {
            return inputGradient ? "conv2d_input_gradient" : "conv2d";
        }

        private int bands() {
            return inputGradient ? kernel.inputGradientParts() : kernel.forwardParts();
        }

        @Override
        public List<View> reads() {
            return List.of(images, packed);
        }

        @Override
        public List<View> writes() {
            return List.of(result);
        }

        @Override
        public int units() {
            return result.shape().dim(0) * bands();
        }

        @Override
        public boolean perSample() {
            return bands() == 1;
        }

        @Override
        public long multiplyAdds() {
            return result.shape().dim(0) * kernel.shape().multiplyAdds();
        }

        @Override
        public Needs needs() {
            return Needs.scratch(inputGradient ? kernel.inputGradientScratch() : kernel.forwardScratch());
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            int bands = bands();
            for (int unit = from; unit < to; unit++) {
                int sample = unit / bands;
                if (inputGradient) {
                    kernel.inputGradient(unit % bands, images.storage().floats(), lane.at(images, sample),
                            packed.storage().floats(),
                            lane.at(packed), result.storage().floats(), lane.at(result, sample), lane.scratch(),
                            lane.scratchOffset());
                } else {
                    kernel.forward(unit % bands, images.storage().floats(), lane.at(images, sample),
                            packed.storage().floats(),
                            lane.at(packed), result.storage().floats(), lane.at(result, sample), lane.scratch(),
                            lane.scratchOffset());
                }
            }
        }

        @Override
        public String toString() {
            return name() + " " + images + ", " + packed + " → " + result;
        }
    }

    /**
     * What is done to each element of a result before it is stored.
     *
     * @param shift
     *            what is added to it first, a vector of all channels
     * @param rectified
     *            whether then it goes through ReLU
     */
    record Epilogue(Optional<View> shift, boolean rectified) {
        float floor() {
            return rectified ? 0 : Float.NEGATIVE_INFINITY;
        }
    }

    /** A convolution that is wanted only max-pooled, all channels-last. */
    record Pooled(PooledConvolution kernel, Convolution convolution, View images, View packed, Epilogue epilogue,
            View result, Optional<View> winners) implements Step {
        @Override
        public String name() {
            return "conv2d_pool_max" + (epilogue.shift().isPresent() ? "_bias" : "")
                    + (epilogue.rectified() ? "_relu" : "");
        }

        @Override
        public List<View> reads() {
            return Stream.concat(Stream.of(images, packed), epilogue.shift().stream()).toList();
        }

        @Override
        public List<View> writes() {
            return winners.map(places -> List.of(result, places)).orElseGet(() -> List.of(result));
        }

        @Override
        public int units() {
            return result.shape().dim(0);
        }

        @Override
        public boolean perSample() {
            return true;
        }

        @Override
        public long multiplyAdds() {
            return units() * convolution.shape().multiplyAdds();
        }

        @Override
        public Needs needs() {
            return Needs.scratch(kernel.scratch());
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            float[] x = images.storage().floats();
            float[] weights = packed.storage().floats();
            float[] shifts = kernel.unshifted();
            int shiftsOffset = 0;
            if (epilogue.shift().isPresent()) {
                shifts = epilogue.shift().get().storage().floats();
                shiftsOffset = lane.at(epilogue.shift().get());
            }
            float[] pooled = result.storage().floats();
            for (int sample = from; sample < to; sample++) {
                if (winners.isPresent()) {
                    kernel.forward(x, lane.at(images, sample), weights, lane.at(packed), shifts, shiftsOffset,
                            epilogue.floor(), pooled, lane.at(result, sample), winners.get().storage().floats(),
                            lane.at(winners.get(), sample), lane.scratch(), lane.scratchOffset());
                } else {
                    kernel.forward(x, lane.at(images, sample), weights, lane.at(packed), shifts, shiftsOffset,
                            epilogue.floor(), pooled, lane.at(result, sample), lane.scratch(), lane.scratchOffset());
                }
            }
        }

        @Override
        public String toString() {
            return name() + " " + images + ", " + packed + epilogue.shift().map(shift -> ", " + shift).orElse("")
                    + " → " + writes();
        }
    }

    /** The gradient by the weights of such a convolution, one sum for each part of the batch. */
    record PooledWeightGradient(PooledConvolution kernel, Convolution convolution, View images, View winners,
            View pooledGradient, View sums) implements Step {
        @Override
        public String name() {
            return "conv2d_pool_max_weight_gradient";
        }

        @Override
        public List<View> reads() {
            return List.of(images, winners, pooledGradient);
        }

        @Override
        public List<View> writes() {
            return List.of(sums);
        }

        @Override
        public int units() {
            return images.shape().dim(0);
        }

        @Override
        public boolean perSample() {
            return true;
        }

        @Override
        public boolean sumsByPart() {
            return true;
        }

        @Override
        public long multiplyAdds() {
            return units() * convolution.shape().multiplyAdds();
        }

        @Override
        public Needs needs() {
            return Needs.scratch(kernel.scratch());
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            int sum = lane.at(sums) + part * WeightGradient.pitch(convolution);
            for (int sample = from; sample < to; sample++) {
                kernel.kernelGradient(images.storage().floats(), lane.at(images, sample), winners.storage().floats(),
                        lane.at(winners, sample), pooledGradient.storage().floats(), lane.at(pooledGradient, sample),
                        sums.storage().floats(), sum, sample > from || !lane.isAtPartStart(), lane.scratch(),
                        lane.scratchOffset());
            }
        }

        @Override
        public String toString() {
            return name() + " " + reads() + " → " + sums;
        }
    }

    /** The gradient by the weights, one sum for each part of the batch. */
    record WeightGradient(Convolution kernel, View images, View outputGradient, View sums) implements Step {
        /** From one part's sum to the next. */
        static int pitch(Convolution kernel) {
            return Alignment.roundUp(kernel.kernelGradient());
        }

        @Override
        public String name() {
            return "conv2d_weight_gradient";
        }

        @Override
        public List<View> reads() {
            return List.of(images, outputGradient);
        }

        @Override
        public List<View> writes() {
            return List.of(sums);
        }

        @Override
        public int units() {
            return images.shape().dim(0);
        }

        @Override
        public boolean perSample() {
            return true;
        }

        @Override
        public boolean sumsByPart() {
            return true;
        }

        @Override
        public int block() {
            return kernel.imagesTogether();
        }

        @Override
        public long multiplyAdds() {
            return images.shape().dim(0) * kernel.shape().multiplyAdds();
        }

        @Override
        public Needs needs() {
            return Needs.scratch(kernel.kernelGradientScratch());
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            kernel.kernelGradient(to - from, images.storage().floats(), lane.at(images, from),
                    outputGradient.storage().floats(), lane.at(outputGradient, from), sums.storage().floats(),
                    lane.at(sums) + part * pitch(kernel), !lane.isAtPartStart(), lane.scratch(), lane.scratchOffset());
        }

        @Override
        public String toString() {
            return name() + " " + images + ", " + outputGradient + " → " + sums;
        }
    }

    /** Brings a sum of weight gradients into the order in which the weights lie. */
    record LayOut(Convolution kernel, View sum, View gradient) implements Step {
        @Override
        public String name() {
            return "lay_out_weight_gradient";
        }

        @Override
        public List<View> reads() {
            return List.of(sum);
        }

        @Override
        public List<View> writes() {
            return List.of(gradient);
        }

        @Override
        public int units() {
            return units(gradient);
        }

        /** Of some output channels each. */
        static int units(View gradient) {
            return Math.min(UNITS, gradient.shape().dim(0));
        }

        /** The first output channel of a unit. */
        static int first(int unit, View gradient) {
            return Partition.start(unit, units(gradient), gradient.shape().dim(0));
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            kernel.storeKernelGradient(first(from, gradient), first(to, gradient), sum.storage().floats(), lane.at(sum),
                    gradient.storage().floats(), lane.at(gradient));
        }

        @Override
        public String toString() {
            return name() + " " + sum + " → " + gradient;
        }
    }
}
