package dev.cambium.data;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;

import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.TensorType;

/** Examples that are one batch themselves. */
record InMemory(Batch all, List<String> classNames) implements Examples {
    @Override
    public int size() {
        return all.size();
    }

    @Override
    public TensorType inputType() {
        return one(all.inputs());
    }

    @Override
    public TensorType targetType() {
        return one(all.targets());
    }

    @Override
    public Batch batch(int epoch, int... indices) {
        return new Batch(pick(all.inputs(), indices), pick(all.targets(), indices));
    }

    private static TensorType one(NdArray stacked) {
        return new TensorType(stacked.dtype(), stacked.shape().dropFirst());
    }

    private static NdArray pick(NdArray stacked, int... indices) {
        int count = stacked.shape().dim(0);
        long size = stacked.segment().byteSize() / count;
        MemorySegment picked = Arena.ofAuto().allocate(size * indices.length, Long.BYTES);
        for (int i = 0; i < indices.length; i++) {
            long from = size * Objects.checkIndex(indices[i], count);
            MemorySegment.copy(stacked.segment(), from, picked, size * i, size);
        }
        return NdArray.of(new TensorType(stacked.dtype(), one(stacked).shape().prepend(indices.length)), picked);
    }
}
