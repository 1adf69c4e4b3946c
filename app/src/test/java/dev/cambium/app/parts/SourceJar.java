package dev.cambium.app.parts;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A jar compiled on the spot.
 *
 * @param name
 *            its file's name without the ending
 * @param files
 *            texts by file, such as {@code module-info.java}; those that are no sources of Java come into the jar as they are
 * @param lost
 *            classes that it is compiled with, but lacks
 */
public record SourceJar(String name, Map<String, String> files, List<String> lost) {
    /** A jar without anything. */
    public static SourceJar of(String name) {
        return new SourceJar(name, Map.of(), List.of());
    }

    /** All that the tests run with, as the path of libraries that a jar is compiled against. */
    public static List<Path> program() {
        return Stream.of("jdk.module.path", "java.class.path").map(name -> System.getProperty(name, ""))
                .flatMap(path -> Arrays.stream(path.split(File.pathSeparator))).filter(each -> !each.isEmpty())
                .map(Path::of).filter(Files::exists)
                .filter(each -> !each.endsWith("test-classes") && !each.toString().contains("surefire")).distinct()
                .toList();
    }

    /** This one with a file more. */
    public SourceJar with(String file, String text) {
        var more = new LinkedHashMap<>(files);
        more.put(file, text);
        return new SourceJar(name, more, lost);
    }

    /** This one without a file. */
    public SourceJar without(String file) {
        var fewer = new LinkedHashMap<>(files);
        fewer.remove(file);
        return new SourceJar(name, fewer, lost);
    }

    /** This one without a class. */
    public SourceJar losing(String type) {
        return new SourceJar(name, files, Stream.concat(lost.stream(), Stream.of(type)).toList());
    }

    /**
     * Compiles it.
     *
     * @param workshop
     *            where the jar, sources and classes come to lie
     * @param libraries
     *            what it is compiled against
     * @param options
     *            for javac
     * @return the jar
     */
    public Path write(Path workshop, List<Path> libraries, String... options) throws IOException {
        Path sources = Files.createTempDirectory(workshop, "sources-");
        Path classes = Files.createTempDirectory(workshop, "classes-");
        var compiled = new ArrayList<Path>();
        for (var file : files.entrySet()) {
            boolean java = file.getKey().endsWith(".java");
            Path target = (java ? sources : classes).resolve(file.getKey());
            Files.createDirectories(Objects.requireNonNull(target.getParent()));
            Files.writeString(target, file.getValue());
            if (java) {
                compiled.add(target);
            }
        }
        run("javac", Stream.of(
                Stream.of(files.containsKey("module-info.java") ? "--module-path" : "--class-path",
                        libraries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)), "-d",
                        classes.toString()),
                Stream.of(options), compiled.stream().map(Path::toString)).flatMap(each -> each));
        for (String type : lost) {
            Files.delete(classes.resolve(type.replace('.', '/') + ".class"));
        }
        Path jar = workshop.resolve(name + ".jar");
        Path manifest = classes.resolve("META-INF/MANIFEST.MF");
        run("jar", Stream.concat(
                Stream.of("--create", "--file", jar.toString()),
                Stream.concat(Files.exists(manifest) ? Stream.of("--manifest", manifest.toString()) : Stream.of(),
                        Stream.of("-C", classes.toString(), "."))));
        return jar;
    }

    private static void run(String tool, Stream<String> arguments) {
        var messages = new StringWriter();
        if (ToolProvider.findFirst(tool).orElseThrow().run(new PrintWriter(messages), new PrintWriter(messages),
                arguments.toArray(String[]::new)) != 0) {
            throw new IllegalStateException(messages.toString());
        }
    }
}
