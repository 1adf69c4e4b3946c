package dev.cambium.data;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where datasets look for their files, where they keep what they download, and whom they tell.
 *
 * @param directory
 *            a folder that the user named, looked at before every other place
 * @param cache
 *            the folder for downloads; created when needed
 * @param progress
 *            told about downloads and slow steps
 */
public record DataEnvironment(Optional<Path> directory, Path cache, DataProgress progress) {
    /**
     * The folder named by the environment variable {@code CAMBIUM_DATA}, if set; the cache in
     * {@code $XDG_CACHE_HOME/cambium} or {@code ~/.cache/cambium}; silent.
     */
    public static DataEnvironment standard() {
        String data = System.getenv("CAMBIUM_DATA");
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path cache = xdg == null || xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return new DataEnvironment(data == null || data.isBlank() ? Optional.empty() : Optional.of(Path.of(data)),
                cache.resolve("cambium"), DataProgress.silent());
    }

    /** This environment with a folder that the user named. */
    public DataEnvironment withDirectory(Path folder) {
        return new DataEnvironment(Optional.of(folder), cache, progress);
    }

    /** This environment with another listener. */
    public DataEnvironment withProgress(DataProgress listener) {
        return new DataEnvironment(directory, cache, listener);
    }
}
