package dev.cambium.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Executable;
import dev.cambium.cpu.kernels.Elementwise;
import dev.cambium.cpu.kernels.Pooling;
import dev.cambium.cpu.kernels.RandomBits;
import dev.cambium.cpu.kernels.Reductions;
import dev.cambium.tck.TrainingStep;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Variable;

/**
 * A training step allocates nothing but its outputs, once the JVM has compiled it: before, vectors are objects. When that is, the JVM
 * decides, so a step may be tried often; and it decides by all that ran in the process, so the test has one of its own, as a training
 * has. Behind other tests the steps with a ReLU allocated 40 kB in some runs.
 */
@Tag("alone")
class AllocationTest {
    private static final int STEPS = 50;
    private static final int MOST_ROUNDS = 500;
    /**
     * For the map of outputs, what surrounds its arrays, and loops over a handful of vectors, which run so rarely that the JVM leaves
     * them as they are. One loop over activations that allocated its vectors would take more.
     */
    private static final int OVERHEAD = 10_000;

    static List<TrainingStep> networks() {
        return TrainingStep.all();
    }

    @BeforeAll
    static void vector_loops_are_in_use() {
        takeIntoUse(Elementwise::warmUp);
        takeIntoUse(Reductions::warmUp);
        takeIntoUse(RandomBits::warmUp);
        takeIntoUse(Pooling::warmUp);
    }

    /** Tries some times, as the backend does: a slow machine needs longer. */
    private static void takeIntoUse(BooleanSupplier warmUp) {
        boolean inUse = false;
        for (int attempt = 0; attempt < 5 && !inUse; attempt++) {
            inUse = warmUp.getAsBoolean();
        }
        assertThat(inUse).isTrue();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void a_compiled_step_allocates_nothing_but_its_outputs(TrainingStep network) {
        try (Backend cpu = LifecycleTest.open(2)) {
            assertNothingIsAllocated(cpu, network);
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void nor_does_one_that_is_measured(TrainingStep network) {
        try (Backend cpu = LifecycleTest.open(2)) {
            assertThat(cpu.profiler()).isPresent();
            assertNothingIsAllocated(cpu, network);
        }
    }

    private static void assertNothingIsAllocated(Backend cpu, TrainingStep network) {
        Map<Variable, Buffer> buffers = new LinkedHashMap<>();
        network.start().forEach((variable, value) -> buffers.put(variable, cpu.buffer(value)));
        try (Executable step = cpu.compile(network.graph(), buffers)) {
            long outputs = step.run(network.inputs()).values().stream().mapToLong(AllocationTest::bytes).sum();
            long[] pool = WorkersTest.threads().stream().mapToLong(Thread::threadId).toArray();
            long bytes = Long.MAX_VALUE;
            for (int round = 0; round < MOST_ROUNDS && bytes > outputs + OVERHEAD; round++) {
                bytes = bytesOfAStep(step, network.inputs(), pool);
            }
            assertThat(bytes).isLessThanOrEqualTo(outputs + OVERHEAD);
        }
        buffers.values().forEach(Buffer::close);
    }

    private static long bytes(NdArray array) {
        return array.size() * array.dtype().bytes();
    }

    private static long bytesOfAStep(Executable step, Map<String, NdArray> inputs, long[] pool) {
        long before = allocated(pool);
        for (int i = 0; i < STEPS; i++) {
            step.run(inputs);
        }
        return (allocated(pool) - before) / STEPS;
    }

    /** What this thread and the pool's have allocated so far. */
    private static long allocated(long[] pool) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes() + Arrays.stream(threads.getThreadAllocatedBytes(pool)).sum();
    }
}
