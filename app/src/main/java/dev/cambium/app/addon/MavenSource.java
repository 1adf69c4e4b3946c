package dev.cambium.app.addon;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;

import dev.cambium.CambiumException;
import dev.cambium.data.DataProgress;

/**
 * The user's Maven repositories, by the jars of module {@code maven}, which are loaded for one call: they share packages, so that
 * they can't lie on the module path, and no other command needs them.
 *
 * @param jars
 *            the folder with those jars
 */
public record MavenSource(Path jars) implements ArtifactSource {
    @Override
    @SuppressWarnings("unchecked") // as MavenArtifacts.fetch says
    public List<Path> fetch(List<String> coordinates, Path unfinished, DataProgress progress) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (var maven = new Jars(jars).classPath(MavenSource.class.getClassLoader())) {
            thread.setContextClassLoader(maven);
            return (List<Path>) maven.loadClass("dev.cambium.maven.MavenArtifacts")
                    .getMethod("fetch", List.class, Path.class, DataProgress.class)
                    .invoke(null, coordinates, unfinished, progress);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof CambiumException told) {
                throw told;
            }
            throw new IllegalStateException("Maven's resolver failed", e.getCause());
        } catch (ReflectiveOperationException | IOException e) {
            throw new CambiumException("nothing can be fetched: %s does not hold Cambium's Maven library (%s)"
                    .formatted(jars, e), e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
