package dev.cambium.cpu;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs drawn at random agree with the reference exactly: outputs, and variables after each of three runs. */
@Tag("kernels")
class RandomGraphTest {
    private static final int GRAPHS = 50;

    @ParameterizedTest
    @ValueSource(longs = {0, 1000, 2000, 3000, 4000, 5000})
    void graphs_from_this_seed_on(long first) {
        for (long seed = first; seed < first + GRAPHS; seed++) {
            var random = new RandomGraph(seed);
            try {
                Agreement.EXACT.check(random.graph(), random.inputs(), random.variables(), 3);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("the graph of seed %d fails:\n%s".formatted(seed, random.graph()), e);
            }
        }
    }
}
