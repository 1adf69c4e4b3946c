package dev.cambium.peers.djl;

import org.jspecify.annotations.Nullable;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/** Drops whole channels in training; DJL's own {@code Dropout} knows single numbers alone. */
final class ChannelDropout extends AbstractBlock {
    private final float probability;

    ChannelDropout(float probability) {
        this.probability = probability;
    }

    @Override
    protected NDList forwardInternal(ParameterStore parameters, NDList inputs, boolean training,
            @Nullable PairList<String, Object> settings) {
        if (!training) {
            return inputs;
        }
        NDArray x = inputs.singletonOrThrow();
        Shape mask = new Shape(x.getShape().get(0), x.getShape().get(1), 1, 1);
        NDArray kept = x.getManager().randomUniform(0, 1, mask).gte(probability).toType(DataType.FLOAT32, false);
        return new NDList(x.mul(kept.mul(1 / (1 - probability))));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return inputs;
    }
}
