package dev.cambium.tck;

import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cambium.backend.Backend;

/** Graphs drawn at random agree with the reference exactly: outputs, and variables after each of three runs. */
abstract class RandomGraphChecks {
    private static final int GRAPHS = 50;

    @AutoClose
    private final Backend backend;

    RandomGraphChecks(Backend backend) {
        this.backend = backend;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1000, 2000, 3000, 4000, 5000})
    void graphs_from_this_seed_on(long first) {
        for (long seed = first; seed < first + GRAPHS; seed++) {
            var random = new RandomGraph(seed);
            try {
                Agreement.EXACT.check(backend, random.graph(), random.inputs(), random.variables(), 3);
            } catch (AssertionError e) {
                Assertions.fail("the graph of seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
