package dev.cambium.app.parts;

import dev.cambium.models.Linear;
import dev.cambium.nn.Context;
import dev.cambium.nn.Layer;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.Tensor;

/** One linear layer over all pixels. */
@Part(name = "one-layer", description = "one linear layer")
public record OneLayer(@Setting(doc = "how many classes", defaultValue = "2", min = 1) int classes) implements Layer {
    @Override
    public Tensor forward(Tensor images, Context cx) {
        return cx.call("fc", new Linear(classes), images.flatten(1)).logSoftmax(1);
    }
}
