package dev.cambium.app.command;

import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Takes Ctrl-C while it is open: the first one only asks to stop, a second one ends the process at once with exit code 130, as a
 * shell expects it of an interrupted program.
 */
final class Interrupt implements AutoCloseable {
    private static final Signal CTRL_C = new Signal("INT");
    private static final int INTERRUPTED = 130;

    private final SignalHandler before;

    private Interrupt(SignalHandler before) {
        this.before = before;
    }

    /**
     * Takes over.
     *
     * @param first
     *            what the first Ctrl-C does
     * @param second
     *            what the second one does before the process ends
     */
    static Interrupt handle(Runnable first, Runnable second) {
        return new Interrupt(Signal.handle(CTRL_C, _ -> {
            Signal.handle(CTRL_C, _ -> {
                try {
                    second.run();
                } finally {
                    Runtime.getRuntime().halt(INTERRUPTED);
                }
            });
            first.run();
        }));
    }

    @Override
    public void close() {
        Signal.handle(CTRL_C, before);
    }
}
