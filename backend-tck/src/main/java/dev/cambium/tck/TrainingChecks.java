package dev.cambium.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
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
        Agreement.TRAINING.check(backend, network.graph(), network.inputs(), network.start(), 2);
    }

    @Test
    void thirty_training_steps_follow_the_reference_and_lower_the_loss() {
        TrainingStep network = Networks.small();
        Agreement.TRAINING.check(backend, network.graph(), network.inputs(), network.start(), 30);
        List<Outcome> outcomes = network.run(backend, 30);
        assertThat(outcomes.getLast().output("loss").item())
                .isLessThan(outcomes.getFirst().output("loss").item() * 0.8);
    }
}
