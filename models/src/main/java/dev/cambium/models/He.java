package dev.cambium.models;

import dev.cambium.nn.Initializer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.RandomStream;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/**
 * For weights [out, in, …] in front of a ReLU: a variance of 2 / fanIn. He et al., "Delving deep into rectifiers", 2015; PyTorch's {@code kaiming_uniform_} and {@code kaiming_normal_}.
 *
 * @param distribution
 *            what the values are drawn from
 */
@Part(name = "he", description = "keeps the variance behind a ReLU (He et al., 2015)")
public record He(@Setting(doc = "uniform or normal", defaultValue = "uniform") Distribution distribution)
        implements Initializer {
    @Override
    public Tensor value(TensorType type, RandomStream random) {
        return distribution.initializer(Math.sqrt(2.0 / Fans.of(type).in())).value(type, random);
    }
}
