package dev.cambium.tensorflow;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
    private int users;
    private int buffers;
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
        return new TensorFlowBuffer(this, share(), "variable_" + buffers++, initial);
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
        boolean own = bound.isEmpty();
        GraphSession session = own ? new GraphSession(config) : share();
        try {
            Lowering.Lowered lowered = Lowering.lower(graph, session, handles);
            return new TensorFlowExecutable(this, session, own, graph, lowered, List.copyOf(bound.values()));
        } catch (RuntimeException e) {
            release(session, own);
            throw e;
        }
    }

    /** The session of all variables, with one user more. */
    private GraphSession share() {
        if (shared == null) {
            shared = new GraphSession(config);
        }
        users++;
        return shared;
    }

    /** Gives up a session. */
    void release(GraphSession session, boolean own) {
        if (own) {
            session.close();
        } else if (--users == 0) {
            Objects.requireNonNull(shared).close();
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
        closed = true;
    }
}
