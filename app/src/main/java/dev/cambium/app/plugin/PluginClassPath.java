package dev.cambium.app.plugin;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * Stands in for a module layer where the program itself runs from the class path: the classes of a plugin's own jars come before
 * those of the program's libraries, and nothing else of other plugins is seen than of those that it needs.
 */
final class PluginClassPath extends URLClassLoader {
    private final List<PluginClassPath> needed;

    /**
     * A loader.
     *
     * @param jars
     *            of the plugin
     * @param program
     *            loads the platform
     * @param needed
     *            where to look for what neither has
     */
    PluginClassPath(URL[] jars, ClassLoader program, List<PluginClassPath> needed) {
        super(jars, program);
        this.needed = List.copyOf(needed);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        // A second api would have parts that nobody looks for.
        if (name.startsWith("java.") || name.startsWith("dev.cambium.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try {
                return super.findClass(name);
            } catch (ClassNotFoundException _) {
                return super.loadClass(name, resolve);
            }
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        for (PluginClassPath each : needed) {
            try {
                return each.loadClass(name);
            } catch (ClassNotFoundException _) {
                // the next may have it
            }
        }
        return super.findClass(name);
    }

    @Override
    public Enumeration<URL> findResources(String name) throws IOException {
        var found = new ArrayList<>(Collections.list(super.findResources(name)));
        for (PluginClassPath each : needed) {
            found.addAll(Collections.list(each.findResources(name)));
        }
        return Collections.enumeration(found);
    }
}
