package dev.cambium.app.addon;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder of jars. */
record Jars(Path folder) {
    /** In the order of their names. */
    List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    /** A class path of them all. */
    URLClassLoader classPath(ClassLoader parent) throws IOException {
        List<Path> files = files();
        var urls = new URL[files.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = files.get(i).toUri().toURL();
        }
        return new URLClassLoader(urls, parent);
    }
}
