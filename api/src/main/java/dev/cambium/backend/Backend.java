package dev.cambium.backend;

import java.util.Map;

import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Variable;

/**
 * An open backend on one device: it holds values in its memory and compiles graphs to run over them. All methods may be called
 * from several threads.
 */
public interface Backend extends AutoCloseable {
    /** The name of its provider, such as {@code cpu}. */
    String name();

    /** The device that it was opened on. */
    Device device();

    /**
     * Memory on the device that starts with the given values.
     *
     * @throws dev.cambium.CambiumException
     *             if the device has no room for it
     */
    Buffer buffer(NdArray initial);

    /**
     * Compiles a graph.
     *
     * @param graph
     *            what to compute
     * @param variables
     *            where the graph's variables live: a buffer of this backend, of the variable's type, for each. They must stay open
     *            while the executable is; several executables may share them.
     * @throws IllegalArgumentException
     *             if a variable has no buffer, or one of another type
     */
    Executable compile(Graph graph, Map<Variable, ? extends Buffer> variables);

    /** Releases the device. Buffers and executables must be closed before; closing twice does nothing. */
    @Override
    void close();
}
