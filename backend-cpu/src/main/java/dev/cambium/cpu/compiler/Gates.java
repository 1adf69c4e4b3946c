package dev.cambium.cpu.compiler;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Tensor;

/**
 * Which values, gradients by their nature, are needed only where another value is not zero, since whatever reads them multiplies by
 * a mask, or selects, or passes on to where a pooling's winner stands. So the gradient by a ReLU's result is needed only where
 * that is not zero.
 */
final class Gates {
    private final Map<Tensor, List<Tensor>> users;
    private final Set<Tensor> wanted;

    private Gates(Map<Tensor, List<Tensor>> users, Set<Tensor> wanted) {
        this.users = users;
        this.wanted = wanted;
    }

    /**
     * Looks at a graph.
     *
     * @param users
     *            the tensors that read each tensor
     */
    static Gates of(Graph graph, Map<Tensor, List<Tensor>> users) {
        var wanted = new HashSet<>(graph.outputs().values());
        wanted.addAll(graph.updates().values());
        return new Gates(users, wanted);
    }

    /** Whether elements of a tensor are needed only where those of another of the same shape are not zero. */
    boolean neededOnlyWhere(Tensor tensor, Tensor value) {
        return !wanted.contains(tensor) && tensor.shape().equals(value.shape())
                && users.getOrDefault(tensor, List.of()).stream().allMatch(user -> passes(tensor, user, value));
    }

    private boolean passes(Tensor tensor, Tensor user, Tensor value) {
        return switch (user.op()) {
            case Op.Reshape _ -> unshaped(value, user).filter(inner -> neededOnlyWhere(user, inner)).isPresent();
            case Op.Binary(var kind) when kind == Op.BinaryKind.MUL -> {
                // value = inner · mask, whose zeros are the inner value's and the mask's: tiny numbers do not become zeros by it.
                Tensor mask = user.input(0) == tensor ? user.input(1) : user.input(0);
                yield value.op() instanceof Op.Binary(var k) && k == Op.BinaryKind.MUL && value.inputs().contains(mask)
                        && isMask(mask)
                        && neededOnlyWhere(user, value.input(0) == mask ? value.input(1) : value.input(0));
            }
            // value = x ≤ 0 ? 0 : x, and the gradient passes where not x ≤ 0, or where not value ≤ 0.
            case Op.Select _ -> value.op() instanceof Op.Select && isRelu(value) && user.input(2) == tensor
                    && user.input(1) != tensor && Zeros.isZero(user.input(1))
                    && (user.input(0) == value.input(0) || isNotAboveZero(user.input(0), value));
            case Op.MaxPool2dGradient(var window) -> user.input(1) == tensor
                    && value.op() instanceof Op.MaxPool2d(var pooled) && pooled.equals(window)
                    && value.input(0) == user.input(0) && neededOnlyWhere(user, user.input(0));
            default -> false;
        };
    }

    /** What is, in the shape of another tensor, a value. */
    private static Optional<Tensor> unshaped(Tensor value, Tensor shaped) {
        return value.op() instanceof Op.Reshape && value.input(0).shape().equals(shaped.shape())
                ? Optional.of(value.input(0))
                : Optional.empty();
    }

    /** Whether a choice is x ≤ 0 ? 0 : x. */
    static boolean isRelu(Tensor value) {
        return isNotAboveZero(value.input(0), value.input(2)) && Zeros.isZero(value.input(1));
    }

    private static boolean isNotAboveZero(Tensor comparison, Tensor value) {
        return comparison.op() instanceof Op.Compare(var kind) && kind == Op.CompareKind.LE
                && comparison.input(0) == value && Zeros.isZero(comparison.input(1));
    }

    /** Whether all elements are zero, or at least one. */
    private static boolean isMask(Tensor tensor) {
        return switch (tensor.op()) {
            case Op.Broadcast _,Op.Reshape _,Op.Transpose _ -> isMask(tensor.input(0));
            case Op.Cast _ -> tensor.input(0).dtype() == DType.BOOL || isMask(tensor.input(0));
            case Op.Binary(var kind) -> kind == Op.BinaryKind.MUL && isMask(tensor.input(0))
                    && isMask(tensor.input(1));
            case Op.Constant(NdArray value) -> value.size() == 1
                    && (value.getDouble(0) == 0 || Math.abs(value.getDouble(0)) >= 1);
            default -> false;
        };
    }
}
