package dev.cambium.data;

import static dev.cambium.Stability.Level.EXPERIMENTAL;

import dev.cambium.Stability;

/** Told about what a dataset is doing while it loads. Called from the loading thread. */
@Stability(value = EXPERIMENTAL, since = "0.1")
public interface DataProgress {
    /** Something worth a line, such as which source is tried next or why one was passed over. */
    void note(String message);

    /**
     * A transfer went on.
     *
     * @param what
     *            the name of the file
     * @param done
     *            bytes so far, those of an earlier interrupted download included
     * @param total
     *            bytes in all, or −1 when unknown
     */
    void transferred(String what, long done, long total);

    /** A listener that ignores everything. */
    static DataProgress silent() {
        return new DataProgress() {
            @Override
            public void note(String message) {}

            @Override
            public void transferred(String what, long done, long total) {}
        };
    }
}
