package dev.cambium.cpu.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

import org.junit.jupiter.api.Test;

import dev.cambium.cpu.kernels.Alignment;
import dev.cambium.cpu.kernels.Products;
import dev.cambium.tck.RandomGraph;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/** Places: what is alive at the same time lies apart, and what is not shares memory. */
class MemoryPlanTest {
    private static final int LANES = 3;

    private static Tensor input(String name, int... dims) {
        return Tensor.input(name, new TensorType(DType.FLOAT32, Shape.of(dims)));
    }

    private record Planned(Stages stages, long bytes) {
        static Planned of(Graph graph) {
            return of(graph, Products.best()::lineStart);
        }

        static Planned of(Graph graph, ToIntFunction<float[]> lineStart) {
            Stages stages = Stages.of(graph);
            long bytes = MemoryPlan.place(stages.phases(), LANES, Stages.storages(stages.lowered().inputs()),
                    Stages.storages(stages.updates().outputs()), stages.elsewhere(), lineStart);
            return new Planned(stages, bytes);
        }

        /** The values that have room for some samples on each lane. */
        List<Storage> local() {
            return lifetimes().stream().map(Lifetime::storage).filter(storage -> storage.laneStride() > 0).toList();
        }

        /** First and last phase of each storage, worked out anew; inputs are there before the first. */
        List<Lifetime> lifetimes() {
            Map<Storage, Integer> first = new HashMap<>();
            Map<Storage, Integer> last = new HashMap<>();
            for (Storage storage : Stages.storages(stages.lowered().inputs())) {
                first.put(storage, -1);
                last.put(storage, -1);
            }
            for (int i = 0; i < stages.phases().size(); i++) {
                for (Step step : stages.phases().get(i).steps()) {
                    var views = new ArrayList<>(step.reads());
                    views.addAll(step.writes());
                    for (View view : views) {
                        first.putIfAbsent(view.storage(), i);
                        last.put(view.storage(), i);
                    }
                }
            }
            for (Storage storage : Stages.storages(stages.updates().outputs())) {
                first.putIfAbsent(storage, stages.phases().size());
                last.put(storage, stages.phases().size());
            }
            first.keySet().removeAll(stages.elsewhere());
            return first.entrySet().stream()
                    .map(entry -> new Lifetime(entry.getKey(), entry.getValue(), last.getOrDefault(entry.getKey(), 0)))
                    .toList();
        }
    }

    private record Lifetime(Storage storage, int first, int last) {
        int end() {
            int lanes = storage.laneStride() * LANES;
            return storage.offset() + (lanes > 0 ? lanes : Math.max(1, storage.size()));
        }

        boolean meets(Lifetime other) {
            return first <= other.last && other.first <= last && storage.array().equals(other.storage.array())
                    && storage.offset() < other.end() && other.storage.offset() < end();
        }
    }

    @Test
    void no_two_values_that_are_alive_at_once_overlap() {
        for (long seed = 0; seed < 200; seed++) {
            assertApart(seed, Planned.of(new RandomGraph(seed).graph()));
        }
    }

    private static void assertApart(long seed, Planned planned) {
        List<Lifetime> lifetimes = planned.lifetimes();
        for (int i = 0; i < lifetimes.size(); i++) {
            Lifetime one = lifetimes.get(i);
            assertThat(one.end()).isLessThanOrEqualTo(Array.getLength(one.storage().array()));
            for (Lifetime other : lifetimes.subList(0, i)) {
                assertThat(one.meets(other)).as("seed %d: %s and %s", seed, one, other).isFalse();
            }
        }
    }

    @Test
    void places_hold_where_each_measurement_of_a_line_start_gives_another_answer() {
        for (long seed = 0; seed < 20; seed++) {
            int[] measurements = {0};
            assertApart(seed, Planned.of(new RandomGraph(seed).graph(), _ -> measurements[0]++ * 7 % Alignment.LINE));
        }
    }

    @Test
    void values_take_the_places_of_those_that_are_gone() {
        Tensor x = input("x", 100, 100);
        Tensor y = x;
        for (int i = 0; i < 20; i++) {
            y = y.matmul(x);
        }
        Planned planned = Planned.of(Graph.of("y", y));
        assertThat(planned.bytes()).isBetween(3 * 40_000L, 3 * 40_000L + 1_000);
    }

    @Test
    void a_value_within_a_chain_takes_room_for_one_block_a_lane() {
        Tensor x = input("x", 100, 2000).exp();
        Planned planned = Planned.of(Graph.of("y", x.div(x.sum(1).expand(1)).reverse(1).neg().sum(1)));
        assertThat(planned.stages().phases()).singleElement().isInstanceOf(Phase.Chain.class);
        assertThat(planned.local()).hasSize(4);
        assertThat(planned.bytes()).isLessThan(100 * 2000 * 4 + LANES * 4 * 4096 * 4);
    }

    @Test
    void what_is_needed_after_the_chain_is_kept_whole() {
        Tensor x = input("x", 100, 2000).exp();
        assertThat(Planned.of(Graph.of("y", x.matmul(x.transpose()).add(x.sum(1)))).local()).isEmpty();
    }

    @Test
    void memory_of_one_type_is_one_array() {
        Tensor x = input("x", 10, 10);
        Planned planned = Planned.of(Graph.of("y", x.matmul(x).matmul(x).cast(DType.INT32).add(1).sum(0)));
        assertThat(planned.lifetimes().stream().map(lifetime -> lifetime.storage().array()).distinct()).hasSize(2);
    }
}
