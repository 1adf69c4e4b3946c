package dev.cambium.tensor;

import static dev.cambium.Stability.Level.STABLE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import dev.cambium.Stability;

/**
 * Reverse-mode differentiation as a transformation of the graph: the gradients are tensors like any other, so that they compile
 * into the same executable and can be differentiated again.
 */
@Stability(value = STABLE, since = "0.1")
public final class Gradients {
    private Gradients() {}

    /**
     * The gradients of a scalar by tensors.
     *
     * @param loss
     *            a floating-point scalar
     * @param by
     *            floating-point tensors; one that the loss does not depend on gets zeros
     * @return one gradient for each of {@code by}, of its type
     * @throws ShapeException
     *             if the loss is not a floating-point scalar, or a tensor of {@code by} is not floating-point
     */
    public static List<Tensor> of(Tensor loss, List<Tensor> by) {
        if (loss.shape().rank() != 0 || !loss.dtype().isFloating()) {
            throw new ShapeException("gradients are taken of a floating-point scalar, not of " + loss.type()
                    + "; take its mean or sum first");
        }
        return of(loss, Tensor.full(loss.type(), 1), by);
    }

    /**
     * The gradients of ⟨output, outputGradient⟩ by tensors (a vector–Jacobian product).
     *
     * @param output
     *            a floating-point tensor of any shape
     * @param outputGradient
     *            what flows into it, of its type
     * @param by
     *            floating-point tensors; one that the output does not depend on gets zeros
     * @throws ShapeException
     *             if the types of output and gradient differ, or a tensor of {@code by} is not floating-point
     */
    public static List<Tensor> of(Tensor output, Tensor outputGradient, List<Tensor> by) {
        if (!outputGradient.type().equals(output.type())) {
            throw new ShapeException("what flows back into %s must be of that type, not %s".formatted(output.type(),
                    outputGradient.type()));
        }
        for (Tensor tensor : by) {
            if (!tensor.dtype().isFloating()) {
                throw new ShapeException("gradients are taken by floating-point tensors, not by " + tensor);
            }
        }
        List<Tensor> order = Graph.topological(List.of(output));
        Set<Tensor> active = active(order, by);
        Map<Tensor, Tensor> gradients = new HashMap<>();
        gradients.put(output, outputGradient);
        for (Tensor tensor : order.reversed()) {
            Tensor gradient = gradients.get(tensor);
            if (gradient == null || !active.contains(tensor) || tensor.inputs().isEmpty()) {
                continue;
            }
            List<@Nullable Tensor> backwards = LayerPath.within(tensor.path(),
                    () -> pullBack(tensor, gradient, active));
            for (int i = 0; i < backwards.size(); i++) {
                Tensor part = backwards.get(i);
                if (part != null && active.contains(tensor.input(i))) {
                    gradients.merge(tensor.input(i), part, Tensor::add);
                }
            }
        }
        return by.stream()
                .map(tensor -> Optional.ofNullable(gradients.get(tensor)).orElseGet(() -> Tensor.zeros(tensor.type())))
                .toList();
    }

    /** The tensors that depend on one of {@code by} through floating-point values. */
    private static Set<Tensor> active(List<Tensor> order, Collection<Tensor> by) {
        Set<Tensor> active = new HashSet<>(by);
        for (Tensor tensor : order) {
            if (tensor.dtype().isFloating() && !(tensor.op() instanceof Op.StopGradient)
                    && tensor.inputs().stream().anyMatch(active::contains)) {
                active.add(tensor);
            }
        }
        return active;
    }

    /** The gradients by the inputs of one tensor, null where none flows. */
    private static List<@Nullable Tensor> pullBack(Tensor y, Tensor dy, Set<Tensor> active) {
        return switch (y.op()) {
            case Op.Input _,Op.ReadVariable _,Op.Constant _,Op.Iota _,Op.RandomBits _ -> List.of();
            case Op.StopGradient _,Op.Compare _,Op.ArgMax _ -> none(y.inputs().size());
            case Op.Unary unary -> one(unary(unary.kind(), y.input(0), y, dy));
            case Op.Binary binary -> binary(binary.kind(), y.input(0), y.input(1), y, dy);
            case Op.Select _ -> {
                Tensor zero = Tensor.zeros(dy.type());
                yield Arrays.asList(null, Tensor.select(y.input(0), dy, zero), Tensor.select(y.input(0), zero, dy));
            }
            case Op.Cast _ -> one(dy.cast(y.input(0).dtype()));
            case Op.Reduce reduce -> one(reduce(reduce, y.input(0), y, dy));
            case Op.Reshape _ -> one(dy.reshape(y.input(0).shape()));
            case Op.Transpose transpose -> one(dy.transpose(inverse(transpose.permutation())));
            case Op.Broadcast _ -> one(unbroadcast(dy, y.input(0).shape()));
            case Op.Slice slice -> one(unslice(slice, y.input(0), dy));
            case Op.Pad pad -> one(Tensor.of(new Op.Slice(pad.low(), pad.interior().stream().map(i -> i + 1).toList()),
                    y.input(0).type(), dy));
            case Op.Concat concat -> split(concat.axis(), y.inputs(), dy);
            case Op.Reverse reverse -> one(dy.reverse(reverse.axes().stream().mapToInt(i -> i).toArray()));
            case Op.Gather _ -> Arrays.asList(Tensor.zeros(y.input(0).type()).scatterAdd(y.input(1), dy), null);
            case Op.ScatterAdd _ -> Arrays.asList(dy, null, dy.gather(y.input(1)));
            case Op.MatMul _ -> List.of(dy.matmul(y.input(1).transpose()), y.input(0).transpose().matmul(dy));
            case Op.Conv2d(var window, var groups) -> List.of(
                    Tensor.of(new Op.Conv2dInputGradient(window, groups), y.input(0).type(), dy, y.input(1)),
                    Tensor.of(new Op.Conv2dWeightGradient(window, groups), y.input(1).type(), y.input(0), dy));
            case Op.Conv2dInputGradient(var window, var groups) -> List.of(
                    Tensor.of(new Op.Conv2d(window, groups), y.input(0).type(), dy, y.input(1)),
                    Tensor.of(new Op.Conv2dWeightGradient(window, groups), y.input(1).type(), dy, y.input(0)));
            case Op.Conv2dWeightGradient(var window, var groups) -> List.of(
                    Tensor.of(new Op.Conv2dInputGradient(window, groups), y.input(0).type(), y.input(1), dy),
                    Tensor.of(new Op.Conv2d(window, groups), y.input(1).type(), y.input(0), dy));
            case Op.MaxPool2d(var window) ->
                    one(Tensor.of(new Op.MaxPool2dGradient(window), y.input(0).type(), y.input(0), dy));
            case Op.MaxPool2dGradient(var window) ->
                    Arrays.asList(null, Tensor.of(new Op.MaxPool2dPick(window), y.input(1).type(), y.input(0), dy));
            case Op.MaxPool2dPick(var window) ->
                    Arrays.asList(null, Tensor.of(new Op.MaxPool2dGradient(window), y.input(1).type(), y.input(0), dy));
            case Op.SumPool2d(var window) -> one(Tensor.of(new Op.SumPool2dGradient(window), y.input(0).type(), dy));
            case Op.SumPool2dGradient(var window) -> one(Tensor.of(new Op.SumPool2d(window), y.input(0).type(), dy));
            case Op.Region region -> region(region, y, dy, active);
        };
    }

    private static @Nullable Tensor unary(Op.UnaryKind kind, Tensor x, Tensor y, Tensor dy) {
        return switch (kind) {
            case NEG -> dy.neg();
            case ABS -> dy.mul(x.sign());
            case SIGN, FLOOR, CEIL, ROUND, NOT -> null;
            case EXP -> dy.mul(y);
            case EXPM1 -> dy.mul(y.add(1));
            case LOG -> dy.div(x);
            case LOG1P -> dy.div(x.add(1));
            case SQRT -> dy.div(y.mul(2));
            case RSQRT -> dy.mul(y.mul(y).mul(y)).mul(-0.5);
            case RECIPROCAL -> dy.mul(y.mul(y)).neg();
            case SIN -> dy.mul(x.cos());
            case COS -> dy.mul(x.sin()).neg();
            case TANH -> dy.sub(dy.mul(y.mul(y)));
            case SIGMOID -> dy.mul(y.sub(y.mul(y)));
            case ERF -> dy.mul(x.mul(x).neg().exp()).mul(2 / Math.sqrt(Math.PI));
        };
    }

    private static List<@Nullable Tensor> binary(Op.BinaryKind kind, Tensor a, Tensor b, Tensor y, Tensor dy) {
        return switch (kind) {
            case ADD -> List.of(dy, dy);
            case SUB -> List.of(dy, dy.neg());
            case MUL -> List.of(dy.mul(b), dy.mul(a));
            case DIV -> List.of(dy.div(b), dy.mul(y).div(b).neg());
            case POW -> List.of(power(a, b, dy), exponent(a, b, y, dy));
            case MAX -> List.of(share(a.lt(b), a.eq(b), dy), share(b.lt(a), a.eq(b), dy));
            case MIN -> List.of(share(a.gt(b), a.eq(b), dy), share(b.gt(a), a.eq(b), dy));
            case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT -> none(2);
        };
    }

    /** By the base: dy · b · a to the (b − 1), and 0 where b is 0, also at a = 0. */
    private static Tensor power(Tensor a, Tensor b, Tensor dy) {
        Tensor zero = Tensor.zeros(dy.type());
        return Tensor.select(b.eq(zero), zero, dy.mul(b).mul(a.pow(b.sub(1))));
    }

    /** By the exponent: dy · y · ln a, and 0 where a is 0 and b is not negative. */
    private static Tensor exponent(Tensor a, Tensor b, Tensor y, Tensor dy) {
        Tensor zero = Tensor.zeros(dy.type());
        return Tensor.select(a.eq(zero).and(b.ge(zero)), zero, dy.mul(y).mul(a.log()));
    }

    /** Nothing where one side loses, half where both are equal, else all; so a NaN passes the gradient on, as in PyTorch. */
    private static Tensor share(Tensor loses, Tensor equal, Tensor dy) {
        return Tensor.select(loses, Tensor.zeros(dy.type()), Tensor.select(equal, dy.mul(0.5), dy));
    }

    private static Tensor reduce(Op.Reduce op, Tensor x, Tensor y, Tensor dy) {
        Shape kept = x.shape();
        for (int axis : op.axes()) {
            kept = kept.withDim(axis, 1);
        }
        Tensor spread = dy.reshape(kept).broadcastTo(x.shape());
        return switch (op.kind()) {
            case SUM -> spread;
            case MAX, MIN -> {
                Tensor wins = x.eq(y.reshape(kept)).or(x.ne(x));
                int[] axes = op.axes().stream().mapToInt(i -> i).toArray();
                Tensor count = wins.cast(dy.dtype()).sum(axes).reshape(kept);
                yield Tensor.select(wins, spread.div(count), Tensor.zeros(x.type()));
            }
        };
    }

    private static int[] inverse(List<Integer> permutation) {
        int[] inverse = new int[permutation.size()];
        for (int i = 0; i < inverse.length; i++) {
            inverse[permutation.get(i)] = i;
        }
        return inverse;
    }

    private static Tensor unbroadcast(Tensor dy, Shape shape) {
        int outer = dy.shape().rank() - shape.rank();
        int[] axes = IntStream.range(0, dy.shape().rank())
                .filter(axis -> axis < outer || (shape.dim(axis - outer) == 1 && dy.shape().dim(axis) != 1))
                .toArray();
        return (axes.length == 0 ? dy : dy.sum(axes)).reshape(shape);
    }

    private static Tensor unslice(Op.Slice slice, Tensor x, Tensor dy) {
        var high = new ArrayList<Integer>();
        var interior = new ArrayList<Integer>();
        for (int axis = 0; axis < x.shape().rank(); axis++) {
            int count = dy.shape().dim(axis);
            int step = slice.steps().get(axis);
            int covered = count == 0 ? 0 : (count - 1) * step + 1;
            high.add(x.shape().dim(axis) - slice.starts().get(axis) - covered);
            interior.add(step - 1);
        }
        return Tensor.of(new Op.Pad(slice.starts(), List.copyOf(high), List.copyOf(interior)), x.type(), dy);
    }

    private static List<@Nullable Tensor> split(int axis, List<Tensor> inputs, Tensor dy) {
        var parts = new ArrayList<@Nullable Tensor>();
        int start = 0;
        for (Tensor input : inputs) {
            int end = start + input.shape().dim(axis);
            parts.add(dy.slice(axis, start, end));
            start = end;
        }
        return parts;
    }

    private static List<@Nullable Tensor> region(Op.Region region, Tensor y, Tensor dy, Set<Tensor> active) {
        if (region.gradient().isPresent()) {
            return List.copyOf(own(region, region.gradient().get(), y, dy));
        }
        // Taken over the parameters, so that the body alone is walked and a tensor passed twice gets two gradients. The inner
        // values that it needs are the body's own, where a backend computes the region as it stands and shares subexpressions.
        Tensor flowing = Tensor.input(region.name() + ".gradient", dy.type());
        List<Integer> wanted = IntStream.range(0, y.inputs().size()).filter(i -> active.contains(y.input(i))).boxed()
                .toList();
        List<Tensor> gradients = of(region.result(), flowing, wanted.stream().map(region.parameters()::get).toList());
        Map<Tensor, Tensor> standIns = new HashMap<>(Map.of(flowing, dy));
        for (int i = 0; i < y.inputs().size(); i++) {
            standIns.put(region.parameters().get(i), y.input(i));
        }
        List<Tensor> overInputs = Graph.substitute(gradients, standIns);
        var result = new ArrayList<@Nullable Tensor>(none(y.inputs().size()));
        for (int i = 0; i < wanted.size(); i++) {
            result.set(wanted.get(i), overInputs.get(i));
        }
        return result;
    }

    private static List<Tensor> own(Op.Region region, GradientRule rule, Tensor y, Tensor dy) {
        List<Tensor> gradients = rule.apply(y.inputs(), y, dy);
        if (gradients.size() != y.inputs().size()) {
            throw new ShapeException("the gradient of %s gives %d tensors for %d inputs".formatted(region.name(),
                    gradients.size(), y.inputs().size()));
        }
        for (int i = 0; i < gradients.size(); i++) {
            if (!gradients.get(i).type().equals(y.input(i).type())) {
                throw new ShapeException("the gradient of %s by input %d is %s, but the input is %s"
                        .formatted(region.name(), i, gradients.get(i).type(), y.input(i).type()));
            }
        }
        return gradients;
    }

    private static List<@Nullable Tensor> one(@Nullable Tensor gradient) {
        return Collections.singletonList(gradient);
    }

    private static List<@Nullable Tensor> none(int count) {
        return Collections.nCopies(count, null);
    }
}
