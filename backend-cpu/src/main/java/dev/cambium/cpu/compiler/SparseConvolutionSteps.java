package dev.cambium.cpu.compiler;

import java.util.List;

import dev.cambium.cpu.kernels.Alignment;
import dev.cambium.cpu.kernels.Convolution;
import dev.cambium.cpu.kernels.Elementwise;
import dev.cambium.cpu.kernels.EntryLists;
import dev.cambium.cpu.kernels.Products;
import dev.cambium.cpu.kernels.SparseConvolution;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op;

/**
 * The steps of a convolution's gradients where most of the output's gradient is zero. Each sample that turns out to be dense, or holds
 * what must not be skipped, takes the dense kernels; that depends on its data alone.
 */
final class SparseConvolutionSteps {
    private SparseConvolutionSteps() {}

    /**
     * The entries of each sample.
     *
     * @param values
     *            [samples, places]
     * @param numbers
     *            [samples, places]
     */
    record Entries(View values, View numbers) {
        /** The share of elements that the gradients of some samples visit. */
        double density(EntryLists lists, int from, int to, Lane lane) {
            double sum = 0;
            for (int sample = from; sample < to; sample++) {
                sum += lists.density(ints(numbers), lane.at(numbers, sample));
            }
            return sum / (to - from);
        }
    }

    /** Lists the entries of an output's gradient. */
    record ListEntries(EntryLists lists, Products products, View outputGradient, Entries entries) implements Step {
        @Override
        public String name() {
            return "list_entries";
        }

        @Override
        public List<View> reads() {
            return List.of(outputGradient);
        }

        @Override
        public List<View> writes() {
            return List.of(entries.values(), entries.numbers());
        }

        @Override
        public int units() {
            return outputGradient.shape().dim(0);
        }

        @Override
        public boolean perSample() {
            return true;
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            for (int sample = from; sample < to; sample++) {
                lists.make(products, outputGradient.storage().floats(), lane.at(outputGradient, sample),
                        entries.values().storage().floats(), lane.at(entries.values(), sample),
                        ints(entries.numbers()), lane.at(entries.numbers(), sample));
            }
        }

        @Override
        public String toString() {
            return name() + " " + outputGradient + " → " + entries.values();
        }
    }

    /**
     * Lists the entries of an output's gradient that is spread to the winners of a pooling, from what is spread.
     *
     * @param firsts
     *            for each window the number of the output's place that is its first
     * @param width
     *            that of the output
     * @param winners
     *            which place of each window won
     * @param pooled
     *            the gradient by the pooled map
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record ListSpread(EntryLists lists, Products products, int[] firsts, int width, View winners, View pooled,
            Entries entries) implements Step {
        @Override
        public String name() {
            return "list_spread_entries";
        }

        @Override
        public List<View> reads() {
            return List.of(winners, pooled);
        }

        @Override
        public List<View> writes() {
            return List.of(entries.values(), entries.numbers());
        }

        @Override
        public int units() {
            return pooled.shape().dim(0);
        }

        @Override
        public boolean perSample() {
            return true;
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            for (int sample = from; sample < to; sample++) {
                lists.makeSpread(products, pooled.storage().floats(), lane.at(pooled, sample),
                        winners.storage().floats(), lane.at(winners, sample), firsts, width,
                        entries.values().storage().floats(), lane.at(entries.values(), sample),
                        ints(entries.numbers()), lane.at(entries.numbers(), sample));
            }
        }

        @Override
        public String toString() {
            return name() + " " + winners + ", " + pooled + " → " + entries.values();
        }
    }

    /** Brings weights into the order that the gradient by the images wants. */
    record Pack(SparseConvolution kernel, View weights, View packed) implements Step {
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
            kernel.pack(weights.storage().floats(), lane.at(weights), packed.storage().floats(), lane.at(packed));
        }

        @Override
        public String toString() {
            return name() + " " + weights + " → " + packed;
        }
    }

    /** The gradient by the images; {@code packed} is for the sparse kernel, {@code dense} for the dense one. */
    record InputGradient(SparseConvolution kernel, Convolution denseKernel, View outputGradient, Entries entries,
            View packed, View dense, View result) implements Step {
        @Override
        public String name() {
            return "sparse_conv2d_input_gradient";
        }

        @Override
        public List<View> reads() {
            return List.of(outputGradient, entries.values(), entries.numbers(), packed, dense);
        }

        @Override
        public List<View> writes() {
            return List.of(result);
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
            return units() * denseKernel.shape().multiplyAdds();
        }

        @Override
        public double density(int from, int to, Lane lane) {
            return entries.density(kernel.lists(), from, to, lane);
        }

        @Override
        public Needs needs() {
            return Needs.scratch(Math.max(kernel.scratch(), denseKernel.inputGradientScratch()));
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            float[] target = result.storage().floats();
            for (int sample = from; sample < to; sample++) {
                int at = lane.at(result, sample);
                if (!kernel.inputGradient(entries.values().storage().floats(), lane.at(entries.values(), sample),
                        ints(entries.numbers()), lane.at(entries.numbers(), sample), packed.storage().floats(),
                        lane.at(packed), target, at, lane.scratch(), lane.scratchOffset())) {
                    for (int band = 0; band < denseKernel.inputGradientParts(); band++) {
                        denseKernel.inputGradient(band, outputGradient.storage().floats(),
                                lane.at(outputGradient, sample), dense.storage().floats(), lane.at(dense), target, at,
                                lane.scratch(), lane.scratchOffset());
                    }
                }
            }
        }

        @Override
        public String toString() {
            return name() + " " + outputGradient + ", " + packed + " → " + result;
        }
    }

    /**
     * The gradient by the weights. Of each part of the batch there are two sums, that of sparse samples and that of dense ones, which lie
     * differently; before them stands which of the two there is.
     */
    record WeightGradient(SparseConvolution kernel, Convolution denseKernel, View images, View outputGradient,
            Entries entries, View sums) implements Step {
        static int pitch(SparseConvolution kernel) {
            return denseSum(kernel) + Alignment.roundUp(kernel.kernelGradient());
        }

        /** Adds those sums that there are. The sparse ones lie side by side, and are added up before they are written as weights lie. */
        static void join(SparseConvolution kernel, Convolution denseKernel, int parts, int outFrom, int outTo,
                float[] sums, int sumsAt, float[] gradient, int gradientAt) {
            int size = kernel.kernelGradient() / denseKernel.shape().outChannels();
            int first = -1;
            for (int part = 0; part < parts; part++) {
                int at = sumsAt + part * pitch(kernel);
                if (sums[at] != 0 && first < 0) {
                    first = at;
                } else if (sums[at] != 0) {
                    int to = first + sparseSum() + outFrom * size;
                    Elementwise.binary(Op.BinaryKind.ADD, DType.FLOAT32, sums, to, 1, sums,
                            at + sparseSum() + outFrom * size, 1, sums, to, (outTo - outFrom) * size);
                }
            }
            if (first >= 0) {
                kernel.addTo(outFrom, outTo, sums, first + sparseSum(), gradient, gradientAt);
            }
            for (int part = 0; part < parts; part++) {
                int at = sumsAt + part * pitch(kernel);
                if (sums[at + 1] != 0) {
                    denseKernel.addKernelGradient(outFrom, outTo, sums, at + denseSum(kernel), gradient, gradientAt);
                }
            }
        }

        private static int sparseSum() {
            return Alignment.LINE;
        }

        private static int denseSum(SparseConvolution kernel) {
            return sparseSum() + Alignment.roundUp(kernel.kernelGradient());
        }

        @Override
        public String name() {
            return "sparse_conv2d_weight_gradient";
        }

        @Override
        public List<View> reads() {
            return List.of(images, outputGradient, entries.values(), entries.numbers());
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
        public long multiplyAdds() {
            return units() * denseKernel.shape().multiplyAdds();
        }

        @Override
        public double density(int from, int to, Lane lane) {
            return entries.density(kernel.lists(), from, to, lane);
        }

        @Override
        public Needs needs() {
            return Needs.scratch(Math.max(kernel.scratch(), denseKernel.kernelGradientScratch()));
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            float[] sum = sums.storage().floats();
            int at = lane.at(sums) + part * pitch(kernel);
            if (from == Partition.start(part, Partition.parts(units()), units())) {
                sum[at] = 0;
                sum[at + 1] = 0;
            }
            for (int sample = from; sample < to; sample++) {
                if (kernel.kernelGradient(images.storage().floats(), lane.at(images, sample),
                        entries.values().storage().floats(), lane.at(entries.values(), sample),
                        ints(entries.numbers()), lane.at(entries.numbers(), sample), sum, at + sparseSum(),
                        sum[at] != 0,
                        lane.scratch(), lane.scratchOffset())) {
                    sum[at] = 1;
                } else {
                    denseKernel.kernelGradient(images.storage().floats(), lane.at(images, sample),
                            outputGradient.storage().floats(), lane.at(outputGradient, sample), sum,
                            at + denseSum(kernel), sum[at + 1] != 0, lane.scratch(), lane.scratchOffset());
                    sum[at + 1] = 1;
                }
            }
        }

        @Override
        public String toString() {
            return name() + " " + images + ", " + outputGradient + " → " + sums;
        }
    }

    private static int[] ints(View view) {
        return (int[]) view.storage().array();
    }
}
