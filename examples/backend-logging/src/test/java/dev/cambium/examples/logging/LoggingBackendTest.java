package dev.cambium.examples.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.Backends;
import dev.cambium.backend.Executable;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

@Tag("classpath")
class LoggingBackendTest {
    @Test
    void what_is_compiled_and_run_is_printed() {
        var lines = new ArrayList<String>();
        Tensor x = Tensor.full(new TensorType(DType.FLOAT32, Shape.of(2)), 3);
        try (Backend backend = new LoggingBackendProvider(lines::add).open(BackendOptions.defaults());
                Executable sum = backend.compile(Graph.of("sum", x.sum()), Map.of())) {
            assertThat(sum.run(Map.of()).firstEntry().getValue().item()).isEqualTo(6);
        }
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).startsWith("to compile on cpu:").contains("sum");
        assertThat(lines.getLast()).matches("ran \\d+ operations in \\d+[.,]\\d+ ms");
    }

    @Test
    void it_is_found_but_never_the_default() {
        assertThat(Backends.discover()).extracting(Backends.Candidate::name).startsWith("cpu").endsWith("logging");
    }
}
