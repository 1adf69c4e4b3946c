package dev.cambium.testkit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.Variable;

/** The values of variables on a backend, released together. */
final class Buffers implements AutoCloseable {
    private final Map<Variable, Buffer> buffers = new LinkedHashMap<>();

    Buffers(Backend backend, Map<Variable, NdArray> values) {
        values.forEach((variable, value) -> buffers.put(variable, backend.buffer(value)));
    }

    /** The variable that a tensor reads. */
    static Variable variable(Tensor read) {
        return ((Op.ReadVariable) read.op()).variable();
    }

    Map<Variable, Buffer> all() {
        return buffers;
    }

    NdArray read(Variable variable) {
        return get(variable).read();
    }

    void write(Variable variable, NdArray value) {
        get(variable).write(value);
    }

    private Buffer get(Variable variable) {
        return Objects.requireNonNull(buffers.get(variable));
    }

    @Override
    public void close() {
        buffers.values().forEach(Buffer::close);
    }
}
