package dev.cambium.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.cambium.CambiumException;
import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Executable;
import dev.cambium.tck.TrainingStep;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

@Tag("tensorflow")
@Tag("classpath")
class LifecycleTest {
    /** More memory than a processor can address. */
    private static final int[] ENDLESS = {1 << 24, 1 << 24, 8};
    private static final TensorType SCALAR = new TensorType(DType.FLOAT32, Shape.scalar());

    private final Backend backend = new TensorFlowBackendProvider("cpu", 2).open();

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void more_memory_than_there_is_is_a_message_with_the_operation_and_what_to_do() {
        Tensor endless = Tensor.input("x", SCALAR).broadcastTo(Shape.of(ENDLESS));
        try (Executable executable = backend.compile(Graph.of("y", endless.exp().sum()), Map.of())) {
            assertThatThrownBy(() -> executable.run(Map.of("x", NdArray.scalar(1f))))
                    .isInstanceOf(CambiumException.class)
                    .hasMessageStartingWith("reduce_sum float32[]: the device has no memory left for it; make batches");
        }
    }

    @Test
    void a_failure_of_tensorflow_is_called_a_defect_with_its_place() {
        assertThat(new TensorFlowException(13, "broken").at("conv1: conv2d float32[1]"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("conv1: conv2d float32[1]: TensorFlow fails here, which is a defect of this backend;"
                        + " please report it with this message: broken");
    }

    @Test
    void all_native_memory_is_given_back_with_the_last_buffer() {
        TrainingStep.all().getFirst().run(backend, 1);
        long bytes = Pointer.totalBytes();
        for (int i = 0; i < 3; i++) {
            TrainingStep.all().getFirst().run(backend, 1);
        }
        assertThat(Pointer.totalBytes()).isEqualTo(bytes);
    }

    @Test
    void computes_with_as_many_threads_as_asked_for_whatever_was_opened_before() {
        assumeThat(Path.of("/proc/self/task")).isDirectory();
        long before = computing();
        try (Buffer _ = backend.buffer(NdArray.scalar(1f))) {
            assertThat(computing() - before).as("threads of the backend with 2").isEqualTo(threads(2));
            try (Backend other = new TensorFlowBackendProvider("cpu", 5).open();
                    Buffer _ = other.buffer(NdArray.scalar(1f))) {
                assertThat(computing() - before).as("and of one with 5").isEqualTo(threads(2) + threads(5));
            }
        }
        assertThat(computing()).isEqualTo(before);
    }

    /** One more waits for the graphs' operations to hand out. */
    private static long threads(long asked) {
        return asked + 1;
    }

    /** Threads that native code started are called as the thread that did so. */
    private static long computing() {
        String own = name(Path.of("/proc/thread-self"));
        try (var tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.filter(task -> name(task).equals(own)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm"));
        } catch (IOException _) {
            return "ended";
        }
    }
}
