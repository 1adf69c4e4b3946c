package dev.cambium.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
import dev.cambium.tensor.Variable;

/** Memory over many steps and many compilations, in a JVM whose heap is at its full size from the start. */
@Tag("tensorflow")
class LeakTest {
    private static final int STEPS = 10_000;
    private static final int COMPILATIONS = 200;
    /** What malloc and the JVM may take on the way; a leak of a batch a step, or of a graph a compilation, is several times that. */
    private static final long SLACK = 48L << 20;

    @TempDir
    private Path folder;

    /** Trains and compiles, and throws if memory grows from the first fifth to the end. */
    public static void main(String[] arguments) {
        try (Backend backend = new TensorFlowBackendProvider("cpu", 2).open()) {
            steps(backend);
            compilations(backend);
        }
    }

    private static void steps(Backend backend) {
        var type = new TensorType(DType.FLOAT32, Shape.of(64, 128));
        Variable sum = new Variable("sum", type, Variable.Role.PARAMETER);
        Tensor next = sum.read().add(Tensor.input("x", type).tanh());
        var updates = new LinkedHashMap<Variable, Tensor>(Map.of(sum, next));
        var outputs = new LinkedHashMap<String, Tensor>(Map.of("next", next));
        NdArray x = NdArray.zeros(type);
        try (Buffer buffer = backend.buffer(x);
                Executable executable = backend.compile(new Graph(outputs, updates), Map.of(sum, buffer))) {
            long[] start = new long[3];
            for (int i = 0; i < STEPS; i++) {
                if (i == STEPS / 5) {
                    start = memory();
                }
                executable.run(Map.of("x", x));
            }
            compare("steps", start);
        }
    }

    private static void compilations(Backend backend) {
        TrainingStep step = TrainingStep.all().get(1);
        long[] start = new long[3];
        for (int i = 0; i < COMPILATIONS; i++) {
            if (i == COMPILATIONS / 5) {
                start = memory();
            }
            var buffers = new HashMap<Variable, Buffer>();
            step.start().forEach((variable, value) -> buffers.put(variable, backend.buffer(value)));
            try (Executable executable = backend.compile(step.graph(), buffers)) {
                executable.run(step.inputs());
            }
            buffers.values().forEach(Buffer::close);
        }
        compare("compilations", start);
    }

    /** Native memory that JavaCPP counts, in bytes and objects, and the memory of the process. */
    private static long[] memory() {
        System.gc();
        return new long[] {Pointer.totalBytes(), Pointer.totalCount(), Pointer.physicalBytes()};
    }

    private static void compare(String what, long[] start) {
        long[] end = memory();
        System.out.printf("%s: %d bytes in %d objects, process %d MB; at the end %d in %d, %d MB%n", what, start[0],
                start[1],
                start[2] >> 20, end[0], end[1], end[2] >> 20);
        if (end[0] > start[0] || end[1] > start[1] || end[2] > start[2] + SLACK) {
            throw new IllegalStateException("memory grows");
        }
    }

    @Test
    void memory_does_not_grow_with_steps_or_with_compilations() throws Exception {
        Child.Result result = Child.run(LeakTest.class, folder, "",
                List.of("-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"));
        assertThat(result.exitCode()).as(result.output() + result.errors()).isZero();
    }
}
