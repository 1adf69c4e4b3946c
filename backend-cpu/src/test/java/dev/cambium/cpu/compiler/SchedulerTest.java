package dev.cambium.cpu.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

import org.junit.jupiter.api.Test;

import dev.cambium.tck.RandomGraph;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Window2d;

/** Phases: what runs side by side, what runs sample by sample, and that nothing is read before it is written or after it is gone. */
class SchedulerTest {
    private static Tensor input(String name, int... dims) {
        return Tensor.input(name, new TensorType(DType.FLOAT32, Shape.of(dims)));
    }

    private static List<String> schedule(Tensor tensor) {
        return Stages.of(Graph.of("y", tensor)).schedule();
    }

    @Test
    void independent_steps_run_side_by_side() {
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("a", input("x", 64, 64).matmul(input("y", 64, 64)));
        outputs.put("b", input("x", 64, 64).exp());
        outputs.put("c", input("y", 64, 64).sum());
        assertThat(Stages.of(Graph.of(outputs)).phases()).singleElement()
                .satisfies(phase -> assertThat(phase).isInstanceOf(Phase.Independent.class))
                .satisfies(phase -> assertThat(phase.steps()).hasSize(3));
    }

    @Test
    void short_steps_that_wait_for_each_other_are_left_to_one_thread() {
        Tensor logits = input("x", 50, 10).reverse(0);
        Tensor shifted = logits.sub(logits.max(1).expand(1));
        assertThat(Stages.of(Graph.of("y", shifted.sub(shifted.exp().sum(1).log().expand(1)))).phases())
                .hasToString("[sequence]");
        Tensor large = input("x", 5000, 10).reverse(0);
        assertThat(Stages.of(Graph.of("y", large.sub(large.max(0).expand(0)))).phases()).hasToString(
                "[chain over 5000 samples by 5000, sequence, chain over 5000 samples by 5000]");
    }

    @Test
    void chains_are_cut_finely_unless_they_keep_sums() {
        Tensor x = input("x", 100, 2000);
        Tensor y = x.exp();
        assertThat(Stages.of(Graph.of("y", y.div(y.sum(1).expand(1)))).phases()).singleElement()
                .satisfies(phase -> assertThat(phase.parts()).isEqualTo(50));
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("y", y.div(y.sum(1).expand(1)));
        outputs.put("sum", y.sum(0));
        assertThat(Stages.of(Graph.of(outputs)).phases().getFirst())
                .satisfies(phase -> assertThat(phase.parts()).isEqualTo(Partition.parts(100)));
    }

    @Test
    void steps_over_one_batch_run_as_a_chain() {
        Tensor y = input("x", 20, 1, 32, 32).conv2d(input("w", 4, 1, 3, 3), Window2d.square(3, 1), 1).relu()
                .maxPool2d(2);
        assertThat(schedule(y)).containsExactly("pack_weights", "chain: conv2d pool_max elementwise copy");
    }

    @Test
    void a_chain_ends_where_all_samples_are_needed() {
        Tensor x = input("x", 20, 1000).exp();
        assertThat(schedule(x.sub(x.sum(0)))).containsExactly("chain: elementwise", "reduce_sum", "chain: elementwise");
        Tensor large = input("x", 40, 1000).exp();
        assertThat(schedule(large.sub(large.sum(0)))).containsExactly("chain: elementwise reduce_sum", "reduce_sum",
                "chain: elementwise");
        assertThat(schedule(x.reverse(0).neg())).containsExactly("chain: elementwise", "chain: elementwise");
    }

    @Test
    void a_chain_goes_through_the_batch_in_blocks_of_some_thousand_elements() {
        Tensor x = input("x", 100, 2000).exp();
        Stages stages = Stages.of(Graph.of("y", x.div(x.sum(1).expand(1))));
        assertThat(stages.phases()).hasToString("[chain over 100 samples by 2]");
    }

    @Test
    void rows_of_samples_run_with_the_samples_that_they_belong_to() {
        Tensor x = input("x", 50, 28, 128).exp();
        Tensor rows = x.reshape(-1, 128).matmul(input("w", 128, 128));
        Tensor y = x.add(rows.reshape(50, 28, 128));
        Stages stages = Stages.of(Graph.of("y", y.sub(y.mean(2).expand(2))));
        assertThat(stages.schedule()).containsExactly("pack_factor",
                "chain: elementwise matmul_by_rows elementwise reduce_sum elementwise elementwise");
        assertThat(stages.phases().getLast().toString()).isEqualTo("chain over 50 samples by 3");
    }

    @Test
    void rows_that_share_a_reading_of_a_factor_are_many_unless_they_leave_the_cache() {
        for (int columns : new int[] {128, 1024, 4096}) {
            Tensor x = input("x", 50, 28, 128).exp();
            Tensor y = x.reshape(-1, 128).matmul(input("w", 128, columns)).relu();
            int samples = switch (columns) {
                case 128 -> 3;
                case 1024 -> 2;
                default -> 1;
            };
            assertThat(Stages.of(Graph.of("y", y)).phases().getLast().toString()).as("%d columns", columns)
                    .isEqualTo("chain over 50 samples by " + samples);
        }
    }

    @Test
    void rows_that_do_not_fall_into_the_same_parts_as_samples_run_by_themselves() {
        Tensor x = input("x", 8, 175, 128).exp();
        Tensor rows = x.reshape(-1, 128).matmul(input("w", 128, 128));
        assertThat(schedule(x.add(rows.reshape(8, 175, 128)))).containsExactly("pack_factor", "chain: elementwise",
                "chain: matmul_by_rows", "chain: elementwise");
    }

    @Test
    void gradients_of_a_wide_layer_and_what_reads_them_go_through_its_weights_together() {
        Tensor dy = input("dy", 50, 130);
        Tensor w = input("w", 1400, 130);
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("by input", dy.matmul(w.transpose()));
        outputs.put("changed", w.sub(input("x", 50, 1400).transpose().matmul(dy)));
        assertThat(Stages.of(Graph.of(outputs)).schedule()).containsExactly("pack_factor pack_factor",
                "chain: matmul_by_rows matmul_by_rows elementwise");
    }

    @Test
    void a_product_with_a_wide_transposed_matrix_visits_entries_if_there_are_zeros() {
        Tensor product = input("x", 50, 130).relu().matmul(input("w", 1400, 130).transpose());
        assertThat(Stages.of(Graph.of("y", product)).steps()).contains("sparse_matmul").doesNotContain(
                "matmul_by_rows");
    }

    @Test
    void nothing_multiplied_by_a_wide_transposed_matrix_is_zero() {
        Tensor product = input("x", 50, 0).matmul(input("w", 1400, 0).transpose());
        assertThat(Stages.of(Graph.of("y", product)).steps()).contains("matmul").doesNotContain("matmul_by_rows");
    }

    @Test
    void empty_batches_make_no_chain() {
        Tensor y = input("x", 0, 1, 30, 30).conv2d(input("w", 4, 1, 3, 3), Window2d.square(3, 1), 1).maxPool2d(2);
        assertThat(Stages.of(Graph.of("y", y)).phases()).noneMatch(phase -> phase instanceof Phase.Chain);
    }

    @Test
    void nothing_is_read_before_it_is_written_or_after_it_is_written_over() {
        for (long seed = 0; seed < 300; seed++) {
            Stages stages = Stages.of(new RandomGraph(seed).graph());
            assertThat(stages.phases().stream().flatMap(phase -> phase.steps().stream()))
                    .as("seed %d", seed).containsExactlyInAnyOrderElementsOf(stages.updates().steps());
            new Check(stages, seed).run();
            List<Phase> sideBySide = Scheduler.schedule(stages.updates(), -1);
            assertThat(sideBySide).noneMatch(phase -> phase instanceof Phase.Sequence);
            new Check(new Stages(stages.lowered(), stages.updates(), sideBySide), seed).run();
        }
    }

    /** Runs through the phases and knows of each place in memory which value it holds. */
    private static final class Check {
        private final Stages stages;
        private final long seed;
        private final Set<Storage> written = new HashSet<>();
        /** The storage whose value a variable's memory holds. */
        private final Map<Storage, Storage> holds = new HashMap<>();

        Check(Stages stages, long seed) {
            this.stages = stages;
            this.seed = seed;
            written.addAll(Stages.storages(stages.lowered().inputs()));
            written.addAll(stages.lowered().constants().keySet());
            for (Storage variable : Stages.storages(stages.lowered().variables())) {
                written.add(variable);
                holds.put(variable, variable);
            }
        }

        /** Where a value lies: in a variable's memory or its own. */
        private Storage memory(Storage storage) {
            return stages.updates().overwritten().getOrDefault(storage, storage);
        }

        void run() {
            for (Phase phase : stages.phases()) {
                Set<Storage> before = Set.copyOf(written);
                switch (phase) {
                    case Phase.Independent(var steps) -> {
                        for (Step step : steps) {
                            step.reads().forEach(view -> assertReadable(view, before, step));
                            assertAlone(step, steps, false);
                        }
                        steps.forEach(this::write);
                    }
                    case Phase.Sequence(var steps) -> {
                        for (Step step : steps) {
                            step.reads().forEach(view -> assertReadable(view, written, step));
                            write(step);
                        }
                    }
                    case Phase.Chain(var steps, int samples, int block, int parts) -> {
                        assertThat(block).isBetween(1, samples);
                        assertThat(parts).isBetween(1, samples);
                        for (Step step : steps) {
                            assertThat(step.perSample() && step.units() % samples == 0
                                    && Partition.parts(step.units()) == Partition.parts(samples)).isTrue();
                            for (View view : step.reads()) {
                                boolean here = !before.contains(view.storage());
                                assertReadable(view, written, step);
                                assertThat(!here || isUnitWise(view, step)).as("seed %d: %s", seed, step).isTrue();
                                assertThat(steps.stream().filter(_ -> here).allMatch(other -> other.writes().stream()
                                        .filter(made -> made.storage().equals(view.storage()))
                                        .allMatch(made -> isUnitWise(made, other))))
                                                .as("seed %d: %s", seed, step).isTrue();
                            }
                            assertAlone(step, steps, true);
                            write(step);
                        }
                    }
                }
            }
            stages.updates().outputs().forEach((name, view) -> {
                assertThat(written).as("seed %d: %s", seed, name).contains(view.storage());
                assertThat(holds.getOrDefault(memory(view.storage()), view.storage())).isEqualTo(view.storage());
            });
        }

        /** Whether a view's i-th part along the first axis is the i-th run of as many as the step has units. */
        private static boolean isUnitWise(View view, Step step) {
            return view.shape().dim(0) == step.units() && view.isSampleWise(view.storage().size() / step.units());
        }

        private void assertReadable(View view, Set<Storage> readable, Step step) {
            assertThat(readable).as("seed %d: %s reads what is not there", seed, step).contains(view.storage());
            assertThat(holds.getOrDefault(memory(view.storage()), view.storage()))
                    .as("seed %d: %s reads what was written over", seed, step).isEqualTo(view.storage());
        }

        /**
         * No other step of the phase reads or writes the variable that this one writes over, except that in a chain one that comes
         * before may read the unit that it is at.
         */
        private void assertAlone(Step step, List<Step> phase, boolean chain) {
            for (View result : step.writes()) {
                Storage place = memory(result.storage());
                if (holds.containsKey(place)) {
                    for (Step other : phase) {
                        boolean first = chain && phase.indexOf(other) < phase.indexOf(step);
                        boolean meets = other.reads().stream().filter(view -> view.storage().equals(place))
                                .anyMatch(view -> !first || !isUnitWise(view, other))
                                || other.writes().stream().anyMatch(view -> memory(view.storage()).equals(place));
                        assertThat(meets && !other.equals(step)).as("seed %d: %s and %s", seed, step, other).isFalse();
                    }
                }
            }
        }

        private void write(Step step) {
            for (View view : step.writes()) {
                written.add(view.storage());
                holds.computeIfPresent(memory(view.storage()), (_, _) -> view.storage());
            }
        }
    }
}
