package dev.cambium.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cambium.backend.Backend;

/** Whole training steps of small networks. */
abstract class TrainingChecks {
    @AutoClose
    private final Backend backend;

    TrainingChecks(Backend backend) {
        this.backend = backend;
    }

    static List<TrainingStep> networks() {
        return TrainingStep.all();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void training_steps_follow_the_reference(TrainingStep network) {
        // Adam divides small numbers by small numbers, which multiplies what rounding left in them.
        new Agreement(4096, 4096).check(backend, network.graph(), network.inputs(), network.start(), 2);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void training_lowers_the_loss(TrainingStep network) {
        List<Outcome> outcomes = network.run(backend, 60);
        double first = outcomes.getFirst().output("loss").item();
        double last = outcomes.getLast().output("loss").item();
        assertThat(last).isLessThan(first * 0.8);
    }
}
