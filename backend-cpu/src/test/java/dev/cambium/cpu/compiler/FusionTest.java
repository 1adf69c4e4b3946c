package dev.cambium.cpu.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import dev.cambium.tck.RandomGraph;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/** What runs in one pass, and what must not. */
class FusionTest {
    private static Tensor input(String name, int... dims) {
        return Tensor.input(name, new TensorType(DType.FLOAT32, Shape.of(dims)));
    }

    /** The groups, each as the names of its operations, in the order in which they run. */
    private static List<String> groups(Graph graph) {
        Fusion.Plan plan = Fusion.plan(graph);
        return plan.order().stream().map(plan.groups()::get).filter(group -> group != null).distinct()
                .map(group -> group.members().stream().map(member -> member.toString().split(" ", 2)[0])
                        .collect(Collectors.joining(" ")))
                .toList();
    }

    private static Fusion.Group group(Fusion.Plan plan, Tensor tensor) {
        return Objects.requireNonNull(plan.groups().get(tensor));
    }

    @Test
    void a_chain_is_one_group_with_one_result() {
        Tensor y = input("x", 4).add(1).exp().mul(input("z", 4)).tanh();
        Fusion.Plan plan = Fusion.plan(Graph.of("y", y));
        assertThat(groups(Graph.of("y", y))).containsExactly("add exp mul tanh");
        assertThat(group(plan, y).results()).containsExactly(y);
    }

    @Test
    void outputs_in_the_middle_of_a_chain_are_results() {
        Tensor sum = input("x", 4).add(1);
        Tensor exp = sum.exp();
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("sum", sum);
        outputs.put("exp", exp);
        Fusion.Plan plan = Fusion.plan(Graph.of(outputs));
        assertThat(group(plan, exp)).isSameAs(group(plan, sum));
        assertThat(group(plan, exp).results()).containsExactly(sum, exp);
    }

    @Test
    void a_branch_that_comes_back_is_in_the_group() {
        Tensor x = input("x", 4).neg();
        assertThat(groups(Graph.of("y", x.exp().add(x.log()).mul(x)))).hasSize(1);
    }

    @Test
    void what_a_reduction_lies_between_runs_in_two_passes() {
        Tensor x = input("x", 3, 4).exp();
        assertThat(groups(Graph.of("y", x.div(x.sum(1).expand(1))))).containsExactly("exp", "div");
    }

    @Test
    void a_shared_input_alone_joins_nothing() {
        Tensor x = input("x", 4);
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("exp", x.exp());
        outputs.put("log", x.log());
        assertThat(groups(Graph.of(outputs))).containsExactlyInAnyOrder("exp", "log");
    }

    @Test
    void other_shapes_are_other_groups() {
        Tensor row = input("row", 4).exp();
        assertThat(groups(Graph.of("y", input("x", 3, 4).mul(row).tanh()))).containsExactly("exp", "mul tanh");
        assertThat(groups(Graph.of("y", row.reshape(2, 2).tanh()))).containsExactly("exp", "tanh");
    }

    @Test
    void casts_comparisons_and_choices_join_across_types() {
        Tensor x = input("x", 4);
        Tensor y = Tensor.select(x.lt(x.neg()), x.cast(DType.INT32).add(1), x.cast(DType.INT32)).cast(DType.FLOAT64);
        assertThat(groups(Graph.of("y", y))).hasSize(1);
    }

    @Test
    void an_operation_waits_for_the_pass_that_needs_it() {
        // The variable's product could run at once; it joins the update, which must wait for the gradient.
        var weight = new Variable("weight", new TensorType(DType.FLOAT32, Shape.of(3, 3)), Variable.Role.PARAMETER);
        Tensor gradient = input("x", 3, 3).matmul(input("dy", 3, 3));
        SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
        updates.put(weight, weight.read().mul(0.9).sub(gradient.mul(0.1)));
        assertThat(groups(new Graph(new LinkedHashMap<>(), updates))).containsExactly("mul mul sub");
    }

    @Test
    void the_optimizers_updates_of_a_parameter_run_in_one_pass() {
        var type = new TensorType(DType.FLOAT32, Shape.of(5));
        var weight = new Variable("weight", type, Variable.Role.PARAMETER);
        var mean = new Variable("mean", type, Variable.Role.SLOT);
        var square = new Variable("square", type, Variable.Role.SLOT);
        Tensor gradient = input("x", 4, 5).sum(0);
        Tensor newMean = mean.read().mul(0.9).add(gradient.mul(0.1));
        Tensor newSquare = square.read().mul(0.99).add(gradient.mul(gradient).mul(0.01));
        SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
        updates.put(mean, newMean);
        updates.put(square, newSquare);
        updates.put(weight, weight.read().sub(newMean.div(newSquare.sqrt())));
        Graph graph = Simplifier.simplify(new Graph(new LinkedHashMap<>(), updates));
        Fusion.Plan plan = Fusion.plan(graph);
        assertThat(groups(graph)).hasSize(1);
        assertThat(plan.groups().values().iterator().next().results())
                .containsExactlyInAnyOrderElementsOf(graph.updates().values());
    }

    @Test
    void groups_are_ordered_so_that_each_follows_all_that_it_reads() {
        for (long seed = 0; seed < 200; seed++) {
            Graph graph = Simplifier.simplify(new RandomGraph(seed).graph());
            Fusion.Plan plan = Fusion.plan(graph);
            assertThat(plan.order()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(graph.tensors());
            assertOrdered(plan, seed);
            assertWellFormed(graph, plan, seed);
        }
    }

    /** A group runs when its last member's turn has come. */
    private static void assertOrdered(Fusion.Plan plan, long seed) {
        Set<Tensor> computed = new HashSet<>();
        for (Tensor tensor : plan.order()) {
            Fusion.Group group = plan.groups().get(tensor);
            List<Tensor> now = group == null ? List.of(tensor)
                    : group.members().getLast().equals(tensor) ? group.members() : List.of();
            for (Tensor each : now) {
                assertThat(computed).as("seed %d: %s", seed, each).containsAll(each.inputs());
                computed.add(each);
            }
        }
        assertThat(computed).hasSameSizeAs(plan.order());
    }

    private static void assertWellFormed(Graph graph, Fusion.Plan plan, long seed) {
        Map<Tensor, List<Tensor>> users = new LinkedHashMap<>();
        graph.tensors().forEach(tensor -> tensor.inputs()
                .forEach(input -> users.computeIfAbsent(input, _ -> new ArrayList<>()).add(tensor)));
        Set<Tensor> wanted = new HashSet<>(graph.outputs().values());
        wanted.addAll(graph.updates().values());
        for (Tensor tensor : graph.tensors()) {
            Fusion.Group group = plan.groups().get(tensor);
            assertThat(group != null).as("seed %d: %s", seed, tensor).isEqualTo(Fusion.isElementwise(tensor));
            if (group != null) {
                boolean leaves = wanted.contains(tensor) || users.getOrDefault(tensor, List.of()).stream()
                        .anyMatch(user -> !group.equals(plan.groups().get(user)));
                assertThat(group.shape()).isEqualTo(tensor.shape());
                assertThat(group.results().contains(tensor)).as("seed %d: %s", seed, tensor).isEqualTo(leaves);
                assertThat(group.members()).isSortedAccordingTo(Comparator.comparingInt(plan.order()::indexOf));
            }
        }
    }
}
