package dev.cambium.backend;

import static dev.cambium.Stability.Level.EXPERIMENTAL;

import dev.cambium.Stability;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.TensorType;

/**
 * A value in a device's memory, in whatever layout the backend likes best. It is read and written between the runs of executables
 * that use it, never within one.
 */
@Stability(value = EXPERIMENTAL, since = "0.1")
public interface Buffer extends AutoCloseable {
    /** The element type and logical shape, known even when the buffer is closed. */
    TensorType type();

    /**
     * A copy of the value.
     *
     * @throws IllegalStateException
     *             if the buffer is closed
     */
    NdArray read();

    /**
     * Replaces the value.
     *
     * @throws IllegalArgumentException
     *             if the type differs
     * @throws IllegalStateException
     *             if the buffer is closed
     */
    void write(NdArray value);

    /** Releases the memory; closing twice does nothing. */
    @Override
    void close();
}
