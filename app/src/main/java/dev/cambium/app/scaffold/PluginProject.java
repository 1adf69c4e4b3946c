package dev.cambium.app.scaffold;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.cambium.CambiumException;
import dev.cambium.app.run.Version;

/**
 * A Maven project for a plugin with one part.
 *
 * @param name
 *            the part's name: lower-case words joined by hyphens
 * @param kind
 *            what the part is
 */
public record PluginProject(String name, Kind kind) {
    /** What a project can be made for. */
    public enum Kind {
        /** A layer with a learned parameter. */
        LAYER,
        /** An optimizer with a slot. */
        OPTIMIZER,
        /** A loss. */
        LOSS,
        /** A dataset that needs no files. */
        DATASET;

        /** As it stands on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException
     *             if it can't be a part's name, or a class of that name would hide one that the part needs
     */
    public PluginProject {
        if (!name.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException(
                    "'%s' can't be a part's name: lower-case words joined by hyphens are wanted, such as my-layer"
                            .formatted(name));
        }
        if (template(kind + ".java").contains("." + className(name) + ";")) {
            throw new IllegalArgumentException("'%s' is what the api calls a class; add a word, such as my-%s"
                    .formatted(name, name));
        }
    }

    /**
     * Writes the project.
     *
     * @param folder
     *            new or empty
     * @throws IllegalArgumentException
     *             if the folder has files
     * @throws CambiumException
     *             if it can't be written
     */
    public void write(Path folder) {
        try {
            if (Files.exists(folder) && !isEmpty(folder)) {
                throw new IllegalArgumentException(
                        "%s is not an empty folder; --out names another one".formatted(folder));
            }
            for (Map.Entry<String, String> file : files().entrySet()) {
                Path path = folder.resolve(file.getKey());
                Files.createDirectories(Objects.requireNonNull(path.getParent()));
                Files.writeString(path, file.getValue());
            }
        } catch (IOException e) {
            throw new CambiumException("can't write %s: %s".formatted(folder, e.getMessage()), e);
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    private SequencedMap<String, String> files() {
        String type = className(name);
        String folder = "java/com/example/" + packageName() + "/" + type;
        var files = new LinkedHashMap<String, String>();
        files.put("pom.xml", filled("pom.xml"));
        files.put("README.md", filled("README.md"));
        experiment().ifPresent(experiment -> files.put("experiment.yaml", experiment));
        files.put("src/main/java/module-info.java", filled("module-info.java"));
        files.put("src/main/resources/META-INF/services/dev.cambium.part.PartProvider", filled("services"));
        files.put("src/main/" + folder + ".java", filled(kind + ".java"));
        files.put("src/main/" + folder + "Parts.java", filled("Parts.java"));
        files.put("src/test/" + folder + "Test.java", filled(kind + "-test.java"));
        return files;
    }

    /** One that uses the part; a loss of numbers has no use in one of classes. */
    private Optional<String> experiment() {
        return kind == Kind.LOSS ? Optional.empty() : Optional.of(filled(kind + ".yaml"));
    }

    private String filled(String template) {
        return template(template).replace("{name}", name).replace("{Name}", className(name))
                .replace("{package}", packageName()).replace("{kind}", kind.toString())
                .replace("{version}", Version.current());
    }

    private static String className(String name) {
        return Arrays.stream(name.split("-", -1))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    }

    /** Followed by a word of its own, so that a name such as {@code new} is no keyword here. */
    private String packageName() {
        return name.replace("-", "") + "plugin";
    }

    private static String template(String name) {
        try (InputStream in = Objects.requireNonNull(PluginProject.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("can't read the template " + name, e);
        }
    }
}
