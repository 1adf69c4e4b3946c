package dev.cambium.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Executable;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/** One backend used by several threads at once. */
abstract class ConcurrencyChecks {
    private static final int THREADS = 4;
    private static final int RUNS = 200;
    private static final Variable COUNTER = new Variable("counter", new TensorType(DType.INT64, Shape.of(3000)),
            Variable.Role.BUFFER);

    @AutoClose
    private final Backend backend;

    ConcurrencyChecks(Backend backend) {
        this.backend = backend;
    }

    private interface Task {
        void run(int number);
    }

    /** Runs a task in several threads, and fails as the first of them that fails. */
    private static void atOnce(Task task) throws InterruptedException {
        try (var pool = Executors.newFixedThreadPool(THREADS)) {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int number = i;
                tasks.add(() -> {
                    task.run(number);
                    return null;
                });
            }
            for (Future<Void> done : pool.invokeAll(tasks)) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("in one of %d threads: %s".formatted(THREADS, e.getCause()), e.getCause());
        }
    }

    private static Graph counting() {
        SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
        updates.put(COUNTER, COUNTER.read().add(1));
        return new Graph(new LinkedHashMap<>(), updates);
    }

    @Test
    void graphs_are_compiled_and_run_by_several_threads_at_once() throws InterruptedException {
        atOnce(number -> {
            for (int i = 0; i < 8; i++) {
                var random = new RandomGraph(100L * number + i);
                Agreement.EXACT.check(backend, random.graph(), random.inputs(), random.variables(), 2);
            }
        });
    }

    @Test
    void runs_of_one_executable_by_several_threads_keep_their_inputs_apart() throws InterruptedException {
        Tensor x = Tensor.input("x", new TensorType(DType.INT64, Shape.of(70, 50)));
        try (Executable executable = backend.compile(Graph.of("y", x.transpose().mul(2).add(1)), Map.of())) {
            atOnce(number -> {
                long[] value = new long[3500];
                Arrays.fill(value, number);
                Map<String, NdArray> inputs = Map.of("x", NdArray.of(x.shape(), value));
                for (int i = 0; i < RUNS; i++) {
                    NdArray y = executable.run(inputs).firstEntry().getValue();
                    assertThat(y.toLongArray()).as("2 · x + 1 where x is %d", number).containsOnly(2L * number + 1);
                }
            });
        }
    }

    @Test
    void no_update_is_lost_where_executables_share_a_variable() throws InterruptedException {
        try (Buffer buffer = backend.buffer(NdArray.zeros(COUNTER.type()));
                Executable one = backend.compile(counting(), Map.of(COUNTER, buffer));
                Executable other = backend.compile(counting(), Map.of(COUNTER, buffer))) {
            atOnce(number -> {
                for (int i = 0; i < RUNS; i++) {
                    (number % 2 == 0 ? one : other).run(Map.of());
                }
            });
            assertThat(buffer.read().toLongArray())
                    .as("a variable to which two executables, run by %d threads, added 1 %d times", THREADS,
                            THREADS * RUNS)
                    .containsOnly(THREADS * RUNS);
        }
    }

    @Test
    void a_variable_is_read_and_written_between_runs_never_within_one() throws InterruptedException {
        NdArray zeros = NdArray.zeros(COUNTER.type());
        try (Buffer buffer = backend.buffer(zeros);
                Executable executable = backend.compile(counting(), Map.of(COUNTER, buffer))) {
            atOnce(number -> {
                for (int i = 0; i < RUNS; i++) {
                    switch (number) {
                        case 0 -> buffer.write(zeros);
                        case 1, 2 -> executable.run(Map.of());
                        default -> {
                            NdArray value = buffer.read();
                            assertThat(value.toLongArray()).as("a variable of equal elements read during runs")
                                    .containsOnly(value.getLong(0));
                        }
                    }
                }
            });
        }
    }
}
