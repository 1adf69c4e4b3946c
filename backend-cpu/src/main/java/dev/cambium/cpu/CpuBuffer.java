package dev.cambium.cpu;

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
    private final Program.Place place;
    private boolean closed;

    CpuBuffer(CpuBackend backend, NdArray initial, Products products) {
        this.backend = backend;
        type = initial.type();
        Object array = Convert.array(type.dtype(), Math.toIntExact(type.shape().size()) + Alignment.LINE);
        place = new Program.Place(array, type.dtype() == DType.FLOAT32 ? products.lineStart((float[]) array) : 0);
        Convert.copyIn(initial, array, place.offset());
    }

    Program.Place place() {
        requireOpen();
        return place;
    }

    @Override
    public TensorType type() {
        return type;
    }

    @Override
    public NdArray read() {
        requireOpen();
        synchronized (backend) {
            return Convert.copyOut(type, place.array(), place.offset());
        }
    }

    @Override
    public void write(NdArray value) {
        requireOpen();
        if (!value.type().equals(type)) {
            throw new IllegalArgumentException("the buffer holds %s, not %s".formatted(type, value.type()));
        }
        synchronized (backend) {
            Convert.copyIn(value, place.array(), place.offset());
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the buffer is closed");
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
