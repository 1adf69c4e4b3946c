package dev.cambium.cpu.compiler;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.cambium.tensor.Graph;
import dev.cambium.tensor.LayerPath;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Window2d;

/**
 * Moves max-poolings before additions of what is the same for a whole window, such as a bias, and before ReLU, which then run on the
 * pooled map: max(x + b) = max(x) + b, and max(relu(x)) = relu(max(x)). Their gradients follow: a pooling's gradient is masked by
 * ReLU before it is spread to the winners, since where the largest is above zero the same place wins with and without ReLU, and
 * elsewhere nothing passes; and it is summed for the bias before it is spread, since each value goes to one place.
 *
 * <p>
 * That is done where all that reads the larger map moves with it, and where the pooled one is smaller.
 *
 * <p>
 * Rounding keeps order, so values stay the same to the bit. A gradient may go to another winner where sums are equal only by rounding:
 * to the largest x instead of the first of the largest sums. Gradients of biases are added in another order. And −∞ plus a bias of ∞
 * is NaN, which shows only if the whole window is −∞; otherwise the result is ∞.
 */
final class Pools {
    private final Map<Tensor, List<Tensor>> users;
    private final Set<Tensor> wanted;
    private final Rewriting rewriting = new Rewriting(this::rewrite);

    private Pools(Graph graph) {
        users = Fusion.users(graph.tensors());
        wanted = new HashSet<>(graph.outputs().values());
        wanted.addAll(graph.updates().values());
    }

    /** A simplified graph with max-poolings as early as pays; it is simplified again if one was moved. */
    static Graph early(Graph graph) {
        Graph before = graph;
        for (Graph after = earlier(before); !after.equals(before); after = earlier(before)) {
            before = Simplifier.simplify(after);
        }
        return before;
    }

    /** Moves poolings before one operation each; gives the same graph if there is none to move. */
    private static Graph earlier(Graph graph) {
        return new Pools(graph).rewriting.of(graph);
    }

    private Tensor image(Tensor tensor) {
        return rewriting.image(tensor);
    }

    private Tensor rewrite(Tensor tensor) {
        return switch (tensor.op()) {
            case Op.MaxPool2d(var window) when moves(tensor.input(0)) -> after(tensor.input(0),
                    like(tensor, new Op.MaxPool2d(window), tensor.type(), image(moving(tensor.input(0)))));
            case Op.MaxPool2dGradient _ when isShift(tensor.input(0)) && moves(tensor.input(0)) ->
                    like(tensor, tensor.op(), tensor.type(), image(moving(tensor.input(0))), image(tensor.input(1)));
            case Op.Select _ when tensor.input(2).op() instanceof Op.MaxPool2dGradient(var window)
                    && isMasked(tensor, tensor.input(2)) && moves(tensor.input(2).input(0)) -> {
                Tensor spread = tensor.input(2);
                Tensor unpooled = image(moving(spread.input(0)));
                Tensor gradient = image(spread.input(1));
                Tensor relu = after(spread.input(0), like(spread, new Op.MaxPool2d(window), gradient.type(), unpooled));
                Tensor masked = like(tensor, tensor.op(), gradient.type(), relu.input(0), relu.input(1), gradient);
                yield like(spread, spread.op(), spread.type(), unpooled, masked);
            }
            case Op.Reduce(var kind, var axes) when kind == Op.ReduceKind.SUM && axes.containsAll(List.of(2, 3))
                    && tensor.input(0).op() instanceof Op.MaxPool2dGradient(var window)
                    && pays(window, tensor.input(0).input(1), tensor.input(0)) ->
                    like(tensor, tensor.op(), tensor.type(), image(tensor.input(0).input(1)));
            default -> Rewriting.over(tensor, tensor.inputs().stream().map(this::image).toList());
        };
    }

    /** An operation in the name of the same layer as another. */
    private static Tensor like(Tensor model, Op op, TensorType type, Tensor... inputs) {
        return Rewriting.like(model, op, type, List.of(inputs));
    }

    /** What is done before pooling, done after it. */
    private Tensor after(Tensor done, Tensor pooled) {
        return LayerPath.within(done.path(), () -> isRelu(done) ? pooled.relu()
                : pooled.add(image(done.input(flat(done)).input(0)).broadcastTo(pooled.shape())));
    }

    /** The input whose order decides which place wins. */
    private static Tensor moving(Tensor done) {
        return done.input(isRelu(done) ? 2 : 1 - flat(done));
    }

    /** Whether all that reads a sum or a ReLU's result is a pooling, or its gradient, that moves before it. */
    private boolean moves(Tensor done) {
        return (isRelu(done) || isShift(done)) && !wanted.contains(done)
                && users(done).stream().allMatch(user -> movesBefore(done, user));
    }

    private boolean movesBefore(Tensor done, Tensor user) {
        return switch (user.op()) {
            case Op.MaxPool2d(var window) -> pays(window, user, done);
            case Op.MaxPool2dGradient(var window) -> user.input(1) != done && pays(window, user.input(1), done)
                    && (isShift(done) || (!wanted.contains(user)
                            && users(user).stream().allMatch(masked -> isMasked(masked, user))));
            default -> false;
        };
    }

    private List<Tensor> users(Tensor tensor) {
        return users.getOrDefault(tensor, List.of());
    }

    /** Whether a pooled map is smaller; not if a window may lie in the padding alone, whose −∞ is none of its elements. */
    private static boolean pays(Window2d window, Tensor pooled, Tensor unpooled) {
        boolean gaps = window.dilationHeight() > 1 || window.dilationWidth() > 1;
        boolean padded = window.top() + window.bottom() + window.left() + window.right() > 0;
        return pooled.shape().size() < unpooled.shape().size() && !(gaps && padded);
    }

    private static boolean isRelu(Tensor tensor) {
        return tensor.op() instanceof Op.Select && Gates.isRelu(tensor);
    }

    /** Whether a pooling's gradient is masked by the ReLU whose result is pooled: x ≤ 0 ? 0 : gradient. */
    private static boolean isMasked(Tensor tensor, Tensor gradient) {
        Tensor relu = gradient.input(0);
        return tensor.op() instanceof Op.Select && isRelu(relu) && tensor.input(0) == relu.input(0)
                && Zeros.isZero(tensor.input(1)) && tensor.input(2) == gradient;
    }

    /** Whether something is added that is the same for all places of an image. */
    private static boolean isShift(Tensor tensor) {
        return tensor.op() instanceof Op.Binary(var kind) && kind == Op.BinaryKind.ADD
                && tensor.inputs().stream().anyMatch(Pools::isFlat);
    }

    /** Which input of a sum is the same for all places. */
    private static int flat(Tensor sum) {
        return isFlat(sum.input(1)) ? 1 : 0;
    }

    private static boolean isFlat(Tensor tensor) {
        if (!(tensor.op() instanceof Op.Broadcast)) {
            return false;
        }
        Shape shape = tensor.input(0).shape();
        return (shape.rank() < 1 || shape.dim(-1) == 1) && (shape.rank() < 2 || shape.dim(-2) == 1);
    }
}
