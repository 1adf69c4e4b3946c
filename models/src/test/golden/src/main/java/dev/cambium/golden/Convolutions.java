package dev.cambium.golden;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

final class Convolutions {

    private Convolutions() {}

    static List<Case> conv2d() {
        return List.of(
                conv2d("stride_1", 1, shape(2, 2, 5, 5), shape(3, 2, 3, 3), true, pair(1, 1), "0", pair(1, 1), 1),
                conv2d("padding_1", 2, shape(2, 2, 4, 5), shape(3, 2, 3, 3), true, pair(1, 1), "1", pair(1, 1), 1),
                conv2d("padding_same", 3, shape(1, 3, 5, 4), shape(4, 3, 3, 3), true, pair(1, 1), "same",
                        pair(1, 1), 1),
                conv2d("padding_same_even_kernel", 4, shape(1, 2, 5, 4), shape(2, 2, 2, 4), true, pair(1, 1), "same",
                        pair(1, 1), 1),
                conv2d("padding_same_dilation_2", 5, shape(1, 2, 6, 5), shape(2, 2, 3, 2), true, pair(1, 1), "same",
                        pair(2, 2), 1),
                conv2d("stride_2", 6, shape(2, 2, 7, 6), shape(3, 2, 3, 3), true, pair(2, 2), "0", pair(1, 1), 1),
                conv2d("stride_2_padding_1", 7, shape(1, 2, 7, 7), shape(3, 2, 3, 3), true, pair(2, 2), "1",
                        pair(1, 1), 1),
                conv2d("stride_2_1", 8, shape(1, 2, 7, 6), shape(3, 2, 3, 3), false, pair(2, 1), "1", pair(1, 1), 1),
                conv2d("dilation_2", 9, shape(1, 2, 7, 6), shape(2, 2, 3, 3), true, pair(1, 1), "0", pair(2, 2), 1),
                conv2d("dilation_2_1_stride_2_padding_2_1", 10, shape(2, 1, 8, 7), shape(2, 1, 3, 2), true, pair(2, 2),
                        "2,1", pair(2, 1), 1),
                conv2d("groups_2", 11, shape(2, 4, 5, 5), shape(6, 2, 3, 3), true, pair(1, 1), "1", pair(1, 1), 2),
                conv2d("depthwise", 12, shape(2, 3, 5, 6), shape(3, 1, 3, 3), true, pair(1, 1), "1", pair(1, 1), 3),
                conv2d("depthwise_multiplier_2_stride_2", 13, shape(1, 3, 6, 5), shape(6, 1, 3, 3), false, pair(2, 2),
                        "1", pair(1, 1), 3),
                conv2d("without_bias", 14, shape(3, 1, 4, 4), shape(2, 1, 3, 3), false, pair(1, 1), "0", pair(1, 1), 1),
                conv2d("kernel_1x1", 15, shape(3, 5, 3, 3), shape(4, 5, 1, 1), true, pair(1, 1), "0", pair(1, 1), 1),
                conv2d("kernel_1x1_stride_2", 16, shape(1, 4, 5, 5), shape(3, 4, 1, 1), true, pair(2, 2), "0",
                        pair(1, 1), 1),
                conv2d("kernel_5x5_padding_2", 17, shape(1, 1, 6, 7), shape(2, 1, 5, 5), true, pair(1, 1), "2",
                        pair(1, 1), 1),
                conv2d("kernel_as_large_as_the_image", 18, shape(3, 2, 4, 3), shape(5, 2, 4, 3), true, pair(1, 1), "0",
                        pair(1, 1), 1),
                conv2d("stride_3_leaves_pixels_unread", 19, shape(1, 1, 7, 8), shape(1, 1, 2, 2), true, pair(3, 3), "0",
                        pair(1, 1), 1),
                conv2d("many_channels", 20, shape(1, 18, 3, 4), shape(17, 18, 1, 2), true, pair(1, 1), "same",
                        pair(1, 1), 1));
    }

    static List<Case> convTranspose2d() {
        return List.of(
                convTranspose2d("stride_1", 21, shape(2, 2, 3, 4), shape(2, 3, 3, 3), true, pair(1, 1), pair(0, 0),
                        pair(0, 0), pair(1, 1), 1),
                convTranspose2d("stride_2_padding_1_output_padding_1", 22, shape(1, 2, 3, 4), shape(2, 3, 3, 3), true,
                        pair(2, 2), pair(1, 1), pair(1, 1), pair(1, 1), 1),
                convTranspose2d("stride_2_1_without_bias", 23, shape(1, 3, 3, 3), shape(3, 2, 2, 3), false, pair(2, 1),
                        pair(0, 1), pair(0, 0), pair(1, 1), 1),
                convTranspose2d("dilation_2", 24, shape(1, 2, 3, 3), shape(2, 2, 3, 2), true, pair(1, 1), pair(1, 0),
                        pair(0, 0), pair(2, 2), 1),
                convTranspose2d("groups_2", 25, shape(2, 4, 3, 3), shape(4, 3, 2, 2), true, pair(2, 2), pair(0, 0),
                        pair(0, 0), pair(1, 1), 2));
    }

    /** @param padding "same", or one number for both axes, or two separated by a comma */
    private static Case conv2d(String name, long seed, long[] x, long[] weight, boolean bias, long[] stride,
            String padding, long[] dilation, long groups) {
        boolean same = padding.equals("same");
        long[] amounts = same ? new long[0] : amounts(padding);
        Draw draw = new Draw(seed);
        Experiment experiment = new Experiment(name, draw).setting("stride", list(stride))
                .setting("padding", same ? padding : list(amounts))
                .setting("dilation", list(dilation))
                .setting("groups", groups)
                .variable("x", draw.uniform(x))
                .variable("weight", draw.uniform(weight));
        if (bias) {
            experiment.variable("bias", draw.uniform(weight[0]));
        }
        return experiment.run(in -> same
                ? torch.conv2d(in.get("x"), in.get("weight"), optional(in, "bias"), stride, "same", dilation, groups)
                : torch.conv2d(in.get("x"), in.get("weight"), optional(in, "bias"), stride, amounts, dilation, groups));
    }

    private static Case convTranspose2d(String name, long seed, long[] x, long[] weight, boolean bias, long[] stride,
            long[] padding, long[] outputPadding, long[] dilation, long groups) {
        Draw draw = new Draw(seed);
        Experiment experiment = new Experiment(name, draw).setting("stride", list(stride))
                .setting("padding", list(padding))
                .setting("output_padding", list(outputPadding))
                .setting("dilation", list(dilation))
                .setting("groups", groups)
                .variable("x", draw.uniform(x))
                .variable("weight", draw.uniform(weight));
        if (bias) {
            experiment.variable("bias", draw.uniform(weight[1] * groups));
        }
        return experiment.run(in -> torch.conv_transpose2d(in.get("x"), in.get("weight"), optional(in, "bias"), stride,
                padding, outputPadding, groups, dilation));
    }

    private static TensorOptional optional(Map<String, Tensor> inputs, String key) {
        return inputs.containsKey(key) ? new TensorOptional(inputs.get(key)) : new TensorOptional();
    }

    private static long[] amounts(String padding) {
        long[] amounts = Arrays.stream(padding.split(",")).mapToLong(Long::parseLong).toArray();
        return amounts.length == 2 ? amounts : pair(amounts[0], amounts[0]);
    }

    private static List<Long> list(long[] numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }

    private static long[] shape(long... sizes) {
        return sizes;
    }

    private static long[] pair(long vertical, long horizontal) {
        return new long[] {vertical, horizontal};
    }
}
