package dev.cambium.golden;

import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

final class Sequences {

    private Sequences() {}

    static List<Case> embedding() {
        Draw draw = new Draw(700);
        Tensor repeated = AbstractTensor.create(new long[] {1, 3, 1, 1, 0}, 5).clone();
        return List.of(
                embedding("indices_of_rank_2", draw, draw.indices(5, 2, 3), 5, 4),
                embedding("repeated_indices_add_their_gradients", draw, repeated, 4, 2));
    }

    /** Gates in the order input, forget, cell, output. */
    static List<Case> lstmCell() {
        Draw draw = new Draw(710);
        return List.of(lstm("one_step", draw, 1), lstm("three_steps", draw, 3));
    }

    private static Case embedding(String name, Draw draw, Tensor indices, long entries, long features) {
        return new Experiment(name, draw).constant("indices", indices)
                .variable("weight", draw.uniform(entries, features))
                .run(in -> torch.embedding(in.get("weight"), in.get("indices")));
    }

    /** Batch 2, 3 input features, 4 hidden ones; {@code x} is [steps, 2, 3], {@code hidden} has the h of every step. */
    private static Case lstm(String name, Draw draw, int steps) {
        return new Experiment(name, draw).variable("x", draw.uniform(steps, 2, 3))
                .variable("h0", draw.uniform(2, 4))
                .variable("c0", draw.uniform(2, 4))
                .variable("weight_ih", draw.uniform(16, 3))
                .variable("weight_hh", draw.uniform(16, 4))
                .variable("bias_ih", draw.uniform(16))
                .variable("bias_hh", draw.uniform(16))
                .runAll(in -> lstm(in, steps));
    }

    private static Map<String, Tensor> lstm(Map<String, Tensor> in, int steps) {
        Tensor h = in.get("h0");
        Tensor c = in.get("c0");
        Tensor[] hidden = new Tensor[steps];
        for (int step = 0; step < steps; step++) {
            T_TensorTensor_T next = torch.lstm_cell(in.get("x").select(0, step),
                    new TensorVector(h, c),
                    in.get("weight_ih"),
                    in.get("weight_hh"),
                    new TensorOptional(in.get("bias_ih")),
                    new TensorOptional(in.get("bias_hh")));
            h = next.get0();
            c = next.get1();
            hidden[step] = h;
        }
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("hidden", torch.stack(new TensorVector(hidden)));
        outputs.put("cell", c);
        return outputs;
    }
}
