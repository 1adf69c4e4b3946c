package dev.cambium.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;

class SweepTest {
    @Test
    void a_task_is_read_from_its_arguments_whatever_follows() {
        var task = new Task(2, "MLP", 0.5, 128, 3);
        assertThat(task.arguments()).containsExactly("2", "MLP", "0.5", "128", "3");
        assertThat(Task.of("2", "MLP", "0.5", "128", "3", "cpu")).isEqualTo(task);
    }

    @Test
    void each_number_of_threads_has_every_batch_width_and_network_once() {
        List<Sweep.Point> points = Sweep.points(List.of(1, 2), false);
        assertThat(points).doesNotHaveDuplicates().hasSize(2 * (10 + 3 + 4));
        assertThat(points.stream().map(Sweep.Point::toString)).contains("reference CNN, batch 1024, 2 threads",
                "reference CNN × 0.5, batch 50, 1 thread", "transformer, batch 50, 1 thread");
    }

    @Test
    void other_networks_are_compared_on_the_same_graph_and_without_skipping_zeros() {
        assertThat(Sweep.points(List.of(1), true)).filteredOn(point -> !point.task().network().equals(Task.REFERENCE))
                .isNotEmpty().allSatisfy(point -> assertThat(point.entrants().stream().map(Entrant::name))
                        .containsExactly("cambium-cpu", "cambium-tensorflow", "cambium-cpu-dense"));
    }
}
