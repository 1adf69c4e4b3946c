package dev.cambium.cpu.compiler;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Tensor;

/**
 * Which values of a graph have zeros by their making: behind a ReLU, in the gradient of a max-pooling, under a mask, in one-hot rows.
 * It is worth counting the zeros of such a value before it is multiplied, since most of it may be skipped; how many there are, and
 * so what is done, is seen when it runs.
 */
final class Zeros {
    private final Set<Tensor> values = new LinkedHashSet<>();

    private Zeros() {}

    static Set<Tensor> of(Graph graph) {
        var zeros = new Zeros();
        for (Tensor tensor : graph.tensors()) {
            if (zeros.arise(tensor)) {
                zeros.values.add(tensor);
            }
        }
        return Collections.unmodifiableSet(zeros.values);
    }

    /**
     * Values of which three quarters or more are zero by their making, and not by luck: what a max-pooling's gradient is spread to, also
     * behind masks.
     */
    static Set<Tensor> spread(Graph graph) {
        var spread = new LinkedHashSet<Tensor>();
        for (Tensor tensor : graph.tensors()) {
            boolean isSpread = switch (tensor.op()) {
                case Op.MaxPool2dGradient _ -> tensor.shape().size() >= 4 * tensor.input(1).shape().size();
                case Op.Select _ -> tensor.inputs().stream().skip(1)
                        .allMatch(value -> spread.contains(value) || isZero(value));
                case Op.Binary(var kind) when kind == Op.BinaryKind.MUL ->
                        tensor.inputs().stream().anyMatch(spread::contains);
                case Op.Unary(var kind) when kind == Op.UnaryKind.NEG -> spread.contains(tensor.input(0));
                default -> false;
            };
            if (isSpread) {
                spread.add(tensor);
            }
        }
        return Collections.unmodifiableSet(spread);
    }

    private boolean arise(Tensor tensor) {
        return switch (tensor.op()) {
            case Op.MaxPool2dGradient _ -> true;
            case Op.Select _ -> has(tensor.input(1)) || has(tensor.input(2));
            case Op.Cast _ -> has(tensor.input(0)) || tensor.input(0).dtype() == DType.BOOL;
            case Op.Unary(var kind) -> switch (kind) {
                case NEG, ABS, SIGN, SQRT, SIN, TANH, ERF, FLOOR, CEIL, ROUND -> has(tensor.input(0));
                case EXP, LOG, RSQRT, RECIPROCAL, COS, SIGMOID, NOT, EXPM1, LOG1P -> false;
            };
            case Op.Binary(var kind) -> switch (kind) {
                case MUL, AND -> has(tensor.input(0)) || has(tensor.input(1));
                case MAX, MIN -> isZero(tensor.input(0)) || isZero(tensor.input(1))
                        || (has(tensor.input(0)) && has(tensor.input(1)));
                case ADD, SUB, OR, XOR -> has(tensor.input(0)) && has(tensor.input(1));
                case DIV, SHIFT_LEFT, SHIFT_RIGHT -> has(tensor.input(0));
                case POW -> false;
            };
            case Op.Reshape _,Op.Transpose _,Op.Broadcast _,Op.Slice _,Op.Reverse _,Op.StopGradient _,Op.Pad _,Op.Gather _,Op.MaxPool2d _ ->
                    has(tensor.input(0));
            case Op.MaxPool2dPick _ -> has(tensor.input(1));
            case Op.Concat _ -> tensor.inputs().stream().allMatch(this::has);
            case Op.Input _,Op.ReadVariable _,Op.Constant _,Op.Iota _,Op.RandomBits _,Op.Compare _,Op.Reduce _,Op.ArgMax _,Op.ScatterAdd _,Op.MatMul _,Op.Conv2d _,Op.Conv2dInputGradient _,Op.Conv2dWeightGradient _,Op.SumPool2d _,Op.SumPool2dGradient _,Op.Region _ ->
                    false;
        };
    }

    private boolean has(Tensor tensor) {
        return values.contains(tensor) || isZero(tensor);
    }

    /** Whether all elements are known to be zero. */
    static boolean isZero(Tensor tensor) {
        return switch (tensor.op()) {
            case Op.Constant(NdArray value) -> value.size() == 1 && value.getDouble(0) == 0;
            case Op.Broadcast _,Op.Reshape _,Op.Cast _ -> isZero(tensor.input(0));
            default -> false;
        };
    }
}
