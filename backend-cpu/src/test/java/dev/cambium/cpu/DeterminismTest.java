package dev.cambium.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Executable;
import dev.cambium.tck.Outcome;
import dev.cambium.tck.TrainingStep;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/** The same graph over the same values gives the same bits, whatever runs it. */
@Tag("kernels")
class DeterminismTest {
    static List<TrainingStep> networks() {
        return TrainingStep.all();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void the_number_of_threads_changes_no_bit_of_a_training_step(TrainingStep network) {
        List<Outcome> expected = run(network, 1);
        for (int threads : new int[] {1, 2, 2, 3, 3, 5, 5}) {
            List<Outcome> outcomes = run(network, threads);
            for (int i = 0; i < outcomes.size(); i++) {
                assertThat(outcomes.get(i)).as("step %d on %d threads", i + 1, threads).isEqualTo(expected.get(i));
            }
        }
    }

    private static List<Outcome> run(TrainingStep network, int threads) {
        try (Backend cpu = LifecycleTest.open(threads)) {
            return network.run(cpu, 5);
        }
    }

    @Test
    void executables_of_one_backend_run_from_several_threads_at_once() throws InterruptedException, ExecutionException {
        List<TrainingStep> networks = TrainingStep.all();
        List<List<Outcome>> expected = networks.stream().map(network -> run(network, 1)).toList();
        try (Backend cpu = LifecycleTest.open(3); var pool = Executors.newFixedThreadPool(4)) {
            List<Callable<List<Outcome>>> tasks = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                TrainingStep network = networks.get(i % networks.size());
                tasks.add(() -> network.run(cpu, 5));
            }
            List<Future<List<Outcome>>> results = pool.invokeAll(tasks);
            for (int i = 0; i < results.size(); i++) {
                assertThat(results.get(i).get()).isEqualTo(expected.get(i % networks.size()));
            }
        }
    }

    @Test
    void threads_that_share_a_variable_take_turns() throws InterruptedException, ExecutionException {
        var counter = new Variable("counter", new TensorType(DType.INT64, Shape.of(5000)), Variable.Role.BUFFER);
        var updates = new LinkedHashMap<Variable, Tensor>();
        updates.put(counter, counter.read().add(1));
        var graph = new Graph(new LinkedHashMap<>(), updates);
        try (Backend cpu = LifecycleTest.open(2);
                Buffer buffer = cpu.buffer(NdArray.zeros(counter.type()));
                Executable one = cpu.compile(graph, Map.of(counter, buffer));
                Executable other = cpu.compile(graph, Map.of(counter, buffer));
                var pool = Executors.newFixedThreadPool(3)) {
            Map<Executable, Future<?>> done = new HashMap<>();
            for (Executable executable : List.of(one, other)) {
                done.put(executable, pool.submit(() -> IntStream.range(0, 500).forEach(_ -> executable.run(Map.of()))));
            }
            for (int i = 0; i < 50; i++) {
                NdArray between = buffer.read();
                assertThat(between.toLongArray()).containsOnly(between.getLong(0));
            }
            for (Future<?> each : done.values()) {
                each.get();
            }
            assertThat(buffer.read().toLongArray()).containsOnly(1000);
        }
    }
}
