package dev.cambium.tensor;

import java.util.Locale;

/** The names of operations in error messages and graph dumps, such as {@code max_pool2d}. */
final class OpNames {
    private OpNames() {}

    static String of(Op op) {
        return switch (op) {
            case Op.Unary unary -> unary.kind().name().toLowerCase(Locale.ROOT);
            case Op.Binary binary -> binary.kind().name().toLowerCase(Locale.ROOT);
            case Op.Compare compare -> compare.kind().name().toLowerCase(Locale.ROOT);
            case Op.Reduce reduce -> "reduce_" + reduce.kind().name().toLowerCase(Locale.ROOT);
            case Op.Region region -> region.name();
            case Op.MatMul _ -> "matmul";
            case Op.Input _,Op.ReadVariable _,Op.Constant _,Op.Iota _,Op.RandomBits _,Op.Select _,Op.Cast _,Op.StopGradient _,Op.ArgMax _,Op.Reshape _,Op.Transpose _,Op.Broadcast _,Op.Slice _,Op.Pad _,Op.Concat _,Op.Reverse _,Op.Gather _,Op.ScatterAdd _,Op.Conv2d _,Op.Conv2dInputGradient _,Op.Conv2dWeightGradient _,Op.MaxPool2d _,Op.MaxPool2dGradient _,Op.MaxPool2dPick _,Op.SumPool2d _,Op.SumPool2dGradient _ ->
                    snakeCase(op.getClass().getSimpleName());
        };
    }

    private static String snakeCase(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }
}
