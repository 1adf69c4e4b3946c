package dev.cambium.app.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.cambium.CambiumException;
import dev.cambium.app.run.FileProblem;
import dev.cambium.app.run.Version;
import dev.cambium.part.Parts;

/**
 * The plugins in a folder. Each entry is one: a jar, or a folder of a jar and its private libraries. Hidden entries, other
 * files and folders without a jar are none, so that the folder of a build will do.
 *
 * @param folder
 *            holds them; need not exist
 */
public record Plugins(Path folder) {
    /** Where they are looked for without a word from the user. */
    public static final String DEFAULT_FOLDER = "plugins";

    /**
     * Loads them, each by itself: what is wrong with one keeps neither the platform nor the others from working, and two may bring
     * two versions of a library. From now on the services of this thread and of those that it starts are looked for in them, too, so
     * that {@link dev.cambium.backend.Backends#discover} finds their backends.
     *
     * @param parts
     *            what the platform has
     * @return that and the parts of the plugins, by the paths of their jars or folders; and what was refused
     * @throws CambiumException
     *             if the folder is there and can't be read
     */
    public Parts addTo(Parts parts) {
        return Files.isDirectory(folder) ? new PluginLoading(Version.current()).load(entries(), parts) : parts;
    }

    private List<Path> entries() {
        var entries = new ArrayList<Path>();
        try {
            for (Path entry : PluginFiles.list(folder, _ -> true)) {
                if (PluginFiles.isJar(entry) || isFolderOfJars(entry)) {
                    entries.add(entry);
                }
            }
            return entries;
        } catch (IOException e) {
            throw new CambiumException("can't read the folder of plugins %s: %s".formatted(folder, FileProblem.of(e)),
                    e);
        }
    }

    private boolean isFolderOfJars(Path entry) throws IOException {
        return Files.isDirectory(entry) && !folder.relativize(entry).toString().startsWith(".")
                && !PluginFiles.list(entry, PluginFiles::isJar).isEmpty();
    }
}
