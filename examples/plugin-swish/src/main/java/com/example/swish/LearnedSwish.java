package com.example.swish;

import java.util.Arrays;
import java.util.List;

import dev.cambium.nn.Context;
import dev.cambium.nn.Initializer;
import dev.cambium.nn.Layer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.ShapeException;
import dev.cambium.tensor.Tensor;

/**
 * Swish, x · σ(β x), with a slope β learned for each channel, the axis behind the batch (Ramachandran, Zoph and Le, "Searching for
 * activation functions", 2017). It owns {@code slope} [channels].
 */
@Part(name = "learned-swish", description = "x · sigmoid(slope · x), the slope learned for each channel")
public record LearnedSwish(
        @Setting(doc = "the slope at first; 1 is SiLU, large ones come close to ReLU", defaultValue = "1") double slope)
        implements Layer {
    @Override
    public Tensor forward(Tensor input, Context cx) {
        if (input.shape().rank() < 2) {
            throw new ShapeException("learned-swish: inputs [n, channels, …] are wanted, not " + input.type());
        }
        int channels = input.shape().dim(1);
        int[] alongChannels = new int[input.shape().rank()];
        Arrays.fill(alongChannels, 1);
        alongChannels[1] = channels;
        Tensor slopes = cx.parameter("slope", Shape.of(channels), Initializer.constant(slope)).reshape(alongChannels)
                .broadcastTo(input.shape());
        return Tensor.region("learned_swish", List.of(input, slopes), in -> in.get(0).mul(gate(in)),
                (in, output, gradient) -> {
                    Tensor gate = gate(in);
                    // Of x σ(βx): by x it is σ + β x σ (1 − σ), by β it is x² σ (1 − σ), and x σ is the output.
                    Tensor steepness = output.mul(gate.neg().add(1));
                    return List.of(gradient.mul(gate.add(in.get(1).mul(steepness))),
                            gradient.mul(in.get(0).mul(steepness)));
                });
    }

    private static Tensor gate(List<Tensor> in) {
        return in.get(0).mul(in.get(1)).sigmoid();
    }
}
