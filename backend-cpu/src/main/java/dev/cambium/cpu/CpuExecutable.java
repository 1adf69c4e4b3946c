package dev.cambium.cpu;

import java.util.Map;
import java.util.SequencedMap;

import dev.cambium.backend.Executable;
import dev.cambium.cpu.compiler.Program;
import dev.cambium.tensor.NdArray;

/** A program and the workers that run it. */
final class CpuExecutable implements Executable {
    /** Multiply-adds of a run from which on it is faster to wait for compiled kernels than to start without them. */
    private static final long LARGE = 50_000_000;

    private final CpuBackend backend;
    private final Program program;
    private final Workers workers;
    private final Workers.Task[] phases;
    private final boolean large;
    private boolean closed;

    CpuExecutable(CpuBackend backend, Program program, Workers workers) {
        this.backend = backend;
        this.program = program;
        this.workers = workers;
        large = program.multiplyAdds() >= LARGE;
        phases = new Workers.Task[program.phases()];
        for (int i = 0; i < phases.length; i++) {
            phases[i] = new PhaseTask(program, i, program.parts(i));
        }
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
            if (closed) {
                throw new IllegalStateException("the executable is closed");
            }
            program.read(inputs);
            if (large) {
                WarmUp.await();
            }
            for (Workers.Task phase : phases) {
                workers.run(phase);
            }
            return program.results();
        }
    }

    /** The compiled program as text. */
    @Override
    public String toString() {
        return program.toString();
    }

    @Override
    public void close() {
        closed = true;
    }
}
