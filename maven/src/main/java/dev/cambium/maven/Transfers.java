package dev.cambium.maven;

import java.nio.file.Path;
import java.util.Objects;

import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;
import org.eclipse.aether.transfer.TransferResource;

import dev.cambium.data.DataProgress;

/** Tells of the jars that are downloaded; the descriptions (POMs) are too small to be worth a line. */
final class Transfers extends AbstractTransferListener {
    private final DataProgress progress;

    Transfers(DataProgress progress) {
        this.progress = progress;
    }

    @Override
    public void transferInitiated(TransferEvent event) {
        if (isJar(event)) {
            progress.note("Fetching %s from %s".formatted(name(event), event.getResource().getRepositoryUrl()));
        }
    }

    @Override
    public void transferStarted(TransferEvent event) {
        if (isJar(event) && event.getTransferredBytes() > 0) {
            progress.note("Going on after %,d bytes of an earlier download".formatted(event.getTransferredBytes()));
        }
    }

    @Override
    public void transferProgressed(TransferEvent event) {
        if (isJar(event)) {
            progress.transferred(name(event), event.getTransferredBytes(), event.getResource().getContentLength());
        }
    }

    private static boolean isJar(TransferEvent event) {
        return event.getResource().getResourceName().endsWith(".jar");
    }

    private static String name(TransferEvent event) {
        TransferResource resource = event.getResource();
        return Objects.requireNonNull(Path.of(resource.getResourceName()).getFileName()).toString();
    }
}
