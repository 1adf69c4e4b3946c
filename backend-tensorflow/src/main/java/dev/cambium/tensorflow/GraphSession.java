package dev.cambium.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_CloseSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteGraph;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteSessionOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewGraph;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewSessionOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetConfig;

import org.bytedeco.javacpp.BytePointer;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;

/**
 * A TensorFlow graph and the session that runs parts of it. Operations may be added between runs. Not safe for use by several
 * threads: the backend's lock guards it.
 *
 * <p>
 * It and the classes beside it call TensorFlow's C interface. TensorFlow's Java classes above that reach for memory through
 * {@code sun.misc.Unsafe}, of which a JDK warns on the terminal, and leave native memory to the garbage collector.
 */
final class GraphSession implements AutoCloseable {
    private final Status status = new Status();
    private final TF_Graph graph = TF_NewGraph();
    private final TF_Session session;
    private int operations;

    /**
     * An empty graph and its session.
     *
     * @param config
     *            a serialized {@code ConfigProto}
     */
    GraphSession(byte[] config) {
        TF_SessionOptions options = TF_NewSessionOptions();
        try (BytePointer bytes = new BytePointer(config)) {
            TF_SetConfig(options, bytes, config.length, status.pointer());
            status.check();
            session = TF_NewSession(graph, options, status.pointer());
            status.check();
        } finally {
            TF_DeleteSessionOptions(options);
        }
    }

    TF_Session pointer() {
        return session;
    }

    Status status() {
        return status;
    }

    /** Begins a new operation, under a name of its own. */
    OpBuilder op(String type) {
        return op(type, type + "_" + operations++);
    }

    /** Begins a new operation under a name that no other has. */
    OpBuilder op(String type, String name) {
        return new OpBuilder(graph, status, type, name);
    }

    /** The name of an operation, as TensorFlow's messages have it. */
    String name(Output output) {
        return TF_OperationName(output.operation()).getString();
    }

    @Override
    public void close() {
        TF_CloseSession(session, status.pointer());
        TF_DeleteSession(session, status.pointer());
        TF_DeleteGraph(graph);
        status.close();
    }
}
