package dev.cambium.cpu.compiler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.cambium.tensor.Graph;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;

/**
 * Decides which elementwise operations run together in one pass over memory.
 *
 * <p>
 * Each tensor gets a level: one more than its inputs', except that an elementwise operation may share the level of elementwise
 * inputs of its own shape. Connected elementwise operations of one shape and level form a group. Any way out of a group and back
 * would pass through a higher level, so groups can always be ordered. Operations are moved up to the level of their users where
 * they can, so that a product with a variable, say, joins the update that it is for.
 */
final class Fusion {
    /** Elementwise tensors that run together; each group is one of its kind. */
    static final class Group {
        private final List<Tensor> members = new ArrayList<>();
        private final List<Tensor> results = new ArrayList<>();

        private Group() {}

        /** The operations, each after its inputs. */
        List<Tensor> members() {
            return members;
        }

        /** Those members whose values others need. */
        List<Tensor> results() {
            return results;
        }

        Shape shape() {
            return members.get(0).shape();
        }
    }

    /**
     * What was decided.
     *
     * @param order
     *            all tensors of the graph by level, so that each group stands after all that it reads and before all that read it
     * @param users
     *            the tensors that read each tensor
     * @param groups
     *            the group of each elementwise tensor
     */
    record Plan(List<Tensor> order, Map<Tensor, List<Tensor>> users, Map<Tensor, Group> groups) {}

    private Fusion() {}

    static Plan plan(Graph graph) {
        List<Tensor> topological = graph.tensors();
        Map<Tensor, List<Tensor>> users = users(topological);
        Map<Tensor, Integer> levels = levels(topological, users);
        List<Tensor> tensors = topological.stream().sorted(Comparator.comparingInt(tensor -> level(levels, tensor)))
                .toList();
        Map<Tensor, Tensor> roots = new HashMap<>();
        for (Tensor tensor : tensors) {
            if (!isElementwise(tensor)) {
                continue;
            }
            roots.put(tensor, tensor);
            for (Tensor input : tensor.inputs()) {
                if (isElementwise(input) && input.shape().equals(tensor.shape())
                        && level(levels, input) == level(levels, tensor)) {
                    roots.put(root(roots, input), root(roots, tensor));
                }
            }
        }
        Set<Tensor> wanted = new HashSet<>(graph.outputs().values());
        wanted.addAll(graph.updates().values());
        Map<Tensor, Group> byRoot = new LinkedHashMap<>();
        Map<Tensor, Group> groups = new HashMap<>();
        for (Tensor tensor : tensors) {
            if (isElementwise(tensor)) {
                Group group = byRoot.computeIfAbsent(root(roots, tensor),
                        _ -> new Group());
                group.members().add(tensor);
                groups.put(tensor, group);
            }
        }
        for (Tensor tensor : tensors) {
            Group group = groups.get(tensor);
            if (group != null
                    && (wanted.contains(tensor) || users.getOrDefault(tensor, List.of()).stream()
                            .anyMatch(user -> !group.equals(groups.get(user))))) {
                group.results().add(tensor);
            }
        }
        return new Plan(tensors, users, groups);
    }

    /** Whether each element of the result follows from the elements of the inputs at the same place, or from the place alone. */
    static boolean isElementwise(Tensor tensor) {
        return switch (tensor.op()) {
            case Op.Unary _,Op.Binary _,Op.Compare _,Op.Select _,Op.Cast _,Op.RandomBits _ -> true;
            case Op.Input _,Op.ReadVariable _,Op.Constant _,Op.Iota _,Op.StopGradient _,Op.Reduce _,Op.ArgMax _,Op.Reshape _,Op.Transpose _,Op.Broadcast _,Op.Slice _,Op.Pad _,Op.Concat _,Op.Reverse _,Op.Gather _,Op.ScatterAdd _,Op.MatMul _,Op.Conv2d _,Op.Conv2dInputGradient _,Op.Conv2dWeightGradient _,Op.MaxPool2d _,Op.MaxPool2dGradient _,Op.MaxPool2dPick _,Op.SumPool2d _,Op.SumPool2dGradient _,Op.Region _ ->
                    false;
        };
    }

    /** The tensors that read each of some tensors, as often as they do. */
    static Map<Tensor, List<Tensor>> users(List<Tensor> tensors) {
        Map<Tensor, List<Tensor>> users = new HashMap<>();
        for (Tensor tensor : tensors) {
            tensor.inputs().forEach(input -> users.computeIfAbsent(input, _ -> new ArrayList<>()).add(tensor));
        }
        return users;
    }

    private static Map<Tensor, Integer> levels(List<Tensor> tensors, Map<Tensor, List<Tensor>> users) {
        Map<Tensor, Integer> levels = new HashMap<>();
        for (Tensor tensor : tensors) {
            int level = 0;
            for (Tensor input : tensor.inputs()) {
                level = Math.max(level, level(levels, input) + (joins(input, tensor) ? 0 : 1));
            }
            levels.put(tensor, level);
        }
        for (Tensor tensor : tensors.reversed()) {
            if (isElementwise(tensor)) {
                users.getOrDefault(tensor, List.of()).stream()
                        .mapToInt(user -> level(levels, user) - (joins(tensor, user) ? 0 : 1))
                        .min().ifPresent(latest -> levels.put(tensor, latest));
            }
        }
        return levels;
    }

    private static boolean joins(Tensor input, Tensor user) {
        return isElementwise(input) && isElementwise(user) && input.shape().equals(user.shape());
    }

    private static int level(Map<Tensor, Integer> levels, Tensor tensor) {
        return Objects.requireNonNull(levels.get(tensor));
    }

    private static Tensor root(Map<Tensor, Tensor> roots, Tensor tensor) {
        Tensor root = tensor;
        for (Tensor parent = roots.get(root); parent != null && parent != root; parent = roots.get(root)) {
            root = parent;
        }
        return root;
    }
}
