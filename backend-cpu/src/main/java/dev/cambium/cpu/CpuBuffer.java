package dev.cambium.cpu;

import org.jspecify.annotations.Nullable;

import dev.cambium.backend.Buffer;
import dev.cambium.cpu.compiler.Convert;
import dev.cambium.cpu.compiler.Program;
import dev.cambium.cpu.kernels.Alignment;
import dev.cambium.cpu.kernels.Products;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.TensorType;

/** A value in a Java array, row-major, beginning at a cache line. */
final class CpuBuffer implements Buffer {
    private final CpuBackend backend;
    private final TensorType type;
    private Program.@Nullable Place place;

    CpuBuffer(CpuBackend backend, NdArray initial, Products products) {
        this.backend = backend;
        type = initial.type();
        Object array = Convert.array(type.dtype(), Convert.size(type) + Alignment.LINE);
        place = new Program.Place(array, type.dtype() == DType.FLOAT32 ? products.lineStart((float[]) array) : 0);
        Convert.copyIn(initial, array, place.offset());
    }

    boolean isOf(CpuBackend other) {
        return backend == other;
    }

    /** Where the value lies, while the buffer is open. */
    Program.Place place() {
        synchronized (backend) {
            if (place == null) {
                throw new IllegalStateException("the buffer of %s is closed".formatted(type));
            }
            return place;
        }
    }

    /** Throws an {@link IllegalStateException} if the buffer is closed. */
    void requireOpen() {
        place();
    }

    @Override
    public TensorType type() {
        return type;
    }

    @Override
    public NdArray read() {
        synchronized (backend) {
            return Convert.copyOut(type, place().array(), place().offset());
        }
    }

    @Override
    public void write(NdArray value) {
        if (!value.type().equals(type)) {
            throw new IllegalArgumentException("the buffer holds %s, not %s".formatted(type, value.type()));
        }
        synchronized (backend) {
            Convert.copyIn(value, place().array(), place().offset());
        }
    }

    @Override
    public void close() {
        synchronized (backend) {
            if (place != null) {
                place = null;
                backend.count(-1);
            }
        }
    }
}
