package dev.cambium.tck;

import static org.assertj.core.api.Assertions.fail;

import java.util.Optional;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cambium.backend.Backend;

/** Graphs drawn at random agree with the reference exactly: outputs, and variables after each of three runs. */
abstract class RandomGraphChecks {
    private static final int GRAPHS = 30;
    private static final int RUNS = 3;

    @AutoClose
    private final Backend backend;

    RandomGraphChecks(Backend backend) {
        this.backend = backend;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1000, 2000, 3000, 4000, 5000})
    void graphs_from_this_seed_on(long first) {
        for (long seed = first; seed < first + GRAPHS; seed++) {
            Trial trial = new RandomGraph(seed).trial();
            if (failure(trial).isPresent()) {
                Trial smallest = trial.shrunk(smaller -> failure(smaller).isPresent());
                fail("the graph of seed %d is computed wrongly; shrunk to what still is:%n%s", seed,
                        failure(smallest).orElse("nothing, this time"));
            }
        }
    }

    private Optional<String> failure(Trial trial) {
        return Agreement.EXACT.failure(backend, trial.graph(), trial.inputs(), trial.start(), RUNS);
    }
}
