package dev.cambium.models;

import dev.cambium.nn.Schedule;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.Tensor;

/**
 * Steps shrink by a factor after each so many, PyTorch's {@code StepLR} counted in steps.
 *
 * @param every
 *            after how many steps the factor applies again
 * @param factor
 *            what the length is multiplied by each time
 */
@Part(name = "step-decay", description = "shrinks by a factor after each so many steps")
public record StepDecay(@Setting(doc = "after how many steps the factor applies again", min = 1) long every,
        @Setting(doc = "what the length is multiplied by each time", defaultValue = "0.1", min = 0,
                max = 1) double factor)
        implements Schedule {

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException
     *             if there is no step in between, or the factor is not above 0 and up to 1
     */
    public StepDecay {
        if (every < 1 || !(factor > 0 && factor <= 1)) {
            throw new IllegalArgumentException(
                    "every is %d and factor %s: every must be at least 1, factor above 0 and at most 1".formatted(every,
                            factor));
        }
    }

    @Override
    public Tensor factor(Tensor step) {
        return step.sub(1).div((double) every).floor().mul(Math.log(factor)).exp();
    }
}
