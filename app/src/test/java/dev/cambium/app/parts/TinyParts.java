package dev.cambium.app.parts;

import java.util.List;

import dev.cambium.part.PartProvider;
import dev.cambium.part.PartType;

/** Parts with which a whole training takes a moment: images of strokes, and a network of one layer. */
public final class TinyParts implements PartProvider {
    @Override
    public List<PartType<?>> parts() {
        return List.of(PartType.of(Strokes.class), PartType.of(MissingMnist.class), PartType.of(TinySynthetic.class),
                PartType.of(Numbers.class), PartType.of(Patience.class), PartType.of(OneLayer.class),
                PartType.of(Scale.class), PartType.of(Words.class),
                PartType.of(OneHot.class));
    }
}
