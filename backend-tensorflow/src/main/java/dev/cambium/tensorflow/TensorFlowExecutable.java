package dev.cambium.tensorflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.cambium.CambiumException;
import dev.cambium.backend.Executable;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/** A lowered graph in a session, and the buffers that must stay open for it. */
final class TensorFlowExecutable implements Executable {
    /** How TensorFlow's messages name the operation that failed. */
    private static final Pattern FAILED = Pattern.compile("\\{\\{node ([^}]+)\\}\\}");
    /** How they give an index outside a table: {@code indices[1] = 3 is not in [0, 3)}, {@code indices[1] = [3] does not …}. */
    private static final Pattern INDEX = Pattern.compile("indices\\[[\\d,]*\\] = \\[?(-?\\d+)");

    private final TensorFlowBackend backend;
    private final GraphSession session;
    private final SequencedMap<String, TensorType> inputs;
    private final List<String> outputs;
    private final Map<String, Tensor> checked;
    private final List<TensorFlowBuffer> variables;
    private final Call call;
    private boolean closed;

    TensorFlowExecutable(TensorFlowBackend backend, GraphSession session, Graph graph,
            Lowering.Lowered lowered, List<TensorFlowBuffer> variables) {
        this.backend = backend;
        this.session = session;
        this.variables = variables;
        inputs = graph.inputs();
        outputs = List.copyOf(graph.outputs().keySet());
        checked = lowered.checked();
        List<Output> feeds = inputs.keySet().stream().map(lowered.inputs()::get).toList();
        List<TensorType> types = graph.outputs().values().stream().map(Tensor::type).toList();
        call = new Call(session, feeds, lowered.outputs(), types, lowered.targets());
    }

    @Override
    public SequencedMap<String, NdArray> run(Map<String, NdArray> given) {
        var values = new ArrayList<NdArray>();
        inputs.forEach((name, type) -> {
            NdArray value = given.get(name);
            if (value == null || !value.type().equals(type)) {
                throw new IllegalArgumentException("input %s must be %s, but is %s".formatted(name, type,
                        value == null ? "missing" : value.type()));
            }
            values.add(value);
        });
        synchronized (backend) {
            backend.requireOpen();
            if (closed) {
                throw new IllegalStateException("the executable is closed");
            }
            variables.forEach(TensorFlowBuffer::requireOpen);
            List<NdArray> results;
            try {
                results = call.run(values);
            } catch (TensorFlowException e) {
                throw explained(e);
            }
            var named = new LinkedHashMap<String, NdArray>();
            for (int i = 0; i < results.size(); i++) {
                named.put(outputs.get(i), results.get(i));
            }
            return named;
        }
    }

    /** What a failed run means to the user. */
    private RuntimeException explained(TensorFlowException failure) {
        Matcher node = FAILED.matcher(String.valueOf(failure.getMessage()));
        Tensor tensor = node.find() ? checked.get(node.group(1)) : null;
        if (tensor == null) {
            return failure;
        }
        String at = tensor.path().isEmpty() ? "" : tensor.path() + ": ";
        if (tensor.op() instanceof Op.Binary) {
            return new CambiumException(at + "an integer is divided by zero", failure);
        }
        Matcher index = INDEX.matcher(String.valueOf(failure.getMessage()));
        return new CambiumException("%sindex %s is outside the table of %d rows".formatted(at,
                index.find() ? index.group(1) : "", tensor.input(0).shape().dim(0)), failure);
    }

    @Override
    public void close() {
        synchronized (backend) {
            if (!closed) {
                closed = true;
                call.close();
                backend.release(session);
            }
        }
    }
}
