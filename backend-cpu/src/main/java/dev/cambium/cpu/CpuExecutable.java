package dev.cambium.cpu;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

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
    private Workers.Task[] phases;
    /** The phases without what need not be computed again while {@code version} stays the same. */
    private Workers.Task[] changing;
    private long version = -1;

    CpuExecutable(CpuBackend backend, Program program, Workers workers, List<CpuBuffer> variables,
            Optional<Recording> recording) {
        this.recording = recording;
        this.backend = backend;
        this.program = program;
        this.workers = workers;
        this.variables = variables;
        large = program.multiplyAdds() >= LARGE;
        phases = tasks(program);
        changing = tasks(program.withoutInvariants());
    }

    private static Workers.Task[] tasks(Program program) {
        var tasks = new Workers.Task[program.phases()];
        for (int i = 0; i < tasks.length; i++) {
            tasks[i] = new PhaseTask(program, i, program.parts(i));
        }
        return tasks;
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
            Workers.Task[] tasks = now == version ? changing : phases;
            version = -1; // if it fails
            recording.ifPresent(Recording::begin);
            try {
                for (Workers.Task phase : tasks) {
                    workers.run(phase);
                }
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
                phases = new Workers.Task[0];
                changing = phases;
                backend.count(-1);
            }
        }
    }
}
