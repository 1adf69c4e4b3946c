package dev.cambium.cpu.compiler;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.cambium.tensor.Graph;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.Variable;

/**
 * The orders of axes in which a graph wants its variables to lie. A large matrix that is transposed before it is first multiplied by, as
 * a linear layer's weights are, lies transposed; what is updated together with it lies as it does.
 */
final class VariableOrders {
    /** Elements from which on transposing costs something. */
    private static final int LARGE = 1 << 14;
    /** Columns, once transposed, that fill some vectors. */
    private static final int WIDE = 64;

    private VariableOrders() {}

    static Map<Variable, int[]> wanted(Graph graph) {
        Fusion.Plan plan = Fusion.plan(graph);
        Set<Tensor> transposed = graph.tensors().stream()
                .filter(tensor -> isTransposed(tensor, plan.users().getOrDefault(tensor, List.of())))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        boolean grown = true;
        while (grown) {
            grown = false;
            for (Fusion.Group group : plan.groups().values()) {
                List<Tensor> read = group.members().stream().flatMap(member -> member.inputs().stream())
                        .filter(input -> input.op() instanceof Op.ReadVariable && input.shape().equals(group.shape()))
                        .toList();
                grown |= read.stream().anyMatch(transposed::contains) && transposed.addAll(read);
            }
        }
        var orders = new HashMap<Variable, int[]>();
        graph.variables()
                .forEach(variable -> orders.put(variable, Orders.rowMajor(variable.type().shape().rank())));
        for (Tensor tensor : transposed) {
            if (tensor.op() instanceof Op.ReadVariable(Variable variable)) {
                orders.put(variable, new int[] {1, 0});
            }
        }
        return orders;
    }

    private static boolean isTransposed(Tensor tensor, List<Tensor> users) {
        return tensor.op() instanceof Op.ReadVariable && tensor.shape().rank() == 2 && tensor.shape().size() >= LARGE
                && tensor.shape().dim(0) >= WIDE
                && users.stream().filter(user -> !Fusion.isElementwise(user)).findFirst()
                        .filter(user -> user.op() instanceof Op.Transpose).isPresent()
                && users.stream().allMatch(user -> user.op() instanceof Op.Transpose
                        || user.op() instanceof Op.MatMul || Fusion.isElementwise(user));
    }
}
