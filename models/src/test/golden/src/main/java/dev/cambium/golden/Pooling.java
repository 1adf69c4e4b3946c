package dev.cambium.golden;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Max-pooling, without {@code ceil_mode}. */
final class Pooling {
    private static final double NAN = Double.NaN;

    private Pooling() {}

    static List<Case> maxPool2d() {
        Draw draw = new Draw(100);
        return List.of(
                maxPool2d("window_2", draw, draw.distinct(2, 2, 4, 6), 2, 2, 0, 1),
                maxPool2d("window_2_odd_size_drops_the_rest", draw, draw.distinct(1, 2, 5, 7), 2, 2, 0, 1),
                maxPool2d("window_2_stride_1", draw, draw.distinct(1, 2, 4, 5), 2, 1, 0, 1),
                maxPool2d("window_2_stride_3", draw, draw.distinct(1, 1, 7, 8), 2, 3, 0, 1),
                maxPool2d("window_2_padding_1", draw, draw.distinct(1, 2, 5, 4), 2, 2, 1, 1),
                maxPool2d("window_3", draw, draw.distinct(1, 2, 7, 6), 3, 3, 0, 1),
                maxPool2d("window_3_stride_1_padding_1", draw, draw.distinct(2, 1, 4, 5), 3, 1, 1, 1),
                maxPool2d("window_3_stride_2_padding_1", draw, draw.distinct(1, 2, 7, 6), 3, 2, 1, 1),
                maxPool2d("window_2_dilation_2", draw, draw.distinct(1, 2, 6, 5), 2, 1, 0, 2),
                maxPool2d("window_3_dilation_2_stride_2_padding_1", draw, draw.distinct(1, 1, 8, 7), 3, 2, 1, 2),
                maxPool2d("padding_is_less_than_any_negative_number", draw,
                        draw.distinct(1, 1, 4, 4).sub(new Scalar(100)), 3, 2, 1, 1),
                maxPool2d("ties_go_to_the_first_in_row_major_order", draw, Draw.tensor(new double[] {
                    1, 1, 0, 2, //
                    1, 1, 2, 2, //
                    0, 3, 0, 0, //
                    3, 0, 0, 0
                }, 1, 1, 4, 4), 2, 2, 0, 1),
                maxPool2d("ties_in_windows_that_overlap", draw, Draw.tensor(new double[] {
                    0, 1, 1, 0, //
                    1, 1, 1, 1, //
                    0, 1, 1, 0
                }, 1, 1, 3, 4), 2, 1, 0, 1),
                maxPool2d("all_equal", draw, Draw.tensor(new double[9], 1, 1, 3, 3), 3, 2, 1, 1),
                maxPool2d("nan_wins", draw, Draw.tensor(new double[] {
                    1, NAN, 5, 6, //
                    3, 4, 7, NAN, //
                    NAN, NAN, 1, 2, //
                    1, NAN, 3, 4
                }, 1, 1, 4, 4), 2, 2, 0, 1),
                maxPool2d("negative_infinity_everywhere", draw, Draw.tensor(new double[] {
                    Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY, 1, 2, //
                    Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY, 3, 4
                }, 1, 1, 2, 4), 2, 2, 0, 1));
    }

    private static Case maxPool2d(String name, Draw draw, Tensor x, long window, long stride, long padding,
            long dilation) {
        return new Experiment(name, draw).setting("window", List.of(window, window))
                .setting("stride", List.of(stride, stride))
                .setting("padding", List.of(padding, padding))
                .setting("dilation", List.of(dilation, dilation))
                .variable("x", x)
                .runAll(in -> valuesAndIndices(torch.max_pool2d_with_indices(in.get("x"),
                        new long[] {window, window},
                        new long[] {stride, stride},
                        new long[] {padding, padding},
                        new long[] {dilation, dilation},
                        false)));
    }

    private static Map<String, Tensor> valuesAndIndices(T_TensorTensor_T result) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("y", result.get0());
        outputs.put("indices", result.get1());
        return outputs;
    }
}
