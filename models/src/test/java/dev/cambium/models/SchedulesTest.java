package dev.cambium.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cambium.nn.Optimizer;
import dev.cambium.nn.Schedule;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import org.junit.jupiter.api.Test;

class SchedulesTest {
    private static double factor(Schedule schedule, long step) {
        return schedule.factor(Tensor.constant(NdArray.of(Shape.scalar(), (double) step))).value().item();
    }

    @Test
    void step_decay_multiplies_after_each_so_many_steps() {
        var schedule = new StepDecay(3, 0.5);
        double[] wanted = {1, 1, 1, 0.5, 0.5, 0.5, 0.25};
        for (int step = 1; step <= wanted.length; step++) {
            assertThat(factor(schedule, step)).as("step %d", step).isCloseTo(wanted[step - 1], within(1e-12));
        }
    }

    @Test
    void cosine_grows_along_a_line_then_falls_along_half_a_wave_and_stays() {
        var schedule = new Cosine(14, 4, 0.1);
        for (int step = 1; step <= 20; step++) {
            double wanted = step <= 4 ? step / 4.0
                    : 0.1 + 0.9 * (1 + Math.cos(Math.PI * Math.min(1, (step - 5) / 10.0))) / 2;
            assertThat(factor(schedule, step)).as("step %d", step).isCloseTo(wanted, within(1e-12));
        }
        assertThat(factor(new Cosine(10, 0, 0), 1)).isEqualTo(1);
        assertThat(factor(new Cosine(10, 0, 0), 11)).isCloseTo(0, within(1e-12));
    }

    @Test
    void scaled_optimizer_steps_as_one_with_the_scaled_learning_rate() {
        Tensor parameter = Tensor.constant(NdArray.of(Shape.of(2), 1.0, -2.0));
        Tensor gradient = Tensor.constant(NdArray.of(Shape.of(2), 0.5, 0.25));
        Optimizer scaled = new StepDecay(1, 0.1).scale(new Sgd(0.2));
        NdArray value = scaled.update(parameter, gradient, new StepOnly(3)).value();
        assertThat(value.getDouble(0)).isCloseTo(1 - 0.002 * 0.5, within(1e-12));
        assertThat(value.getDouble(1)).isCloseTo(-2 - 0.002 * 0.25, within(1e-12));
    }

    /** The memory of an optimizer that has none. */
    private record StepOnly(double number) implements Optimizer.Slots {
        @Override
        public Tensor get(String name) {
            throw new AssertionError(name);
        }

        @Override
        public Tensor set(String name, Tensor value) {
            throw new AssertionError(name);
        }

        @Override
        public Tensor step() {
            return Tensor.constant(NdArray.of(Shape.scalar(), number));
        }
    }

    @Test
    void settings_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> new Cosine(10, 10, 0)).hasMessage(
                "a warmup of 10 does not fit into 10 steps: it must be at least 0 and shorter");
        assertThatThrownBy(() -> new StepDecay(0, 0.5)).hasMessageContaining("every must be at least 1");
    }
}
