package dev.cambium.golden;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Each case in float64 and, as {@code …_float32}, in float32. */
final class Activations {
    private static final double INFINITY = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;
    private static final double[] LINE = {
        -INFINITY, -100, -20, -6, -3, -1.5, -1, -0.5, -0.0625, -0.0, 0.0, 0.0625, 0.5, 1, 1.5, 3, 6, 20, 100, INFINITY,
        NAN
    };

    private Activations() {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (ScalarType type : List.of(ScalarType.Double, ScalarType.Float)) {
            Draw draw = new Draw(300);
            String suffix = type == ScalarType.Float ? "_float32" : "";
            cases.add(onLine("relu" + suffix, draw, type, LINE, torch::relu));
            cases.add(onLine("sigmoid" + suffix, draw, type, LINE, torch::sigmoid));
            cases.add(onLine("tanh" + suffix, draw, type, LINE, torch::tanh));
            // PyTorch's GELU of an infinity depends on which of its loops meets it.
            double[] finite = Arrays.copyOfRange(LINE, 1, LINE.length - 2);
            cases.add(onLine("gelu" + suffix, draw, type, finite, x -> torch.gelu(x, "none")));

            Tensor matrix = draw.uniform(3, 5);
            Tensor cube = draw.uniform(2, 3, 4);
            Tensor large = Draw.tensor(new double[] {
                1000, 1001, 999, 0, //
                -1000, -1001, -1000, -2000, //
                65504, -65504, 0, 1
            }, 3, 4);
            Tensor masked = Draw.tensor(new double[] {
                1, -INFINITY, 0.5, -INFINITY, //
                -INFINITY, -INFINITY, -INFINITY, 2
            }, 2, 4);
            Tensor hopeless = Draw.tensor(new double[] {
                -INFINITY, -INFINITY, -INFINITY, //
                0, NAN, 1, //
                0, INFINITY, 1, //
                0, 1, 2
            }, 4, 3);
            for (boolean log : new boolean[] {false, true}) {
                String name = log ? "log_softmax" : "softmax";
                cases.add(softmax(name + "_last_axis" + suffix, draw, type, log, 1, matrix));
                cases.add(softmax(name + "_middle_axis" + suffix, draw, type, log, 1, cube));
                cases.add(softmax(name + "_first_axis" + suffix, draw, type, log, 0, matrix));
                cases.add(softmax(name + "_large_values" + suffix, draw, type, log, 1, large));
                cases.add(softmax(name + "_minus_infinity" + suffix, draw, type, log, 1, masked));
                cases.add(softmax(name + "_undefined_rows" + suffix, draw, type, log, 1, hopeless));
            }
        }
        return cases;
    }

    private static Case onLine(String name, Draw draw, ScalarType type, double[] x, UnaryOperator<Tensor> function) {
        return new Experiment(name, draw).variable("x", Draw.tensor(x, x.length).to(type))
                .run(in -> function.apply(in.get("x")));
    }

    private static Case softmax(String name, Draw draw, ScalarType type, boolean log, long axis, Tensor x) {
        return new Experiment(name, draw).setting("axis", axis)
                .variable("x", x.to(type))
                .run(in -> log ? torch.log_softmax(in.get("x"), axis) : torch.softmax(in.get("x"), axis));
    }
}
