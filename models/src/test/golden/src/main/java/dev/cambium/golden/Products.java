package dev.cambium.golden;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

import java.util.List;

final class Products {
    private static final double MINUS_INFINITY = Double.NEGATIVE_INFINITY;

    private Products() {}

    static List<Case> linear() {
        Draw draw = new Draw(200);
        return List.of(
                linear("batch_3", draw, true, 4, 3, 5),
                linear("batch_1", draw, true, 2, 1, 7),
                linear("without_bias", draw, false, 3, 4, 2),
                linear("one_output", draw, true, 1, 3, 3),
                linear("leading_axes", draw, true, 3, 2, 3, 4),
                linear("vector", draw, true, 3, 4));
    }

    static List<Case> matmul() {
        Draw draw = new Draw(210);
        return List.of(
                matmul("matrices", draw, new long[] {3, 4}, new long[] {4, 5}),
                matmul("batches", draw, new long[] {2, 3, 4}, new long[] {2, 4, 2}),
                matmul("broadcast_batches", draw, new long[] {2, 1, 2, 3}, new long[] {3, 3, 2}),
                matmul("broadcast_matrix", draw, new long[] {2, 3, 4}, new long[] {4, 2}));
    }

    static List<Case> attention() {
        Draw draw = new Draw(220);
        return List.of(
                attention("self", draw, 2, 3, false, false, 0),
                attention("cross", draw, 1, 5, false, false, 0),
                attention("causal", draw, 1, 3, false, true, 0),
                attention("additive_mask", draw, 1, 4, true, false, 0),
                attention("scale_one", draw, 1, 4, false, false, 1));
    }

    private static Case linear(String name, Draw draw, boolean bias, long outputs, long... x) {
        Experiment experiment = new Experiment(name, draw).variable("x", draw.uniform(x))
                .variable("weight", draw.uniform(outputs, x[x.length - 1]));
        if (bias) {
            experiment.variable("bias", draw.uniform(outputs));
        }
        return experiment.run(in -> bias
                ? torch.linear(in.get("x"), in.get("weight"), new TensorOptional(in.get("bias")))
                : torch.linear(in.get("x"), in.get("weight")));
    }

    private static Case matmul(String name, Draw draw, long[] a, long[] b) {
        return new Experiment(name, draw).variable("a", draw.uniform(a))
                .variable("b", draw.uniform(b))
                .run(in -> in.get("a").matmul(in.get("b")));
    }

    /**
     * 2 heads, 3 queries and {@code keys} keys of 4 features, values of 4.
     *
     * @param scale what the products of queries and keys are multiplied by; 0 for 1/√features
     */
    private static Case attention(String name, Draw draw, long batch, long keys, boolean masked, boolean causal,
            double scale) {
        Experiment experiment = new Experiment(name, draw).setting("causal", causal)
                .setting("scale", scale == 0 ? 0.5 : scale)
                .variable("query", draw.uniform(batch, 2, 3, 4))
                .variable("key", draw.uniform(batch, 2, keys, 4))
                .variable("value", draw.uniform(batch, 2, keys, 4));
        if (masked) {
            experiment.constant("mask", Draw.tensor(new double[] {
                0, MINUS_INFINITY, 0, 0.5, //
                -1, 0, MINUS_INFINITY, MINUS_INFINITY, //
                0, 0, 2, 0
            }, 3, 4));
        }
        return experiment.run(in -> torch.scaled_dot_product_attention(in.get("query"),
                in.get("key"),
                in.get("value"),
                masked ? new TensorOptional(in.get("mask")) : new TensorOptional(),
                0,
                causal,
                scale == 0 ? new DoubleOptional() : new DoubleOptional(scale),
                false));
    }
}
