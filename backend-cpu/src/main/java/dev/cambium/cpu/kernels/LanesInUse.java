package dev.cambium.cpu.kernels;

import java.util.List;
import java.util.function.Function;

/**
 * The {@link Lanes} that a family of loops uses: at first the scalar ones, since vector loops are very slow until they are compiled.
 * Families are compiled apart, each when something needs it.
 */
final class LanesInUse {
    private final Function<LanesWarmUp, List<Runnable>> family;
    private volatile Lanes lanes = new ScalarLanes();

    /**
     * Begins with scalar loops.
     *
     * @param family the loops
     */
    LanesInUse(Function<LanesWarmUp, List<Runnable>> family) {
        this.family = family;
    }

    Lanes get() {
        return lanes;
    }

    /**
     * Runs the family's vector loops until the JIT compiler has compiled them, and only then takes them into use, unless they are
     * already, or this JVM has none. Returns whether the fastest loops are in use.
     */
    boolean warmUp() {
        Lanes best = Lanes.best();
        if (best.getClass() != lanes.getClass() && LanesWarmUp.run(best, family)) {
            lanes = best;
        }
        return best.getClass() == lanes.getClass();
    }
}
