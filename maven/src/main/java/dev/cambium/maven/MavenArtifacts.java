package dev.cambium.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.aether.ConfigurationProperties;
import org.eclipse.aether.RepositoryException;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession.CloseableSession;
import org.eclipse.aether.RepositorySystemSession.SessionBuilder;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.repository.RepositoryPolicy;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.spi.connector.transport.TransporterFactory;
import org.eclipse.aether.supplier.RepositorySystemSupplier;
import org.eclipse.aether.supplier.SessionBuilderSupplier;

import dev.cambium.CambiumException;
import dev.cambium.data.DataProgress;

/** Jars and what they need, from the user's Maven repositories, by Maven's own resolver. */
public final class MavenArtifacts {
    private MavenArtifacts() {}

    /**
     * Fetches artifacts with all that they need at run time into the user's local repository, unless they are there. Checksums are
     * verified, and one that is missing counts as wrong.
     *
     * @param coordinates
     *            {@code group:artifact[:extension[:classifier]]:version} of each
     * @param unfinished
     *            a folder for what has come of interrupted downloads, which go on from there; created when needed
     * @param progress
     *            told about what is downloaded
     * @return the files of the artifacts and of what they need
     * @throws CambiumException
     *             if Maven's settings can't be read or something can't be had; the message says from which repository, why, and
     *             what to do
     */
    public static List<Path> fetch(List<String> coordinates, Path unfinished, DataProgress progress) {
        return fetch(coordinates, unfinished, progress, MavenSettings.ofUser());
    }

    static List<Path> fetch(List<String> coordinates, Path unfinished, DataProgress progress, MavenSettings settings) {
        try {
            Files.createDirectories(unfinished);
        } catch (IOException e) {
            throw new CambiumException("can't create the folder %s: %s".formatted(unfinished, e.getMessage()), e);
        }
        try (RepositorySystem system = new Resolver(unfinished).get();
                CloseableSession session = session(system, settings, progress)) {
            var closure = new CollectRequest();
            coordinates.forEach(each -> closure
                    .addDependency(new Dependency(new DefaultArtifact(each), "runtime")));
            closure.setRepositories(system.newResolutionRepositories(session, settings.repositories()));
            return system.resolveDependencies(session, new DependencyRequest(closure, null)).getArtifactResults()
                    .stream().map(ArtifactResult::getArtifact).map(artifact -> artifact.getPath()).toList();
        } catch (RepositoryException e) {
            throw FetchFailure.of(e);
        }
    }

    private static CloseableSession session(RepositorySystem system, MavenSettings settings, DataProgress progress) {
        SessionBuilder session = new SessionBuilderSupplier(system).get();
        settings.configure(session);
        return session.withLocalRepositoryBaseDirectories(settings.localRepository())
                .setChecksumPolicy(RepositoryPolicy.CHECKSUM_POLICY_FAIL).setTransferListener(new Transfers(progress))
                .setConfigProperty(ConfigurationProperties.USER_AGENT, "cambium")
                // One after the other, so that the progress shown is that of one file.
                .setConfigProperty("aether.connector.basic.threads", 1)
                // A list of what a repository holds, which Maven 3 does not ask for either.
                .setConfigProperty("aether.remoteRepositoryFilter.prefixes", false).build();
    }

    /** Maven's resolver, whose downloads go on where they were interrupted. */
    private static final class Resolver extends RepositorySystemSupplier {
        private final Path unfinished;

        Resolver(Path unfinished) {
            this.unfinished = unfinished;
        }

        @Override
        protected Map<String, TransporterFactory> createTransporterFactories() {
            var factories = new HashMap<>(super.createTransporterFactories());
            factories.replaceAll((_, factory) -> new ResumingTransport(factory, unfinished));
            return factories;
        }
    }
}
