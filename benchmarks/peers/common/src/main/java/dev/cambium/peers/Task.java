package dev.cambium.peers;

import java.util.List;

/**
 * What a contender is to train, and on how many threads.
 *
 * @param network
 *            {@link #REFERENCE}, or a name that the contender knows
 * @param width
 *            how many times as many channels and hidden units as usual it has
 * @param batch
 *            how many images a step takes
 * @param seed
 *            of the first weights, of dropout and of the order of the images
 */
public record Task(int threads, String network, double width, int batch, long seed) {
    /** The network that every contender knows. */
    public static final String REFERENCE = "reference CNN";

    static Task reference(int threads, long seed) {
        return new Task(threads, REFERENCE, 1, Digits.BATCH, seed);
    }

    /** Reads the task from the beginning of a contender's arguments. */
    public static Task of(String... arguments) {
        return new Task(Integer.parseInt(arguments[0]), arguments[1], Double.parseDouble(arguments[2]),
                Integer.parseInt(arguments[3]), Long.parseLong(arguments[4]));
    }

    /** The contender's arguments, which may have more behind them. */
    public List<String> arguments() {
        return List.of(Integer.toString(threads), network, Double.toString(width), Integer.toString(batch),
                Long.toString(seed));
    }
}
