package dev.cambium.backend;

import static dev.cambium.Stability.Level.EXPERIMENTAL;

import java.util.Map;
import java.util.SequencedMap;

import dev.cambium.Stability;
import dev.cambium.tensor.NdArray;

/** A compiled graph, bound to its variables. Runs of one executable, and of others over the same variables, happen one after another. */
@Stability(value = EXPERIMENTAL, since = "0.1")
public interface Executable extends AutoCloseable {
    /**
     * Computes the outputs, then replaces the values of the variables that the graph updates. A run that fails updates none of them,
     * and the executable can be run again.
     *
     * @param inputs
     *            a value of the right type for each input of the graph, by name; others are passed over
     * @return the outputs by name, in the graph's order
     * @throws IllegalArgumentException
     *             if an input is missing or of the wrong type
     * @throws dev.cambium.CambiumException
     *             if the values themselves are at fault, an index outside its table or an integer divisor of zero; the message names
     *             the {@linkplain dev.cambium.tensor.Tensor#path() path} of the layer
     * @throws IllegalStateException
     *             if the executable or the buffer of one of its variables is closed
     */
    SequencedMap<String, NdArray> run(Map<String, NdArray> inputs);

    /** Releases what the executable holds; closing twice does nothing. */
    @Override
    void close();
}
