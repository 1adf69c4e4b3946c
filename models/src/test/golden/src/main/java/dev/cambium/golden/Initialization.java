package dev.cambium.golden;

import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LinearOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What PyTorch's layers are filled with when they are made: statistics over many of them, beside the formula that
 * PyTorch gives, uniform in ±1/√(fan in) for weights and biases alike.
 */
final class Initialization {
    private static final int SAMPLE = 200_000;

    private Initialization() {}

    /** The weight and the bias of one new layer. */
    private record Parameters(Tensor weight, Tensor bias) {}

    static List<Case> cases() {
        torch.manual_seed(1);
        return List.of(
                conv2d("conv2d_1_to_32", 1, 32, 3, 3, 1),
                conv2d("conv2d_32_to_64", 32, 64, 3, 3, 1),
                conv2d("conv2d_5x2_kernel", 3, 8, 5, 2, 1),
                conv2d("conv2d_groups_2", 8, 6, 3, 3, 2),
                conv2d("conv2d_depthwise", 8, 8, 3, 3, 8),
                linear("linear_3136_to_1000", 3136, 1000),
                linear("linear_1000_to_10", 1000, 10),
                linear("linear_7_to_3", 7, 3));
    }

    private static Case conv2d(String name, long in, long out, long height, long width, long groups) {
        Conv2dOptions options = new Conv2dOptions(in, out, new LongPointer(height, width));
        options.groups().put(groups);
        return statistics(name, in / groups * height * width, () -> {
            Conv2dImpl layer = new Conv2dImpl(options);
            return new Parameters(layer.weight(), layer.bias());
        });
    }

    private static Case linear(String name, long in, long out) {
        LinearOptions options = new LinearOptions(in, out);
        return statistics(name, in, () -> {
            LinearImpl layer = new LinearImpl(options);
            return new Parameters(layer.weight(), layer.bias());
        });
    }

    private static Case statistics(String name, long fanIn, Supplier<Parameters> layer) {
        List<double[]> weights = new ArrayList<>();
        List<double[]> biases = new ArrayList<>();
        long[] weightShape = layer.get().weight().shape();
        long[] biasShape = layer.get().bias().shape();
        int repetitions = (int) (SAMPLE / biasShape[0] / Math.max(1, fanIn / 64) + 1);
        for (int i = 0; i < repetitions; i++) {
            Parameters parameters = layer.get();
            weights.add(Values.doubles(parameters.weight().to(ScalarType.Double)));
            biases.add(Values.doubles(parameters.bias().to(ScalarType.Double)));
        }
        double bound = 1 / Math.sqrt(fanIn);
        Map<String, Values> outputs = new LinkedHashMap<>();
        outputs.put("weight", statistics(weights));
        outputs.put("bias", statistics(biases));
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("weight_shape", Arrays.stream(weightShape).boxed().toList());
        settings.put("bias_shape", Arrays.stream(biasShape).boxed().toList());
        settings.put("fan_in", fanIn);
        settings.put("bound", bound);
        settings.put("standard_deviation", bound / Math.sqrt(3));
        settings.put("statistics", List.of("count", "min", "max", "mean", "standard_deviation"));
        return new Case(name, settings, Map.of(), outputs, Map.of(), Map.of());
    }

    /** Count, least, greatest, mean and standard deviation. */
    private static Values statistics(List<double[]> samples) {
        DoubleSummaryStatistics summary = samples.stream().flatMapToDouble(Arrays::stream).summaryStatistics();
        double mean = summary.getAverage();
        double variance = samples.stream()
                .flatMapToDouble(Arrays::stream)
                .map(x -> (x - mean) * (x - mean))
                .average()
                .orElseThrow();
        double[] statistics = {
            summary.getCount(), summary.getMin(), summary.getMax(), mean, Math.sqrt(variance)
        };
        return Values.of(Draw.tensor(statistics, statistics.length));
    }
}
