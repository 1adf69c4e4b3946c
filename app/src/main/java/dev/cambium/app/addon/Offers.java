package dev.cambium.app.addon;

import java.io.IOException;
import java.io.Reader;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.cambium.CambiumException;
import dev.cambium.app.run.FileProblem;

/**
 * The backends that the distribution brings but for what they need, which is large and differs from platform to platform. Each is
 * a folder with the backend's own jars and {@code needs.properties}, which says what to fetch.
 *
 * @param folder
 *            holds the folders, by the backends' names
 * @param source
 *            where what they need is fetched
 */
public record Offers(Path folder, ArtifactSource source) {
    /** Those of the distribution that the running program belongs to; none if it was not started from one. */
    public static Offers ofDistribution() {
        try {
            Path home = Path.of(Offers.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .resolve("../..").normalize();
            return new Offers(home.resolve("optional"), new MavenSource(home.resolve("maven")));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A backend that can be added.
     *
     * @param name
     *            its name
     * @param jars
     *            its own jars
     * @param coordinates
     *            what to fetch with all that it needs, as {@code group:artifact[:extension[:classifier]]:version}
     */
    public record Offer(String name, List<Path> jars, List<String> coordinates) {}

    /** The names of all. */
    public List<String> names() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory).map(entry -> folder.relativize(entry).toString()).sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    /** The end of a message that a backend is not there: how to get those that can be added. */
    public String hint() {
        return names().stream().map("; 'cambium backends add %1$s' fetches %1$s"::formatted)
                .collect(Collectors.joining());
    }

    /**
     * What to fetch for a platform.
     *
     * @param name
     *            one of {@link #names()}
     * @param gpu
     *            whether it shall compute on graphics cards
     * @param platform
     *            such as {@code linux-x86_64}
     * @throws CambiumException
     *             if it does not exist for that platform
     */
    public Offer offer(String name, boolean gpu, String platform) {
        var needs = new Properties();
        Path file = folder.resolve(name).resolve("needs.properties");
        try (Reader reader = Files.newBufferedReader(file)) {
            needs.load(reader);
            List<String> platforms = list(needs, gpu ? "gpu.platforms" : "platforms");
            if (!platforms.contains(platform)) {
                throw new CambiumException("backend '%s' does not exist for %s%s; it exists for: %s".formatted(name,
                        gpu ? "graphics cards on " : "", platform, String.join(", ", platforms)));
            }
            return new Offer(name, new Jars(folder.resolve(name)).files(),
                    list(needs, gpu ? "gpu.artifacts" : "artifacts").stream()
                            .map(each -> each.replace("{platform}", platform)).toList());
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static List<String> list(Properties properties, String key) {
        return Stream.of(properties.getProperty(key, "").split(",")).map(String::strip).filter(each -> !each.isEmpty())
                .toList();
    }

    private static CambiumException unreadable(Path path, IOException failure) {
        return new CambiumException("can't read %s: %s".formatted(path, FileProblem.of(failure)), failure);
    }

    /** This machine's platform, named as the makers of Java's native libraries do. */
    public static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch");
        return (system.contains("mac") ? "macosx" : system.contains("windows") ? "windows" : system) + "-"
                + switch (processor) {
                    case "amd64" -> "x86_64";
                    case "aarch64" -> "arm64";
                    default -> processor;
                };
    }
}
