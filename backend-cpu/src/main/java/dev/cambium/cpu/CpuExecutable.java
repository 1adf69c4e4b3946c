package dev.cambium.cpu;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import dev.cambium.backend.Executable;
import dev.cambium.cpu.compiler.Program;
import dev.cambium.cpu.compiler.Recording;
import dev.cambium.cpu.kernels.WarmUps;
import dev.cambium.tensor.NdArray;

/** A program, the workers that run it, and the buffers that must stay open for it. */
final class CpuExecutable implements Executable {
    /** Multiply-adds of a run from which on it is faster to wait for compiled kernels than to start without them. */
    private static final long LARGE = 50_000_000;

    private final CpuBackend backend;
    private final Workers workers;
    private final List<CpuBuffer> variables;
    private final Optional<Recording> recording;
    private final boolean large;
    private @Nullable Program program;
    private long runs;
    private Workers.Job phases;
    /** The phases without what need not be computed again while {@code version} stays the same. */
    private Workers.Job changing;
    private long version = -1;

    CpuExecutable(CpuBackend backend, Program program, Workers workers, List<CpuBuffer> variables,
            Optional<Recording> recording) {
        this.recording = recording;
        this.backend = backend;
        this.program = program;
        this.workers = workers;
        this.variables = variables;
        large = program.multiplyAdds() >= LARGE;
        phases = workers.job(tasks(program));
        changing = workers.job(tasks(program.withoutInvariants()));
    }

    private static List<PhaseTask> tasks(Program program) {
        return IntStream.range(0, program.phases())
                .mapToObj(phase -> new PhaseTask(program, phase, program.parts(phase)))
                .toList();
    }

    private record PhaseTask(Program program, int phase, int parts) implements Workers.Task {
        @Override
        public void run(int part, int lane) {
            program.run(phase, part, lane);
        }
    }

    @Override
    public SequencedMap<String, NdArray> run(Map<String, NdArray> inputs) {
        synchronized (backend) {
            backend.requireOpen();
            Program open = program;
            if (open == null) {
                throw new IllegalStateException("the executable is closed");
            }
            variables.forEach(CpuBuffer::elements);
            open.read(inputs);
            if (large) {
                WarmUps.await();
            }
            if (++runs == 2) { // what runs twice is likely to run many times
                open.warmUp();
            }
            long now = open.version();
            Workers.Job job = now == version ? changing : phases;
            version = -1; // if it fails
            recording.ifPresent(Recording::begin);
            try {
                workers.run(job);
            } finally {
                recording.ifPresent(Recording::end);
                open.hasRun();
            }
            version = now;
            return open.results();
        }
    }

    /** The compiled program as text. */
    @Override
    public String toString() {
        Program open = program;
        return open == null ? "a closed executable" : open.toString();
    }

    @Override
    public void close() {
        synchronized (backend) {
            if (program != null) {
                program.release();
                program = null;
                phases = workers.job(List.of());
                changing = phases;
                backend.count(-1);
            }
        }
    }
}
