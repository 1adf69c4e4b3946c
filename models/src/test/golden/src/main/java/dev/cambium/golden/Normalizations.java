package dev.cambium.golden;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

final class Normalizations {
    private static final double EPSILON = 1e-5;
    private static final double MOMENTUM = 0.1;

    private Normalizations() {}

    static List<Case> cases() {
        Draw draw = new Draw(600);
        return List.of(
                layerNorm("layer_norm", draw, true, new long[] {3, 5}, 5),
                layerNorm("layer_norm_of_sequences", draw, true, new long[] {2, 3, 4}, 4),
                layerNorm("layer_norm_over_two_axes", draw, true, new long[] {2, 3, 4}, 3, 4),
                layerNorm("layer_norm_without_scale_and_shift", draw, false, new long[] {3, 4}, 4),
                batchNorm("batch_norm_train", draw, true, 4, 3),
                batchNorm("batch_norm_eval", draw, false, 4, 3),
                batchNorm("batch_norm_train_images", draw, true, 2, 3, 3, 4),
                batchNorm("batch_norm_eval_images", draw, false, 2, 3, 3, 4));
    }

    private static Case layerNorm(String name, Draw draw, boolean affine, long[] x, long... normalized) {
        Experiment experiment = new Experiment(name, draw).setting("epsilon", EPSILON)
                .setting("normalized_shape", Arrays.stream(normalized).boxed().toList())
                .variable("x", draw.uniform(x));
        if (affine) {
            experiment.variable("weight", draw.uniform(normalized)).variable("bias", draw.uniform(normalized));
        }
        return experiment.run(in -> torch.layer_norm(in.get("x"),
                normalized,
                affine ? new TensorOptional(in.get("weight")) : new TensorOptional(),
                affine ? new TensorOptional(in.get("bias")) : new TensorOptional(),
                EPSILON,
                false));
    }

    /** The running variance takes the unbiased variance of the batch, the output the biased one. */
    private static Case batchNorm(String name, Draw draw, boolean training, long... x) {
        long channels = x[1];
        return new Experiment(name, draw).setting("training", training)
                .setting("epsilon", EPSILON)
                .setting("momentum", MOMENTUM)
                .variable("x", draw.uniform(x))
                .variable("weight", draw.uniform(channels))
                .variable("bias", draw.uniform(channels))
                .constant("running_mean", draw.uniform(channels))
                .constant("running_var", draw.uniform(channels).abs().add(new Scalar(0.25)))
                .runAll(in -> batchNorm(in, training));
    }

    private static Map<String, Tensor> batchNorm(Map<String, Tensor> in, boolean training) {
        Tensor mean = in.get("running_mean").clone();
        Tensor variance = in.get("running_var").clone();
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("y", torch.batch_norm(in.get("x"),
                new TensorOptional(in.get("weight")),
                new TensorOptional(in.get("bias")),
                new TensorOptional(mean),
                new TensorOptional(variance),
                training,
                MOMENTUM,
                EPSILON,
                false));
        outputs.put("running_mean", mean);
        outputs.put("running_var", variance);
        return outputs;
    }
}
