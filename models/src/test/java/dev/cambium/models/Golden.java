package dev.cambium.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;

import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.Backends;
import dev.cambium.backend.Executable;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Tensor;

/** Checks computations against PyTorch's values on every backend that the tests see, in both floating-point types. */
final class Golden {
    /** A computation: from a case's inputs to its outputs, or some of them. */
    @FunctionalInterface
    interface Computation {
        SequencedMap<String, Tensor> outputs(GoldenCase golden, SequencedMap<String, Tensor> inputs);
    }

    /** A computation with one output {@code y}. */
    @FunctionalInterface
    interface Single {
        Tensor y(GoldenCase golden, SequencedMap<String, Tensor> inputs);
    }

    private Golden() {}

    /** The names of all backends that can be used here. */
    static List<String> backends() {
        return Backends.discover().stream().filter(candidate -> candidate.problem().isEmpty())
                .map(Backends.Candidate::name).toList();
    }

    static Backend open(String backend) {
        return Backends.open(Optional.of(backend), BackendOptions.defaults());
    }

    /** Tests for cases with an output {@code y}. */
    static Stream<DynamicTest> checkY(Stream<GoldenCase> cases, Single computation) {
        return check(cases, (golden, inputs) -> map("y", computation.y(golden, inputs)));
    }

    /**
     * Tests for cases, one for each backend and floating-point type. Float64 cases are computed in float32 as well, unless they
     * have twins whose values are of float32's own range.
     */
    static Stream<DynamicTest> check(Stream<GoldenCase> cases, Computation computation) {
        List<GoldenCase> all = cases.toList();
        Set<String> names = all.stream().map(GoldenCase::name).collect(Collectors.toSet());
        var tests = new ArrayList<DynamicTest>();
        var opened = new ArrayList<Backend>();
        for (String name : backends()) {
            Backend backend = open(name);
            opened.add(backend);
            for (GoldenCase golden : all) {
                if (!golden.isFloat32()) {
                    tests.add(dynamicTest(golden.name() + " on " + name,
                            () -> verify(golden, Tolerance.FLOAT64, backend, computation)));
                }
                if (golden.isFloat32() || !names.contains(golden.name() + GoldenCase.FLOAT32_SUFFIX)) {
                    tests.add(dynamicTest(golden.name() + " in float32 on " + name,
                            () -> verify(golden.as(DType.FLOAT32), Tolerance.FLOAT32, backend, computation)));
                }
            }
        }
        return tests.stream().onClose(() -> opened.forEach(Backend::close));
    }

    private static void verify(GoldenCase golden, Tolerance tolerance, Backend backend, Computation computation) {
        var inputs = new LinkedHashMap<String, Tensor>();
        golden.inputs().forEach((name, value) -> inputs.put(name, Tensor.input(name, value.type())));
        SequencedMap<String, Tensor> outputs = computation.outputs(golden, inputs);
        var wanted = new LinkedHashMap<>(outputs);
        if (!golden.gradients().isEmpty()) {
            Tensor product = golden.cotangents().entrySet().stream()
                    .map(entry -> Objects.requireNonNull(outputs.get(entry.getKey()))
                            .mul(Tensor.constant(entry.getValue())).sum())
                    .reduce(Tensor::add).orElseThrow();
            List<String> by = List.copyOf(golden.gradients().keySet());
            List<Tensor> gradients = Gradients.of(product,
                    by.stream().map(name -> Objects.requireNonNull(inputs.get(name))).toList());
            for (int i = 0; i < by.size(); i++) {
                wanted.put("gradient by " + by.get(i), gradients.get(i));
            }
        }
        SequencedMap<String, NdArray> results;
        try (Executable executable = backend.compile(Graph.of(wanted), Map.of())) {
            results = executable.run(golden.inputs());
        }
        assertThat(outputs).isNotEmpty();
        outputs.keySet().forEach(name -> tolerance.check(name, Objects.requireNonNull(results.get(name)),
                golden.output(name)));
        golden.gradients().forEach((name, expected) -> tolerance.check("gradient by " + name,
                Objects.requireNonNull(results.get("gradient by " + name)), expected));
    }

    static SequencedMap<String, Tensor> map(String name, Tensor tensor) {
        var map = new LinkedHashMap<String, Tensor>();
        map.put(name, tensor);
        return map;
    }
}
