package dev.cambium.cpu.kernels;

/**
 * Both gradients of a linear layer whose input has zeros, some of its weights at a time: by the input, which is a {@link SampledProduct}
 * of the output's gradient D with the weights, and by the weights, which is a {@link RowsProduct} of the input with D. Where zeros
 * may be skipped D is read just once for both. The bits are those of the products one by one.
 */
public final class LinearGradients {
    private final SampledProduct sampled;
    private final RowsProduct product;

    /**
     * Prepares the products.
     *
     * @param sampled the gradient by the input
     * @param product the gradient by the weights, with the same packed D
     */
    public LinearGradients(SampledProduct sampled, RowsProduct product) {
        this.sampled = sampled;
        this.product = product;
    }

    /** Returns the floats of scratch that each running part needs. */
    public int scratch() {
        return Math.max(sampled.scratch(), product.scratch());
    }

    /**
     * Computes rows of the gradient by the weights, and the same columns of that by the input. Allocates nothing.
     *
     * @param rowFrom first row
     * @param rowTo end of the rows
     * @param lists of the transposed input, by row
     * @param values array of the entries' values
     * @param valuesOffset where they begin
     * @param numbers array of the lists' numbers
     * @param numbersOffset where they begin
     * @param input array of the transposed input
     * @param inputOffset where it begins
     * @param weights array of the weights
     * @param weightsOffset where they begin
     * @param packed array of the packed D
     * @param packedOffset where it begins
     * @param transposed array of the packed Dᵀ
     * @param transposedOffset where it begins
     * @param inputGradient array of the gradient by the input
     * @param inputGradientOffset where it begins
     * @param weightGradient array of the gradient by the weights
     * @param weightGradientOffset where it begins
     * @param scratch array of the scratch, {@link #scratch()} floats that no other running part uses
     * @param scratchOffset where the scratch begins
     */
    public void run(int rowFrom, int rowTo, RowLists lists, float[] values, int valuesOffset, int[] numbers,
            int numbersOffset, float[] input, int inputOffset, float[] weights, int weightsOffset, float[] packed,
            int packedOffset, float[] transposed, int transposedOffset, float[] inputGradient, int inputGradientOffset,
            float[] weightGradient, int weightGradientOffset, float[] scratch, int scratchOffset) {
        boolean few = sampled.areFew(lists, numbers, numbersOffset, packed, packedOffset);
        for (int row = rowFrom; row < rowTo; row += SampledProduct.AT_ONCE) {
            int rows = Math.min(SampledProduct.AT_ONCE, rowTo - row);
            if (few && sampled.isModerate(row, rows, weights, weightsOffset)) {
                sampled.sparseWithRows(row, rows, lists, values, valuesOffset, numbers, numbersOffset, weights,
                        weightsOffset, packed, packedOffset, inputGradient, inputGradientOffset, product,
                        weightGradient, weightGradientOffset, scratch, scratchOffset);
            } else {
                sampled.dense(row, rows, weights, weightsOffset, transposed, transposedOffset, inputGradient,
                        inputGradientOffset, scratch, scratchOffset);
                product.runSparse(row, row + rows, lists, values, valuesOffset, numbers, numbersOffset, input,
                        inputOffset, packed, packedOffset, weightGradient, weightGradientOffset, scratch,
                        scratchOffset);
            }
        }
    }
}
