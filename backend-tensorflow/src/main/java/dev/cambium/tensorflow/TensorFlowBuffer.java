package dev.cambium.tensorflow;

import java.util.List;

import dev.cambium.backend.Buffer;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.TensorType;

/** A resource variable of TensorFlow. */
final class TensorFlowBuffer implements Buffer {
    private final TensorFlowBackend backend;
    private final GraphSession session;
    private final TensorType type;
    private final Output handle;
    private final Call reading;
    private final Call writing;
    private final Call destroying;
    private boolean closed;

    /**
     * Makes a variable.
     *
     * @param name
     *            a name that no other variable of the backend has
     */
    TensorFlowBuffer(TensorFlowBackend backend, GraphSession session, String name, NdArray initial) {
        this.backend = backend;
        this.session = session;
        type = initial.type();
        int dtype = Elements.code(type.dtype());
        handle = session.op("VarHandleOp", name).type("dtype", dtype).attribute("shape", type.shape())
                .attribute("shared_name", name).build();
        Output read = session.op("ReadVariableOp").input(handle).type("dtype", dtype).build();
        Output value = session.op("Placeholder").type("dtype", dtype).attribute("shape", type.shape()).build();
        Output write = session.op("AssignVariableOp").input(handle, value).build();
        Output destroy = session.op("DestroyResourceOp").input(handle).build();
        reading = new Call(session, List.of(), List.of(read), List.of(type), List.of());
        writing = new Call(session, List.of(value), List.of(), List.of(), List.of(write));
        destroying = new Call(session, List.of(), List.of(), List.of(), List.of(destroy));
        writing.run(List.of(initial));
    }

    boolean isOf(TensorFlowBackend other) {
        return backend == other;
    }

    /** The variable in TensorFlow's graph, while the buffer is open. */
    Output handle() {
        requireOpen();
        return handle;
    }

    /** Throws an {@link IllegalStateException} if the buffer is closed. */
    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the buffer of %s is closed".formatted(type));
        }
    }

    @Override
    public TensorType type() {
        return type;
    }

    @Override
    public NdArray read() {
        synchronized (backend) {
            requireOpen();
            return reading.run(List.of()).get(0);
        }
    }

    @Override
    public void write(NdArray value) {
        if (!value.type().equals(type)) {
            throw new IllegalArgumentException("the buffer holds %s, not %s".formatted(type, value.type()));
        }
        synchronized (backend) {
            requireOpen();
            writing.run(List.of(value));
        }
    }

    @Override
    public void close() {
        synchronized (backend) {
            if (!closed) {
                closed = true;
                destroying.run(List.of());
                reading.close();
                writing.close();
                destroying.close();
                backend.release(session);
            }
        }
    }
}
