package dev.cambium.app.parts;

import dev.cambium.data.Batch;
import dev.cambium.data.Examples;
import dev.cambium.data.Splits;
import dev.cambium.data.Transform;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.NdArray;

/** Multiplies inputs. */
@Part(name = "scale", description = "multiplies inputs")
public record Scale(@Setting(doc = "by this") double factor) implements Transform {
    @Override
    public Splits apply(Splits splits) {
        return new Splits(scaled(splits.train()), scaled(splits.test()));
    }

    private Examples scaled(Examples examples) {
        return examples.map((batch, _, _) -> {
            float[] values = batch.inputs().toFloatArray();
            for (int i = 0; i < values.length; i++) {
                values[i] *= (float) factor;
            }
            return new Batch(NdArray.of(batch.inputs().shape(), values), batch.targets());
        });
    }
}
