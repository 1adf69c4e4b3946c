package dev.cambium.golden;

import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * Means over the batch. Each set of logits goes through cross-entropy, through log-softmax and cross-entropy, and
 * through log-softmax and NLL: the three losses are equal.
 */
final class Losses {

    private Losses() {}

    static List<Case> cases() {
        Draw draw = new Draw(400);
        Tensor labels = AbstractTensor.create(new long[] {2, 0}, 2).clone();
        Tensor large = Draw.tensor(new double[] {1000, 0, -1000, -50, 50, 0}, 2, 3);
        Tensor impossible = Draw.tensor(new double[] {0, 1, Double.NEGATIVE_INFINITY, 0, 0, 0}, 2, 3);
        Tensor undefined = Draw.tensor(new double[] {0, Double.NaN, 1, 0, 1, 2}, 2, 3);

        List<Case> cases = new ArrayList<>();
        addAll(cases, "batch_4", draw, draw.uniform(4, 5), draw.indices(5, 4));
        addAll(cases, "batch_1", draw, draw.uniform(1, 10), draw.indices(10, 1));
        addAll(cases, "batch_7_of_2_classes", draw, draw.multiples(4, 8, 7, 2), draw.indices(2, 7));
        addAll(cases, "large_logits", draw, large, labels);
        addAll(cases, "large_logits_float32", draw, large.to(ScalarType.Float), labels);
        addAll(cases, "label_of_probability_zero", draw, impossible, labels);
        addAll(cases, "nan_logit", draw, undefined, labels);
        return cases;
    }

    private static void addAll(List<Case> cases, String name, Draw draw, Tensor logits, Tensor labels) {
        cases.add(loss("cross_entropy_" + name, draw, logits, labels, torch::cross_entropy_loss));
        cases.add(loss("cross_entropy_of_log_softmax_" + name, draw, logits, labels,
                (x, label) -> torch.cross_entropy_loss(torch.log_softmax(x, 1), label)));
        cases.add(loss("nll_of_log_softmax_" + name, draw, logits, labels,
                (x, label) -> torch.nll_loss(torch.log_softmax(x, 1), label)));
        cases.add(nll("nll_" + name, draw, torch.log_softmax(logits.to(ScalarType.Float), 1), labels));
    }

    private static Case loss(String name, Draw draw, Tensor logits, Tensor labels, BinaryOperator<Tensor> loss) {
        return new Experiment(name, draw).variable("logits", logits)
                .constant("labels", labels)
                .cotangent("loss", torch.ones().to(logits.scalar_type()))
                .runAll(in -> Map.of("loss", loss.apply(in.get("logits"), in.get("labels"))));
    }

    private static Case nll(String name, Draw draw, Tensor logProbabilities, Tensor labels) {
        return new Experiment(name, draw).variable("log_probabilities", logProbabilities.to(ScalarType.Double))
                .constant("labels", labels)
                .cotangent("loss", torch.ones().to(ScalarType.Double))
                .runAll(in -> Map.of("loss", torch.nll_loss(in.get("log_probabilities"), in.get("labels"))));
    }
}
