package dev.cambium.maven;

import java.net.UnknownHostException;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.http.client.HttpResponseException;
import org.eclipse.aether.RepositoryException;
import org.eclipse.aether.repository.ArtifactRepository;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.spi.connector.transport.http.HttpTransporterException;
import org.eclipse.aether.transfer.ArtifactNotFoundException;
import org.eclipse.aether.transfer.ChecksumFailureException;
import org.eclipse.aether.transfer.RepositoryOfflineException;
import org.jspecify.annotations.Nullable;

import dev.cambium.CambiumException;

/** The resolver's nested exceptions as a message: what could not be had, from which repository, why, and what to do. */
final class FetchFailure {
    private FetchFailure() {}

    static CambiumException of(RepositoryException failure) {
        String message = causes(failure).filter(ArtifactResolutionException.class::isInstance)
                .flatMap(cause -> ((ArtifactResolutionException) cause).getResults().stream())
                .filter(result -> !result.isResolved()).findFirst().map(FetchFailure::describe)
                .orElseGet(() -> "can't fetch what is needed: " + reason(failure));
        return new CambiumException(message, failure);
    }

    private static String describe(ArtifactResult result) {
        return result.getMappedExceptions().entrySet().stream()
                .filter(entry -> entry.getKey() instanceof RemoteRepository)
                .map(entry -> "%s: %s".formatted(name(entry.getKey()), reason(entry.getValue().getLast())))
                .collect(Collectors.joining("\n  ",
                        "can't fetch %s:\n  ".formatted(result.getRequest().getArtifact()), ""));
    }

    private static String name(ArtifactRepository repository) {
        return repository instanceof RemoteRepository remote
                ? "repository '%s' (%s)".formatted(remote.getId(), remote.getUrl())
                : "repository '%s'".formatted(repository.getId());
    }

    private static String reason(Throwable failure) {
        Throwable root = causes(failure).reduce((_, cause) -> cause).orElse(failure);
        return causes(failure).map(FetchFailure::known).filter(Objects::nonNull).reduce((_, deeper) -> deeper)
                .orElseGet(() -> "%s; check the network and try again: what has come so far is kept"
                        .formatted(Objects.requireNonNullElse(root.getMessage(), root.toString())));
    }

    private static @Nullable String known(Throwable failure) {
        return switch (failure) {
            case RepositoryOfflineException _ ->
                    "Maven's settings say offline; remove <offline> from settings.xml for this once";
            case ChecksumFailureException e when e.getExpected().isEmpty() ->
                    "it has no checksum, so that nobody can tell whether it is whole; tell those who run the repository";
            case ChecksumFailureException e ->
                    "the file is damaged or not the one published: its checksum is %s, not %s; try again or tell those who run the repository"
                            .formatted(e.getActual(), e.getExpected());
            case ArtifactNotFoundException _ ->
                    "it is not there; see whether this repository mirrors all that it should";
            case UnknownHostException e ->
                    "the host %s is unknown; check the network, and the mirrors and proxies in Maven's settings.xml"
                            .formatted(e.getMessage());
            case HttpTransporterException e -> status(e.getStatusCode());
            case HttpResponseException e -> status(e.getStatusCode());
            default -> null;
        };
    }

    private static String status(int code) {
        return switch (code) {
            case 401, 403 -> "access is refused (HTTP %d); check <servers> in Maven's settings.xml".formatted(code);
            case 407 -> "the proxy wants a password (HTTP 407); check <proxies> in Maven's settings.xml";
            default -> "it answers with HTTP status %d; try again later".formatted(code);
        };
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }
}
