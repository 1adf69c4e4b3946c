package dev.cambium.backend;

import static dev.cambium.Stability.Level.EXPERIMENTAL;

import java.util.Map;
import java.util.Optional;

import dev.cambium.Stability;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Variable;

/**
 * An open backend on one device: it holds values in its memory and compiles graphs to run over them. All methods may be called
 * from several threads.
 */
@Stability(value = EXPERIMENTAL, since = "0.1")
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
     * @throws IllegalStateException
     *             if the backend is closed
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
     *             if a variable has no buffer, or one of another type or of another backend
     * @throws IllegalStateException
     *             if the backend or the buffer of a variable is closed
     */
    Executable compile(Graph graph, Map<Variable, ? extends Buffer> variables);

    /**
     * Measures where executables spend their time, all that are compiled after the first call. Their results stay as they are, to the
     * bit; each call of a kernel is timed, which makes runs slower by some 0.1 µs for each.
     *
     * @return gives what was measured; empty if the backend can't measure
     * @throws IllegalStateException
     *             if the backend is closed
     */
    default Optional<Profiler> profiler() {
        return Optional.empty();
    }

    /**
     * Releases the device, once all buffers and executables are closed; closing twice does nothing.
     *
     * @throws IllegalStateException
     *             if a buffer or an executable is still open. The backend stays as it is, so that they can be closed.
     */
    @Override
    void close();
}
