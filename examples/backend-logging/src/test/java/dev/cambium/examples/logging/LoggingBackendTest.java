package dev.cambium.examples.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Backends;
import dev.cambium.backend.Executable;
import dev.cambium.backend.Profile;
import dev.cambium.backend.Profiler;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

@Tag("classpath")
class LoggingBackendTest {
    @Test
    void what_is_compiled_and_run_is_written(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("log.txt");
        Tensor x = Tensor.full(new TensorType(DType.FLOAT32, Shape.of(2)), 3);
        try (Backend backend = new LoggingBackendProvider("auto", 0, Optional.of(file)).open();
                Executable sum = backend.compile(Graph.of("sum", x.sum()), Map.of())) {
            assertThat(sum.run(Map.of()).firstEntry().getValue().item()).isEqualTo(6);
        }
        List<String> lines = Files.readAllLines(file);
        assertThat(lines.getFirst()).isEqualTo("to compile on cpu:");
        assertThat(lines).anyMatch(line -> line.contains("sum"));
        assertThat(lines.getLast()).matches("ran \\d+ operations in \\d+[.,]\\d+ ms");
    }

    @Test
    void the_other_backend_is_measured(@TempDir Path folder) {
        Tensor x = Tensor.full(new TensorType(DType.FLOAT32, Shape.of(2)), 3);
        try (Backend backend = new LoggingBackendProvider("auto", 0, Optional.of(folder.resolve("log.txt"))).open()) {
            Profiler profiler = backend.profiler().orElseThrow();
            try (Executable sum = backend.compile(Graph.of("sum", x.sum()), Map.of())) {
                sum.run(Map.of());
            }
            assertThat(profiler.profiles()).singleElement().extracting(Profile::runs).isEqualTo(1L);
        }
    }

    @Test
    void it_is_found_but_never_the_default() {
        assertThat(Backends.discover()).extracting(Backends.Candidate::name).startsWith("cpu").endsWith("logging");
    }
}
