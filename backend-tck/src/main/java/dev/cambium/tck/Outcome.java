package dev.cambium.tck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Executable;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Variable;

/**
 * All that a run of a graph leaves to be seen.
 *
 * @param outputs
 *            what it returned
 * @param variables
 *            the value of each variable after it
 */
public record Outcome(SequencedMap<String, NdArray> outputs, Map<Variable, NdArray> variables) {
    /**
     * Compiles a graph and runs it several times over the same inputs, and closes whatever that takes.
     *
     * @param start
     *            the first value of each variable
     * @return the outcome of each run
     */
    public static List<Outcome> ofRuns(Backend backend, Graph graph, Map<String, NdArray> inputs,
            Map<Variable, NdArray> start, int runs) {
        Map<Variable, Buffer> buffers = new LinkedHashMap<>();
        try {
            start.forEach((variable, value) -> buffers.put(variable, backend.buffer(value)));
            try (Executable executable = backend.compile(graph, buffers)) {
                var outcomes = new ArrayList<Outcome>();
                for (int i = 0; i < runs; i++) {
                    SequencedMap<String, NdArray> outputs = executable.run(inputs);
                    Map<Variable, NdArray> variables = new HashMap<>();
                    buffers.forEach((variable, buffer) -> variables.put(variable, buffer.read()));
                    outcomes.add(new Outcome(outputs, variables));
                }
                return outcomes;
            }
        } finally {
            buffers.values().forEach(Buffer::close);
        }
    }

    /** One of the outputs. */
    public NdArray output(String name) {
        return Objects.requireNonNull(outputs.get(name), () -> "no output is named " + name);
    }

    /** The value of one of the variables. */
    public NdArray variable(Variable variable) {
        return Objects.requireNonNull(variables.get(variable), () -> "no value for " + variable);
    }
}
