package dev.cambium.cpu.compiler;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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

    /**
     * What the gradient by the images needs.
     *
     * @param packed
     *            the weights, for the sparse kernel
     * @param dense
     *            the same for the dense one
     * @param result
     *            where the gradient goes
     */
    record ByImages(View packed, View dense, View result) {}

    /**
     * What the gradient by the weights needs. Of each part of the batch there are two sums, that of sparse samples and that of dense
     * ones, which lie differently; before them stands which of the two there is.
     */
    record ByWeights(View images, View sums) {
        static int pitch(SparseConvolution kernel, Convolution denseKernel) {
            return denseSum(kernel) + Alignment.roundUp(denseKernel.kernelGradient());
        }

        private static int sparseSum() {
            return Alignment.LINE;
        }

        private static int denseSum(SparseConvolution kernel) {
            return sparseSum() + Alignment.roundUp(kernel.kernelGradient());
        }
    }

    /** One gradient, or both in one pass over the entries. */
    record Gradients(SparseConvolution kernel, Convolution denseKernel, View outputGradient, Entries entries,
            Optional<ByImages> byImages, Optional<ByWeights> byWeights) implements Step {
        @Override
        public String name() {
            return byWeights.isEmpty() ? "sparse_conv2d_input_gradient"
                    : byImages.isEmpty() ? "sparse_conv2d_weight_gradient" : "sparse_conv2d_gradients";
        }

        @Override
        public List<View> reads() {
            return Stream.of(Stream.of(outputGradient, entries.values(), entries.numbers()),
                    byImages.stream().flatMap(by -> Stream.of(by.packed(), by.dense())),
                    byWeights.stream().map(ByWeights::images)).flatMap(views -> views).toList();
        }

        @Override
        public List<View> writes() {
            return Stream.concat(byImages.stream().map(ByImages::result), byWeights.stream().map(ByWeights::sums))
                    .toList();
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
        public boolean sumsByPart() {
            return byWeights.isPresent();
        }

        @Override
        public long multiplyAdds() {
            return denseKernel.shape().multiplyAdds() * units() * writes().size();
        }

        @Override
        public double density(int from, int to, Lane lane) {
            return entries.density(kernel.lists(), from, to, lane);
        }

        @Override
        public Needs needs() {
            return Needs.scratch(Math.max(kernel.scratch(),
                    Math.max(denseKernel.inputGradientScratch(), denseKernel.kernelGradientScratch())));
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            if (byWeights.isPresent() && lane.isAtPartStart()) {
                View sums = byWeights.get().sums();
                int at = sumsAt(byWeights.get(), part, lane);
                sums.storage().floats()[at] = 0;
                sums.storage().floats()[at + 1] = 0;
            }
            for (int sample = from; sample < to; sample++) {
                boolean sparseImages = byImages.isPresent() && kernel.hasInputGradient(ints(entries.numbers()),
                        lane.at(entries.numbers(), sample), byImages.get().packed().storage().floats(),
                        lane.at(byImages.get().packed()));
                boolean sparseWeights = byWeights.isPresent() && kernel.hasKernelGradient(ints(entries.numbers()),
                        lane.at(entries.numbers(), sample), byWeights.get().images().storage().floats(),
                        lane.at(byWeights.get().images(), sample));
                if (sparseImages && sparseWeights) {
                    both(byImages.get(), byWeights.get(), sample, part, lane);
                    continue;
                }
                if (byImages.isPresent()) {
                    run(byImages.get(), sparseImages, sample, lane);
                }
                if (byWeights.isPresent()) {
                    run(byWeights.get(), sparseWeights, sample, part, lane);
                }
            }
        }

        private int sumsAt(ByWeights by, int part, Lane lane) {
            return lane.at(by.sums()) + part * ByWeights.pitch(kernel, denseKernel);
        }

        private void both(ByImages images, ByWeights weights, int sample, int part, Lane lane) {
            float[] sum = weights.sums().storage().floats();
            int at = sumsAt(weights, part, lane);
            kernel.gradients(entries.values().storage().floats(), lane.at(entries.values(), sample),
                    ints(entries.numbers()), lane.at(entries.numbers(), sample), images.packed().storage().floats(),
                    lane.at(images.packed()), images.result().storage().floats(), lane.at(images.result(), sample),
                    weights.images().storage().floats(), lane.at(weights.images(), sample), sum,
                    at + ByWeights.sparseSum(), sum[at] != 0, lane.scratch(), lane.scratchOffset());
            sum[at] = 1;
        }

        private void run(ByImages by, boolean sparse, int sample, Lane lane) {
            float[] target = by.result().storage().floats();
            int at = lane.at(by.result(), sample);
            if (sparse) {
                kernel.inputGradient(entries.values().storage().floats(), lane.at(entries.values(), sample),
                        ints(entries.numbers()), lane.at(entries.numbers(), sample), by.packed().storage().floats(),
                        lane.at(by.packed()), target, at, lane.scratch(), lane.scratchOffset());
                return;
            }
            for (int band = 0; band < denseKernel.inputGradientParts(); band++) {
                denseKernel.inputGradient(band, outputGradient.storage().floats(), lane.at(outputGradient, sample),
                        by.dense().storage().floats(), lane.at(by.dense()), target, at, lane.scratch(),
                        lane.scratchOffset());
            }
        }

        private void run(ByWeights by, boolean sparse, int sample, int part, Lane lane) {
            float[] sum = by.sums().storage().floats();
            int at = sumsAt(by, part, lane);
            if (sparse) {
                kernel.kernelGradient(entries.values().storage().floats(), lane.at(entries.values(), sample),
                        ints(entries.numbers()), lane.at(entries.numbers(), sample), by.images().storage().floats(),
                        lane.at(by.images(), sample), sum, at + ByWeights.sparseSum(), sum[at] != 0, lane.scratch(),
                        lane.scratchOffset());
                sum[at] = 1;
                return;
            }
            denseKernel.kernelGradient(1, by.images().storage().floats(), lane.at(by.images(), sample),
                    outputGradient.storage().floats(), lane.at(outputGradient, sample), sum,
                    at + ByWeights.denseSum(kernel), sum[at + 1] != 0, lane.scratch(), lane.scratchOffset());
            sum[at + 1] = 1;
        }

        @Override
        public String toString() {
            return name() + " " + reads() + " → " + writes();
        }
    }

    /**
     * Adds up the sums of all parts of the batch, those of sparse samples and those of dense ones.
     *
     * @param sums
     *            [parts, pitch]
     * @param sum
     *            [pitch]
     */
    record AddParts(SparseConvolution kernel, Convolution denseKernel, View sums, View sum) implements Step {
        @Override
        public String name() {
            return "add_weight_gradients";
        }

        @Override
        public List<View> reads() {
            return List.of(sums);
        }

        @Override
        public List<View> writes() {
            return List.of(sum);
        }

        @Override
        public int units() {
            return ConvolutionSteps.UNITS;
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            add(0, ByWeights.sparseSum(), kernel.kernelGradient(), from, to, lane);
            add(1, ByWeights.denseSum(kernel), denseKernel.kernelGradient(), from, to, lane);
        }

        /** Adds a run of those sums of a kind that there are; the sum's flag says whether there is one. */
        private void add(int flag, int start, int size, int from, int to, Lane lane) {
            int first = Partition.start(from, units(), size);
            int count = Partition.start(to, units(), size) - first;
            float[] source = sums.storage().floats();
            float[] target = sum.storage().floats();
            int targetAt = lane.at(sum) + start + first;
            boolean found = false;
            for (int p = 0; p < sums.shape().dim(0); p++) {
                int at = lane.at(sums) + p * ByWeights.pitch(kernel, denseKernel);
                int sourceAt = at + start + first;
                if (source[at + flag] != 0 && !found) {
                    System.arraycopy(source, sourceAt, target, targetAt, count);
                    found = true;
                } else if (source[at + flag] != 0) {
                    Elementwise.binary(Op.BinaryKind.ADD, DType.FLOAT32, target, targetAt, 1, source, sourceAt, 1,
                            target, targetAt, count);
                }
            }
            if (from == 0) {
                target[lane.at(sum) + flag] = found ? 1 : 0;
            }
        }

        @Override
        public String toString() {
            return name() + " " + sums + " → " + sum;
        }
    }

    /** Brings such a sum into the order in which the weights lie: that of dense samples, and to it that of sparse ones. */
    record LayOut(SparseConvolution kernel, Convolution denseKernel, View sum, View gradient) implements Step {
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
            return ConvolutionSteps.LayOut.units(gradient);
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            int outFrom = ConvolutionSteps.LayOut.first(from, gradient);
            int outTo = ConvolutionSteps.LayOut.first(to, gradient);
            float[] source = sum.storage().floats();
            int at = lane.at(sum);
            float[] target = gradient.storage().floats();
            int targetAt = lane.at(gradient);
            if (source[at + 1] != 0) {
                denseKernel.storeKernelGradient(outFrom, outTo, source, at + ByWeights.denseSum(kernel), target,
                        targetAt);
            } else {
                int size = gradient.size() / gradient.shape().dim(0);
                Arrays.fill(target, targetAt + outFrom * size, targetAt + outTo * size, 0);
            }
            if (source[at] != 0) {
                kernel.addTo(outFrom, outTo, source, at + ByWeights.sparseSum(), target, targetAt);
            }
        }

        @Override
        public String toString() {
            return name() + " " + sum + " → " + gradient;
        }
    }

    private static int[] ints(View view) {
        return (int[]) view.storage().array();
    }
}
