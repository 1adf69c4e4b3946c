package dev.cambium.app.plugin;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleDescriptor.Version;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.reflect.ClassFileFormatVersion;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import dev.cambium.CambiumException;
import dev.cambium.part.PartProvider;

/**
 * What one plugin brings, read and found to fit this platform, but not loaded.
 *
 * @param place
 *            its jar, or the folder of its jar and its private libraries
 * @param jars
 *            all of them
 * @param modules
 *            those of the jars, by name, but for such as are the platform's own
 */
record PluginFiles(Path place, List<Path> jars, Map<String, ModuleReference> modules) {
    private static final String API = "cambium.api";
    private static final String API_VERSION = "Cambium-Api-Version";
    private static final Pattern VERSION = Pattern.compile("((\\d+)\\.(\\d+)(?:\\.\\d+)*)(?:-.*)?");
    /** The modules that the program consists of. */
    private static final Set<String> PROGRAM = programModules();
    /** That of class files of Java 1. */
    private static final int FIRST_MAJOR = 44;

    /**
     * Reads a plugin.
     *
     * @param platform
     *            the version of this platform
     * @throws CambiumException
     *             if it doesn't fit
     * @throws IOException
     *             if a file of it can't be read
     * @throws java.lang.module.FindException
     *             if two of its jars are one module, or one is none
     */
    static PluginFiles read(Path place, String platform) throws IOException {
        List<Path> jars = Files.isDirectory(place) ? list(place, PluginFiles::isJar) : List.of(place);
        for (Path jar : jars) {
            checkClassFiles(jar);
        }
        Map<String, ModuleReference> modules = ModuleFinder.of(place).findAll().stream()
                .filter(module -> !isPlatform(module.descriptor().name())).collect(Collectors
                        .toMap(module -> module.descriptor().name(), Function.identity(), (a, _) -> a, TreeMap::new));
        if (modules.isEmpty()) {
            throw new CambiumException("it holds nothing but what Cambium has already; delete it");
        }
        for (ModuleReference module : modules.values()) {
            Optional<String> built = builtFor(module);
            if (built.isPresent()) {
                checkVersion(built.get(), platform);
            }
        }
        return new PluginFiles(place, jars, modules);
    }

    /** The entries of a folder that are wanted, in the order of their names. */
    static List<Path> list(Path folder, Predicate<Path> wanted) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(wanted).sorted().toList();
        }
    }

    static boolean isJar(Path file) {
        return file.toString().endsWith(".jar") && Files.isRegularFile(file);
    }

    /** A second api would have parts that nobody looks for. */
    private static boolean isPlatform(String module) {
        return module.startsWith("cambium.") && PROGRAM.contains(module);
    }

    /** Those of its layer and, where it runs from the class path, those that jars there would be. */
    private static Set<String> programModules() {
        var names = ModuleLayer.boot().modules().stream().map(Module::getName).collect(Collectors.toSet());
        try {
            for (URL file : Collections.list(PluginFiles.class.getClassLoader().getResources("module-info.class"))) {
                try (InputStream descriptor = file.openStream()) {
                    names.add(ModuleDescriptor.read(descriptor).name());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    // ---- whether it fits

    private static void checkClassFiles(Path jar) throws IOException {
        int newest = ClassFileFormatVersion.latest().major();
        try (var file = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : file.stream().toList()) {
                // Below META-INF/versions lies what only a newer Java looks at.
                if (!entry.getName().endsWith(".class") || entry.getName().startsWith("META-INF/")) {
                    continue;
                }
                try (var in = new DataInputStream(file.getInputStream(entry))) {
                    in.skipNBytes(Integer.BYTES + Short.BYTES);
                    int major = in.readUnsignedShort();
                    if (major > newest) {
                        throw new CambiumException(
                                "%s in %s needs Java %d, and this is Java %d; run Cambium with Java %3$d, or have the plugin built for Java %4$d"
                                        .formatted(entry.getName(), jar.getFileName(), major - FIRST_MAJOR,
                                                newest - FIRST_MAJOR));
                    }
                }
            }
        }
    }

    /** What javac wrote down or, for a jar without a descriptor, its maker. */
    private static Optional<String> builtFor(ModuleReference module) throws IOException {
        ModuleDescriptor descriptor = module.descriptor();
        if (!descriptor.isAutomatic()) {
            return descriptor.requires().stream().filter(each -> each.name().equals(API)).findFirst()
                    .flatMap(Requires::rawCompiledVersion);
        }
        try (var jar = new JarFile(Path.of(module.location().orElseThrow()).toFile())) {
            return Optional.ofNullable(jar.getManifest())
                    .map(manifest -> manifest.getMainAttributes().getValue(API_VERSION));
        }
    }

    /** The same major version and, while that is 0, the same minor one; and none from the future. */
    private static void checkVersion(String built, String platform) {
        Matcher theirs = VERSION.matcher(built);
        Matcher ours = VERSION.matcher(platform);
        if (!theirs.matches() || !ours.matches()) {
            throw new CambiumException(
                    "it says that it was built for version '%s' of Cambium's api, which is none; a version is like %s"
                            .formatted(built, platform));
        }
        boolean same = theirs.group(2).equals(ours.group(2))
                && (!ours.group(2).equals("0") || theirs.group(3).equals(ours.group(3)));
        // A snapshot is on its way to its version, and counts as that.
        if (!same || Version.parse(theirs.group(1)).compareTo(Version.parse(ours.group(1))) > 0) {
            throw new CambiumException(
                    "it was built for version %s of Cambium's api, and this is Cambium %s; get the plugin for this version, or that version of Cambium"
                            .formatted(built, platform));
        }
    }

    // ---- what it asks for and offers

    /** The modules that it can't do without and does not bring, but for those of the program and of Java. */
    Set<String> needs() {
        return modules.values().stream().flatMap(module -> module.descriptor().requires().stream())
                .filter(each -> !each.modifiers().contains(Requires.Modifier.STATIC)).map(Requires::name)
                .filter(name -> !modules.containsKey(name) && !PROGRAM.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The classes that provide parts. */
    List<String> providers() {
        return modules.values().stream().flatMap(module -> module.descriptor().provides().stream())
                .filter(each -> each.service().equals(PartProvider.class.getName()))
                .flatMap(each -> each.providers().stream()).toList();
    }

    /** Its modules alone. */
    ModuleFinder finder() {
        return new ModuleFinder() {
            @Override
            public Optional<ModuleReference> find(String name) {
                return Optional.ofNullable(modules.get(name));
            }

            @Override
            public Set<ModuleReference> findAll() {
                return Set.copyOf(modules.values());
            }
        };
    }
}
