package dev.cambium.golden;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;

/** Reductions, and element-wise operations on shapes that broadcast, whose gradients are reductions. */
final class Reductions {
    private static final double NAN = Double.NaN;

    private Reductions() {}

    static List<Case> cases() {
        Draw draw = new Draw(900);
        Tensor cube = draw.distinct(2, 3, 4);
        Tensor special = Draw.tensor(new double[] {
            1, 3, 3, 2, //
            5, NAN, 7, NAN, //
            -1, -1, -1, -1, //
            0.0, -0.0, 0.0, Double.NEGATIVE_INFINITY
        }, 4, 4);
        BiFunction<Tensor, long[], Tensor> sum = Tensor::sum;
        BiFunction<Tensor, long[], Tensor> mean = Tensor::mean;
        BiFunction<Tensor, long[], Tensor> max = (x, axes) -> x.amax(axes, false);
        BiFunction<Tensor, long[], Tensor> min = (x, axes) -> x.amin(axes, false);
        BiFunction<Tensor, long[], Tensor> argmax = (x, axes) -> x.argmax(new LongOptional(axes[0]), false);
        return List.of(
                reduction("sum_all", draw, cube, sum, 0, 1, 2),
                reduction("sum_first_axis", draw, cube, sum, 0),
                reduction("sum_last_axis", draw, cube, sum, 2),
                reduction("sum_first_and_last_axis", draw, cube, sum, 0, 2),
                reduction("mean_all", draw, cube, mean, 0, 1, 2),
                reduction("mean_middle_axis", draw, cube, mean, 1),
                reduction("max_last_axis", draw, cube, max, 2),
                reduction("max_first_and_middle_axis", draw, cube, max, 0, 1),
                reduction("max_shares_the_gradient_among_ties", draw, special, max, 1),
                reduction("min_middle_axis", draw, cube, min, 1),
                reduction("min_shares_the_gradient_among_ties", draw, special, min, 1),
                reduction("argmax_last_axis", draw, cube, argmax, 2),
                reduction("argmax_is_the_first_of_ties", draw, special, argmax, 1),
                broadcast("broadcast_add", draw, Tensor::add, new long[] {2, 3, 4}, 3, 1),
                broadcast("broadcast_mul", draw, Tensor::mul, new long[] {2, 1, 4}, 3, 1),
                broadcast("broadcast_sub_scalar", draw, Tensor::sub, new long[] {2, 3}),
                broadcast("broadcast_div", draw, (a, b) -> a.div(b.abs().add(b.square())), new long[] {3}, 2, 1));
    }

    private static Case reduction(String name, Draw draw, Tensor x, BiFunction<Tensor, long[], Tensor> function,
            long... axes) {
        return new Experiment(name, draw).setting("axes", Arrays.stream(axes).boxed().toList())
                .variable("x", x)
                .run(in -> function.apply(in.get("x"), axes));
    }

    private static Case broadcast(String name, Draw draw, BinaryOperator<Tensor> function, long[] a, long... b) {
        return new Experiment(name, draw).variable("a", draw.uniform(a))
                .variable("b", draw.uniform(b))
                .run(in -> function.apply(in.get("a"), in.get("b")));
    }
}
