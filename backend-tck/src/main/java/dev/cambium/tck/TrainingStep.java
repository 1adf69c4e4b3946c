package dev.cambium.tck;

import java.util.List;
import java.util.Map;

import dev.cambium.backend.Backend;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Variable;

/**
 * A training step of a small network: forward, backward and Adam.
 *
 * @param name
 *            what the network is
 * @param graph
 *            returns the loss and the network's output, and changes all variables
 * @param inputs
 *            images or rows, and labels
 * @param start
 *            the first values of all variables
 */
public record TrainingStep(String name, Graph graph, Map<String, NdArray> inputs, Map<Variable, NdArray> start) {
    /** Steps of a convolutional network with dropout, a perceptron, one of strided and dilated convolutions, and attention. */
    public static List<TrainingStep> all() {
        return Networks.all();
    }

    /** The outcomes of so many steps over the same inputs. */
    public List<Outcome> run(Backend backend, int steps) {
        return Outcome.ofRuns(backend, graph, inputs, start, steps);
    }

    @Override
    public String toString() {
        return name;
    }
}
