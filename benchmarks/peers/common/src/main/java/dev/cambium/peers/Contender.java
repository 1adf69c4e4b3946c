package dev.cambium.peers;

import java.io.IOException;

/**
 * The reference CNN in one library, trained by Adam at 0.001 on batches of {@link Digits#BATCH} images. It is given plain arrays, as
 * a user's program has them, and gives back plain numbers: all that is between counts as the library's own.
 */
public interface Contender extends AutoCloseable {
    /** The version of the library, as the library itself tells it. */
    String version() throws IOException;

    /**
     * Makes some training steps, reading the loss of each, as one who watches a training does.
     *
     * @return the loss of the last one
     */
    double train(Digits.Batches batches, int steps);

    /**
     * The most probable class of each image, layers behaving as in evaluation.
     *
     * @param images
     *            [count, 1, 28, 28], row-major; not to be kept
     */
    int[] classify(float[] images, int count);

    @Override
    void close();

    /** The index of the highest of each row's {@link Digits#CLASSES} scores. */
    static int[] highest(float... scores) {
        int[] classes = new int[scores.length / Digits.CLASSES];
        for (int i = 0; i < classes.length; i++) {
            for (int c = 1; c < Digits.CLASSES; c++) {
                if (scores[i * Digits.CLASSES + c] > scores[i * Digits.CLASSES + classes[i]]) {
                    classes[i] = c;
                }
            }
        }
        return classes;
    }
}
