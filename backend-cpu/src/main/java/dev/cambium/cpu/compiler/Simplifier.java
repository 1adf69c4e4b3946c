package dev.cambium.cpu.compiler;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/**
 * The first stage: a graph with regions opened, operations that change nothing removed, chains of shape changes joined, and equal
 * subexpressions computed once. What no output needs falls away because nothing refers to it any more.
 */
final class Simplifier {
    private record Key(Op op, TensorType type, List<Tensor> inputs) {}

    private final Map<Key, Tensor> known = new HashMap<>();
    private final Map<Tensor, Integer> uses = new HashMap<>();
    private final Rewriting rewriting = new Rewriting(this::simplify);

    private Simplifier(Graph graph) {
        graph.tensors().forEach(tensor -> tensor.inputs().forEach(this::use));
        graph.outputs().values().forEach(this::use);
        graph.updates().values().forEach(this::use);
    }

    private void use(Tensor tensor) {
        uses.merge(tensor, 1, Integer::sum);
    }

    static Graph simplify(Graph graph) {
        Graph open = graph.withoutRegions();
        return new Simplifier(open).rewriting.of(open);
    }

    private Tensor simplify(Tensor tensor) {
        return rewrite(tensor, tensor.inputs().stream().map(rewriting::image).toList());
    }

    private Tensor rewrite(Tensor tensor, List<Tensor> inputs) {
        Op op = tensor.op();
        TensorType type = tensor.type();
        if (op instanceof Op.StopGradient) {
            return inputs.get(0);
        }
        if (op instanceof Op.Reshape || op instanceof Op.Broadcast) {
            Tensor input = inputs.get(0);
            if (input.type().equals(type)) {
                return input;
            }
            if (input.op().getClass() == op.getClass()) {
                return rewrite(tensor, List.of(input.input(0)));
            }
        }
        if (op instanceof Op.Transpose(var permutation) && isIdentity(permutation)) {
            return inputs.get(0);
        }
        if (op instanceof Op.Transpose outer && inputs.get(0).op() instanceof Op.Transpose inner) {
            List<Integer> joined = outer.permutation().stream().map(inner.permutation()::get).toList();
            Tensor source = inputs.get(0).input(0);
            return isIdentity(joined) ? source : unique(tensor, new Op.Transpose(joined), List.of(source));
        }
        if (op instanceof Op.Transpose outer && inputs.get(0).op() instanceof Op.MatMul
                && isSwap(outer.permutation()) && uses.getOrDefault(tensor.input(0), 0) == 1) {
            // (A · B)ᵀ = Bᵀ · Aᵀ, whose factors are views: the product is then written as its only reader wants it.
            Tensor product = inputs.get(0);
            return unique(tensor, product.op(), List.of(swapped(product.input(1)), swapped(product.input(0))));
        }
        if (op instanceof Op.Binary(var kind) && (kind == Op.BinaryKind.MUL || kind == Op.BinaryKind.DIV)
                && isOne(inputs.get(1))) {
            return inputs.get(0);
        }
        return unique(tensor, op, inputs);
    }

    private Tensor swapped(Tensor factor) {
        Tensor transposed = factor.transpose();
        return rewrite(transposed, List.of(factor));
    }

    /** Whether a permutation exchanges the last two axes and leaves the others. */
    private static boolean isSwap(List<Integer> permutation) {
        int rank = permutation.size();
        for (int i = 0; i < rank - 2; i++) {
            if (permutation.get(i) != i) {
                return false;
            }
        }
        return permutation.get(rank - 1) == rank - 2;
    }

    /** What stands for a tensor of the graph: an operation over simplified inputs, the same for equal ones. */
    private Tensor unique(Tensor original, Op op, List<Tensor> inputs) {
        return known.computeIfAbsent(new Key(op, original.type(), inputs),
                key -> Rewriting.like(original, op, key.type(), inputs));
    }

    private static boolean isIdentity(List<Integer> permutation) {
        for (int i = 0; i < permutation.size(); i++) {
            if (permutation.get(i) != i) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOne(Tensor tensor) {
        return switch (tensor.op()) {
            case Op.Broadcast _ -> isOne(tensor.input(0));
            case Op.Constant(NdArray value) -> value.size() == 1 && value.getDouble(0) == 1;
            default -> false;
        };
    }
}
