package dev.cambium.tensorflow;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Device;
import dev.cambium.backend.Executable;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Variable;

/**
 * TensorFlow on one device. It is the lock that all calls of TensorFlow take, so that they happen one after another.
 *
 * <p>
 * A session's variables are its own, so all graphs with variables share one session, whose TensorFlow graph grows with each; when
 * nothing uses it any more it is closed, and the next buffer begins a new one. A graph without variables has a session to itself.
 */
final class TensorFlowBackend implements Backend {
    private final Device device;
    private final byte[] config;
    private @Nullable GraphSession shared;
    /** The number of buffers and executables that use the shared session. */
    private int sharers;
    /** The number of all that are open. */
    private int open;
    /** The number of buffers that there ever were, for their names. */
    private int named;
    private boolean closed;

    TensorFlowBackend(Device device, byte[] config) {
        this.device = device;
        this.config = config;
    }

    @Override
    public String name() {
        return TensorFlowBackendProvider.NAME;
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public synchronized Buffer buffer(NdArray initial) {
        requireOpen();
        GraphSession session = session(true);
        try {
            return new TensorFlowBuffer(this, session, "variable_" + named++, initial);
        } catch (RuntimeException e) {
            release(session);
            throw e;
        }
    }

    @Override
    public synchronized Executable compile(Graph graph, Map<Variable, ? extends Buffer> variables) {
        requireOpen();
        var handles = new HashMap<Variable, Output>();
        var bound = new HashMap<Variable, TensorFlowBuffer>();
        for (Variable variable : graph.variables()) {
            if (!(variables.get(variable) instanceof TensorFlowBuffer buffer) || !buffer.isOf(this)) {
                throw new IllegalArgumentException("variable " + variable.name() + " has no buffer of this backend");
            }
            if (!buffer.type().equals(variable.type())) {
                throw new IllegalArgumentException(
                        "variable %s is %s, but its buffer holds %s".formatted(variable.name(),
                                variable.type(), buffer.type()));
            }
            bound.put(variable, buffer);
            handles.put(variable, buffer.handle());
        }
        GraphSession session = session(!bound.isEmpty());
        try {
            Lowering.Lowered lowered = Lowering.lower(graph, session, handles);
            return new TensorFlowExecutable(this, session, graph, lowered, List.copyOf(bound.values()));
        } catch (RuntimeException e) {
            release(session);
            throw e;
        }
    }

    /** A session for a buffer or an executable, which gives it back when it closes: that of all variables, or a new one. */
    private GraphSession session(boolean variables) {
        GraphSession session = variables && shared != null ? shared : new GraphSession(config);
        open++;
        if (variables) {
            shared = session;
            sharers++;
        }
        return session;
    }

    /** Takes a session back from a buffer or an executable that closes. */
    void release(GraphSession session) {
        open--;
        if (session != shared) {
            session.close();
        } else if (--sharers == 0) {
            session.close();
            shared = null;
        }
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the backend is closed");
        }
    }

    @Override
    public synchronized void close() {
        if (open > 0) {
            throw new IllegalStateException(
                    "%d buffers or executables of the backend are still open; close them first".formatted(open));
        }
        closed = true;
    }
}
