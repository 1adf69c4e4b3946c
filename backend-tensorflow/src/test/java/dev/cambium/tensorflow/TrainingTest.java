package dev.cambium.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Executable;
import dev.cambium.reference.ReferenceBackend;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/** A small model trains step by step as on the reference. */
@Tag("tensorflow")
class TrainingTest {
    private static final Variable WEIGHT = new Variable("weight", new TensorType(DType.FLOAT32, Shape.of(2, 3)),
            Variable.Role.PARAMETER);

    @Test
    void steps_of_gradient_descent_agree_with_the_reference() {
        try (Backend reference = ReferenceBackend.rounded();
                Backend tensorflow = new TensorFlowBackendProvider().open(new BackendOptions("cpu", 2))) {
            List<Double> expected = losses(reference);
            List<Double> actual = losses(tensorflow);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(actual.get(i)).isCloseTo(expected.get(i), offset(1e-5));
            }
            assertThat(actual.getLast()).isLessThan(actual.getFirst() / 2);
        }
    }

    private static List<Double> losses(Backend backend) {
        Tensor x = Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(4, 3)));
        Tensor w = WEIGHT.read();
        Tensor error = x.matmul(w.transpose()).tanh().sub(1);
        Tensor loss = error.mul(error).mean();
        Tensor gradient = Gradients.of(loss, List.of(w)).get(0);
        var updates = new LinkedHashMap<Variable, Tensor>();
        updates.put(WEIGHT, w.sub(gradient.mul(0.1)));
        var outputs = new LinkedHashMap<String, Tensor>();
        outputs.put("loss", loss);
        var losses = new ArrayList<Double>();
        NdArray given = NdArray.of(Shape.of(4, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 0, 1f);
        try (Buffer weight = backend.buffer(NdArray.of(Shape.of(2, 3), .1f, .2f, -.1f, 0, .1f, -.2f));
                Executable step = backend.compile(new Graph(outputs, updates), Map.of(WEIGHT, weight))) {
            for (int i = 0; i < 20; i++) {
                losses.add(step.run(Map.of("x", given)).firstEntry().getValue().item());
            }
        }
        return losses;
    }
}
