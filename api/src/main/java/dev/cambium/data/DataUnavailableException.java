package dev.cambium.data;

import static dev.cambium.Stability.Level.STABLE;

import java.util.List;

import dev.cambium.CambiumException;
import dev.cambium.Stability;

/** A dataset could not be had from any of its sources. */
@Stability(value = STABLE, since = "0.1")
public final class DataUnavailableException extends CambiumException {
    private static final long serialVersionUID = 1L;

    /**
     * One source that was tried.
     *
     * @param source
     *            a folder, an address or a package, as a person would name it
     * @param reason
     *            why it did not yield the data
     */
    public record Attempt(String source, String reason) implements java.io.Serializable {}

    @SuppressWarnings("serial") // what List.copyOf returns is serializable
    private final List<Attempt> attempts;

    /**
     * Creates the exception; its message lists every source with its reason, a line each.
     *
     * @param dataset
     *            the name of the dataset
     * @param attempts
     *            the sources tried, in order
     * @param advice
     *            what the user can do, a sentence
     */
    public DataUnavailableException(String dataset, List<Attempt> attempts, String advice) {
        super(message(dataset, attempts, advice));
        this.attempts = List.copyOf(attempts);
    }

    /** The sources that were tried, in order. */
    public List<Attempt> attempts() {
        return attempts;
    }

    private static String message(String dataset, List<Attempt> attempts, String advice) {
        var text = new StringBuilder("dataset '").append(dataset).append("' can't be had from any source:");
        for (Attempt attempt : attempts) {
            text.append("\n  ").append(attempt.source()).append(": ").append(attempt.reason());
        }
        return text.append('\n').append(advice).toString();
    }
}
