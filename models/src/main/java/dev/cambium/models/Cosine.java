package dev.cambium.models;

import dev.cambium.nn.Schedule;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.tensor.Tensor;

/**
 * Steps grow along a line for a while, then shrink along half a cosine wave and stay at its end. Loshchilov and Hutter, "SGDR", 2017,
 * without restarts; Goyal et al., 2017, for the warm-up.
 *
 * @param steps
 *            after how many steps the end is reached
 * @param warmup
 *            how many of them grow
 * @param end
 *            the factor at the end
 */
@Part(name = "cosine",
        description = "grows for a while, then falls along half a cosine wave (Loshchilov and Hutter, 2017)")
public record Cosine(@Setting(doc = "after how many steps the end is reached", min = 1) long steps,
        @Setting(doc = "during how many of them the factor grows from 0 to 1", defaultValue = "0", min = 0) long warmup,
        @Setting(doc = "the factor at the end", defaultValue = "0", min = 0, max = 1) double end)
        implements Schedule {

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException
     *             if the warm-up is not shorter than the whole, or the end not from 0 to 1
     */
    public Cosine {
        Require.probability("end", end);
        if (warmup < 0 || warmup >= steps) {
            throw new IllegalArgumentException(
                    "a warmup of %d does not fit into %d steps: it must be at least 0 and shorter".formatted(warmup,
                            steps));
        }
    }

    @Override
    public Tensor factor(Tensor step) {
        Tensor grown = atMostOne(step.div((double) Math.max(1, warmup)));
        Tensor done = atMostOne(step.sub(1.0 + warmup).div((double) (steps - warmup)).relu());
        Tensor fallen = done.mul(Math.PI).cos().add(1).mul((1 - end) / 2).add(end);
        return grown.mul(fallen);
    }

    private static Tensor atMostOne(Tensor x) {
        return x.neg().add(1).relu().neg().add(1);
    }
}
