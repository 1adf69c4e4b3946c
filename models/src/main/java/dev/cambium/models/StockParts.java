package dev.cambium.models;

import java.util.List;

import dev.cambium.part.PartProvider;
import dev.cambium.part.PartType;

/** Offers the parts of this module. */
public final class StockParts implements PartProvider {
    /** For the service loader. */
    public StockParts() {}

    @Override
    public List<PartType<?>> parts() {
        return List.of(PartType.of(Conv2d.class), PartType.of(Linear.class), PartType.of(Relu.class),
                PartType.of(MaxPool2d.class), PartType.of(Dropout.class), PartType.of(Dropout2d.class),
                PartType.of(Flatten.class), PartType.of(LogSoftmax.class), PartType.of(Network.class),
                PartType.of(MnistCnn.class),
                PartType.of(CrossEntropy.class), PartType.of(Nll.class), PartType.of(Adam.class),
                PartType.of(AdamW.class), PartType.of(Sgd.class), PartType.of(Accuracy.class),
                PartType.of(ConfusionMatrix.class), PartType.of(Cosine.class), PartType.of(StepDecay.class),
                PartType.of(EarlyStopping.class), PartType.of(Constant.class), PartType.of(Uniform.class),
                PartType.of(Normal.class), PartType.of(He.class), PartType.of(Glorot.class));
    }
}
