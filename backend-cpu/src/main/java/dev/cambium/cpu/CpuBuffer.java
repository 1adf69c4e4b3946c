package dev.cambium.cpu;

import org.jspecify.annotations.Nullable;

import dev.cambium.backend.Buffer;
import dev.cambium.cpu.compiler.VariableArray;
import dev.cambium.cpu.kernels.Products;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.TensorType;

/** A variable's value, while it is open. */
final class CpuBuffer implements Buffer {
    private final CpuBackend backend;
    private final TensorType type;
    private @Nullable VariableArray elements;

    CpuBuffer(CpuBackend backend, NdArray initial, Products products) {
        this.backend = backend;
        type = initial.type();
        elements = VariableArray.of(initial, products);
    }

    boolean isOf(CpuBackend other) {
        return backend == other;
    }

    /** The value; it throws an {@link IllegalStateException} if the buffer is closed. */
    VariableArray elements() {
        synchronized (backend) {
            if (elements == null) {
                throw new IllegalStateException("the buffer of %s is closed".formatted(type));
            }
            return elements;
        }
    }

    @Override
    public TensorType type() {
        return type;
    }

    @Override
    public NdArray read() {
        synchronized (backend) {
            return elements().read();
        }
    }

    @Override
    public void write(NdArray value) {
        if (!value.type().equals(type)) {
            throw new IllegalArgumentException("the buffer holds %s, not %s".formatted(type, value.type()));
        }
        synchronized (backend) {
            elements().write(value);
        }
    }

    @Override
    public void close() {
        synchronized (backend) {
            if (elements != null) {
                elements = null;
                backend.count(-1);
            }
        }
    }
}
