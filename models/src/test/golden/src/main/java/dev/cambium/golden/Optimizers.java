package dev.cambium.golden;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Ten steps with given gradients (row i is the gradient of step i); the output has the parameter after each step. Each
 * case in float64 and, as {@code …_float32}, in float32.
 */
final class Optimizers {
    private static final int STEPS = 10;

    private Optimizers() {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (ScalarType type : List.of(ScalarType.Double, ScalarType.Float)) {
            cases.add(adam("adam", type, 0.001, 0.9, 0.999, 1e-8, 0));
            cases.add(adam("adam_other_settings", type, 0.0625, 0.8, 0.95, 1e-3, 0));
            cases.add(adam("adam_weight_decay", type, 0.001, 0.9, 0.999, 1e-8, 0.1));
            cases.add(adamW("adamw", type, 0.001, 0.9, 0.999, 1e-8, 0.01));
            cases.add(adamW("adamw_other_settings", type, 0.0625, 0.8, 0.95, 1e-3, 0.25));
            cases.add(adamW("adamw_without_weight_decay", type, 0.001, 0.9, 0.999, 1e-8, 0));
            cases.add(sgd("sgd", type, 0.1, 0, 0, 0, false));
            cases.add(sgd("sgd_weight_decay", type, 0.1, 0, 0, 0.05, false));
            cases.add(sgd("sgd_momentum", type, 0.1, 0.9, 0, 0, false));
            cases.add(sgd("sgd_momentum_dampening", type, 0.1, 0.9, 0.5, 0, false));
            cases.add(sgd("sgd_momentum_weight_decay", type, 0.1, 0.9, 0, 0.05, false));
            cases.add(sgd("sgd_nesterov", type, 0.1, 0.9, 0, 0, true));
            cases.add(sgd("sgd_nesterov_weight_decay", type, 0.1, 0.8, 0, 0.05, true));
        }
        return cases;
    }

    private static Case adam(String name, ScalarType type, double learningRate, double beta1, double beta2,
            double epsilon, double weightDecay) {
        AdamOptions options = new AdamOptions(learningRate);
        putBetas(options.betas(), beta1, beta2);
        options.eps().put(epsilon);
        options.weight_decay().put(weightDecay);
        return adaptive(name, type, learningRate, beta1, beta2, epsilon, weightDecay,
                parameters -> new Adam(parameters, options));
    }

    private static Case adamW(String name, ScalarType type, double learningRate, double beta1, double beta2,
            double epsilon, double weightDecay) {
        AdamWOptions options = new AdamWOptions(learningRate);
        putBetas(options.betas(), beta1, beta2);
        options.eps().put(epsilon);
        options.weight_decay().put(weightDecay);
        return adaptive(name, type, learningRate, beta1, beta2, epsilon, weightDecay,
                parameters -> new AdamW(parameters, options));
    }

    // The pointer looks into a std::tuple, whose elements GNU's library lays out last to first.
    private static void putBetas(DoublePointer betas, double beta1, double beta2) {
        if (betas.get(0) != 0.999 || betas.get(1) != 0.9) {
            throw new IllegalStateException("expected (beta2, beta1), got " + betas.get(0) + ", " + betas.get(1));
        }
        betas.put(0, beta2);
        betas.put(1, beta1);
    }

    private static Case adaptive(String name, ScalarType type, double learningRate, double beta1, double beta2,
            double epsilon, double weightDecay, Function<TensorVector, Optimizer> optimizer) {
        return tenSteps(named(name, type).setting("learning_rate", learningRate)
                .setting("beta1", beta1)
                .setting("beta2", beta2)
                .setting("epsilon", epsilon)
                .setting("weight_decay", weightDecay), type, optimizer);
    }

    private static Case sgd(String name, ScalarType type, double learningRate, double momentum, double dampening,
            double weightDecay, boolean nesterov) {
        SGDOptions options = new SGDOptions(learningRate);
        options.momentum().put(momentum);
        options.dampening().put(dampening);
        options.weight_decay().put(weightDecay);
        options.nesterov().put(nesterov);
        return tenSteps(named(name, type).setting("learning_rate", learningRate)
                .setting("momentum", momentum)
                .setting("dampening", dampening)
                .setting("weight_decay", weightDecay)
                .setting("nesterov", nesterov), type, parameters -> new SGD(parameters, options));
    }

    private static Experiment named(String name, ScalarType type) {
        return new Experiment(name + (type == ScalarType.Float ? "_float32" : ""), new Draw(500));
    }

    private static Case tenSteps(Experiment experiment, ScalarType type, Function<TensorVector, Optimizer> optimizer) {
        return experiment.constant("parameter", new Draw(501).uniform(8).to(type))
                .constant("gradients", gradients().to(type))
                .runAll(in -> Map.of("parameters",
                        trajectory(in.get("parameter"), in.get("gradients"), optimizer)));
    }

    /** Columns: four drawn ones, one that is always zero, a large one, a tiny one, and one that becomes zero. */
    private static Tensor gradients() {
        double[] drawn = Values.doubles(new Draw(502).uniform(STEPS, 4));
        double[] gradients = new double[STEPS * 8];
        for (int step = 0; step < STEPS; step++) {
            System.arraycopy(drawn, step * 4, gradients, step * 8, 4);
            gradients[step * 8 + 5] = drawn[step * 4] * 1024;
            gradients[step * 8 + 6] = Math.scalb(drawn[step * 4 + 1], -30);
            gradients[step * 8 + 7] = step < 3 ? drawn[step * 4 + 2] : 0;
        }
        return Draw.tensor(gradients, STEPS, 8);
    }

    private static Tensor trajectory(Tensor initial, Tensor gradients, Function<TensorVector, Optimizer> factory) {
        Tensor parameter = initial.detach().clone().set_requires_grad(true);
        Optimizer optimizer = factory.apply(new TensorVector(parameter));
        Tensor[] steps = new Tensor[STEPS];
        for (int step = 0; step < STEPS; step++) {
            parameter.mutable_grad().put(gradients.select(0, step).clone());
            optimizer.step();
            steps[step] = parameter.detach().clone();
        }
        return torch.stack(new TensorVector(steps));
    }
}
