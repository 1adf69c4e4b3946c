package dev.cambium.data;

import static dev.cambium.Stability.Level.EXPERIMENTAL;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import dev.cambium.Stability;

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
@Stability(value = EXPERIMENTAL, since = "0.1")
public record DataEnvironment(Optional<Path> directory, Path cache, DataProgress progress) {
    /**
     * The folder named by the environment variable {@code CAMBIUM_DATA}, if set; the cache in
     * {@code $XDG_CACHE_HOME/cambium} or {@code ~/.cache/cambium}; silent.
     */
    public static DataEnvironment standard() {
        return of(System.getenv(), System.getProperty("user.home"));
    }

    /** Java's own notion of the home folder comes from the account; {@code HOME}, where it is set, is what the user means. */
    static DataEnvironment of(Map<String, String> environment, String accountHome) {
        Path home = setting(environment, "HOME").orElse(Path.of(accountHome));
        Path cache = setting(environment, "XDG_CACHE_HOME").orElse(home.resolve(".cache"));
        return new DataEnvironment(setting(environment, "CAMBIUM_DATA"), cache.resolve("cambium"),
                DataProgress.silent());
    }

    private static Optional<Path> setting(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank()).map(Path::of);
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
