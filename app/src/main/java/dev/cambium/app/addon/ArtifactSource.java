package dev.cambium.app.addon;

import java.nio.file.Path;
import java.util.List;

import dev.cambium.data.DataProgress;

/** Where jars come from that the distribution does not bring. */
@FunctionalInterface
public interface ArtifactSource {
    /**
     * Fetches artifacts with all that they need.
     *
     * @param coordinates
     *            {@code group:artifact[:extension[:classifier]]:version} of each
     * @param unfinished
     *            a folder for what has come of interrupted downloads
     * @param progress
     *            told about downloads
     * @return all files
     * @throws dev.cambium.CambiumException
     *             if something can't be had; the message says why, and what to do
     */
    List<Path> fetch(List<String> coordinates, Path unfinished, DataProgress progress);
}
