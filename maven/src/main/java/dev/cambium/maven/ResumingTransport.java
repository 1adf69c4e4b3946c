package dev.cambium.maven;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.spi.connector.transport.GetTask;
import org.eclipse.aether.spi.connector.transport.PeekTask;
import org.eclipse.aether.spi.connector.transport.PutTask;
import org.eclipse.aether.spi.connector.transport.TransportListener;
import org.eclipse.aether.spi.connector.transport.Transporter;
import org.eclipse.aether.spi.connector.transport.TransporterFactory;
import org.eclipse.aether.transfer.NoTransporterException;
import org.eclipse.aether.transfer.TransferCancelledException;

/**
 * Another transport whose downloads of jars go on where they were interrupted, even if the process was killed. The resolver can
 * resume a download, but since its version 2 never asks for it and drops what had come; this keeps a copy of what comes until
 * all of it is there. What goes on with a file that has changed meanwhile gets a wrong checksum, and the next download begins
 * afresh.
 */
final class ResumingTransport implements TransporterFactory {
    private final TransporterFactory transport;
    private final Path unfinished;

    /** Keeps what has come in this folder. */
    ResumingTransport(TransporterFactory transport, Path unfinished) {
        this.transport = transport;
        this.unfinished = unfinished;
    }

    @Override
    public Transporter newInstance(RepositorySystemSession session, RemoteRepository repository)
            throws NoTransporterException {
        return new Resuming(transport.newInstance(session, repository), unfinished);
    }

    @Override
    public float getPriority() {
        return transport.getPriority();
    }

    private record Resuming(Transporter transporter, Path unfinished) implements Transporter {
        @Override
        public void get(GetTask task) throws Exception {
            String path = task.getLocation().getPath();
            if (task.getDataPath() == null || !path.endsWith(".jar")) {
                transporter.get(task);
                return;
            }
            Path part = unfinished.resolve(path.substring(path.lastIndexOf('/') + 1) + ".part");
            try (FileChannel copy = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                if (copy.tryLock() == null) {
                    throw new IOException("another process is downloading it; wait until that is done");
                }
                while (!got(task, part, copy)) {
                    // The connection broke, but something had come: ask for the rest.
                }
            }
            Files.delete(part);
        }

        /** Downloads what is missing; false if a part of that came before the connection broke. */
        private boolean got(GetTask task, Path part, FileChannel copy) throws Exception {
            long before = copy.size();
            try {
                Files.copy(part, task.getDataPath(), StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.COPY_ATTRIBUTES);
                transporter.get(new GetTask(task.getLocation()).setDataPath(task.getDataPath(), before > 0)
                        .setListener(new Copying(task.getListener(), copy)));
                return true;
            } catch (IOException e) {
                if (copy.size() <= before) {
                    throw e;
                }
                return false;
            }
        }

        @Override
        public int classify(Throwable error) {
            return transporter.classify(error);
        }

        @Override
        public void peek(PeekTask task) throws Exception {
            transporter.peek(task);
        }

        @Override
        public void put(PutTask task) throws Exception {
            transporter.put(task);
        }

        @Override
        public void close() {
            transporter.close();
        }
    }

    /** Copies what comes to a file, from which a later attempt can go on. */
    private static final class Copying extends TransportListener {
        private final TransportListener listener;
        private final FileChannel copy;

        Copying(TransportListener listener, FileChannel copy) {
            this.listener = listener;
            this.copy = copy;
        }

        @Override
        public void transportStarted(long offset, long length) throws TransferCancelledException {
            try {
                copy.truncate(offset).position(offset);
            } catch (IOException e) {
                throw cancelled(e);
            }
            listener.transportStarted(offset, length);
        }

        @Override
        public void transportProgressed(ByteBuffer data) throws TransferCancelledException {
            ByteBuffer written = data.duplicate();
            try {
                while (written.hasRemaining()) {
                    copy.write(written);
                }
            } catch (IOException e) {
                throw cancelled(e);
            }
            listener.transportProgressed(data);
        }

        private static TransferCancelledException cancelled(IOException failure) {
            return new TransferCancelledException("what has come can't be kept: " + failure.getMessage(), failure);
        }
    }
}
