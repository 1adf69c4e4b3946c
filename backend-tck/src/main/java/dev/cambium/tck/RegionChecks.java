package dev.cambium.tck;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cambium.backend.Backend;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/** Regions, whose value is that of their bodies, whether a backend knows their names or not. */
abstract class RegionChecks {
    private static final TensorType TYPE = new TensorType(DType.FLOAT32, Shape.of(6, 11));

    private final Tensor x = Tensor.input("x", TYPE);
    private final Tensor y = Tensor.input("y", TYPE);
    private final SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();

    @AutoClose
    private final Backend backend;

    RegionChecks(Backend backend) {
        this.backend = backend;
    }

    private static Tensor body(List<Tensor> in) {
        return in.get(0).mul(in.get(1)).add(in.get(0).tanh());
    }

    /** The outputs so far, and the same ones with all regions replaced by their bodies. */
    private void check(Map<String, NdArray> inputs) {
        Graph graph = Graph.of(outputs);
        graph.withoutRegions().outputs().forEach((name, tensor) -> outputs.put(name + ", without regions", tensor));
        Agreement.GRADIENTS.check(backend, Graph.of(outputs), inputs);
    }

    @Test
    void a_name_that_no_backend_knows() {
        outputs.put("region", Tensor.region("no_backend_knows_this", List.of(x, y), RegionChecks::body));
        outputs.put("of one tensor twice", Tensor.region("no_backend_knows_this", List.of(x, x), RegionChecks::body));
        outputs.put("over what was computed",
                Tensor.region("no_backend_knows_this", List.of(x.exp(), y.neg()), RegionChecks::body).abs());
        outputs.put("its own input", Tensor.region("nor_this", List.of(x, y), in -> in.get(1)));
        outputs.put("of nothing", Tensor.region("nor_that", List.of(), _ -> Tensor.iota(TYPE, 1)));
        check(Values.forInputsOf(x, y));
    }

    @Test
    void regions_in_regions() {
        Tensor inner = Tensor.region("inner", List.of(x, y), RegionChecks::body);
        outputs.put("one in another", Tensor.region("outer", List.of(x, y),
                in -> Tensor.region("inner", in.reversed(), RegionChecks::body).sub(in.get(0).softmax(1))));
        outputs.put("one over another", Tensor.region("outer", List.of(inner, x), RegionChecks::body));
        outputs.put("three deep", Tensor.region("a", List.of(x),
                a -> Tensor.region("b", a, b -> Tensor.region("a", b, c -> c.get(0).add(1)).mul(2)).sub(3)));
        check(Values.forInputsOf(x, y));
    }

    @Test
    void gradients_of_regions_by_their_bodies_or_by_rules_of_their_own() {
        Tensor byBody = Tensor.region("by_body", List.of(x, y), RegionChecks::body);
        Tensor byRule = Tensor.region("by_rule", List.of(x, y), RegionChecks::body,
                (in, out, flowing) -> List.of(flowing.mul(out), flowing.mul(in.get(0)).neg()));
        for (Tensor region : List.of(byBody, byRule)) {
            List<Tensor> gradients = Gradients.of(region.mul(region).sum(), List.of(x, y));
            outputs.put(region + " by x", gradients.get(0));
            outputs.put(region + " by y", gradients.get(1));
        }
        check(Values.forInputsOf(x, y));
    }

    @ParameterizedTest
    @ValueSource(strings = {"softmax", "log_softmax"})
    void softmax_and_log_softmax_along_any_axis(String name) {
        for (Shape shape : List.of(Shape.of(1), Shape.of(7), Shape.of(5, 5), Shape.of(64, 10), Shape.of(0, 3),
                Shape.of(3, 4, 5), Shape.of(2, 1, 33), Shape.of(70, 300))) {
            for (Layout layout : shape.size() < 100 ? List.of(Layout.values()) : List.of(Layout.PLAIN)) {
                outputs.clear();
                Tensor values = layout.of("values", new TensorType(DType.FLOAT32, shape));
                Tensor weights = Tensor.input("weights", values.type());
                for (int axis = 0; axis < shape.rank(); axis++) {
                    if (shape.dim(axis) > 0) {
                        Tensor result = name.equals("softmax") ? values.softmax(axis) : values.logSoftmax(axis);
                        outputs.put("axis " + axis, result);
                        outputs.put("gradient, axis " + axis,
                                Gradients.of(result.mul(weights).sum(), List.of(values)).getFirst());
                    }
                }
                check(Values.forInputsOf(values, weights));
            }
        }
    }

    @Test
    void softmax_of_large_infinite_and_undefined_numbers() {
        outputs.put("softmax", x.softmax(1));
        outputs.put("log_softmax", x.logSoftmax(1));
        check(Map.of("x", Values.partlyFinite(TYPE, 1)));
        outputs.clear();
        outputs.put("softmax", x.mul(1000).softmax(0));
        outputs.put("log_softmax", x.mul(1000).logSoftmax(0));
        check(Values.forInputsOf(x));
    }

    @Test
    void a_known_name_over_another_body_has_the_value_of_the_body() {
        for (String name : List.of("softmax", "log_softmax")) {
            outputs.put(name, Tensor.region(name, List.of(x), in -> in.get(0).mul(2)));
            outputs.put(name + " of two", Tensor.region(name, List.of(x, y), RegionChecks::body));
        }
        check(Values.forInputsOf(x, y));
    }

    @Test
    void regions_update_variables() {
        var weight = new Variable("weight", TYPE, Variable.Role.PARAMETER);
        var mean = new Variable("mean", TYPE, Variable.Role.SLOT);
        SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
        Tensor next = Tensor.region("mean", List.of(mean.read(), x), in -> in.get(0).mul(0.9).add(in.get(1).mul(0.1)));
        updates.put(mean, next);
        updates.put(weight, Tensor.region("moved", List.of(weight.read(), next), in -> in.get(0).sub(in.get(1))));
        outputs.put("difference", weight.read().sub(next));
        Agreement.SUMS.check(backend, new Graph(outputs, updates), Values.forInputsOf(x),
                Map.of(weight, Values.random(TYPE, 1), mean, NdArray.zeros(TYPE)), 3);
    }
}
