package dev.cambium.models;

import dev.cambium.nn.Initializer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.RandomStream;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/**
 * For weights [out, in, …]: a variance of 2 / (fanIn + fanOut). Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010; PyTorch's {@code xavier_uniform_} and {@code xavier_normal_}.
 *
 * @param distribution
 *            what the values are drawn from
 */
@Part(name = "glorot", description = "keeps the variance forwards and backwards (Glorot and Bengio, 2010)")
public record Glorot(@Setting(doc = "uniform or normal", defaultValue = "uniform") Distribution distribution)
        implements Initializer {
    @Override
    public Tensor value(TensorType type, RandomStream random) {
        Fans fans = Fans.of(type);
        return distribution.initializer(Math.sqrt(2.0 / (fans.in() + fans.out()))).value(type, random);
    }
}
