package dev.cambium.app.terminal;

import dev.cambium.data.DataProgress;

/** Shows what a dataset does while it loads: its notes, and how far a download has come. */
public final class TransferProgress implements DataProgress {
    private final Terminal terminal;

    /** Shows it there; downloads are drawn only where somebody is watching. */
    public TransferProgress(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void note(String message) {
        terminal.clear();
        terminal.line(terminal.paint(Terminal.Style.DIM, message));
    }

    @Override
    public void transferred(String what, long done, long total) {
        if (terminal.live()) {
            String share = total > 0 ? "%s of %s (%d %%)".formatted(Numbers.bytes(done), Numbers.bytes(total),
                    100 * done / total) : Numbers.bytes(done);
            terminal.redraw(terminal.fit(what + "  " + share));
        }
    }

    /** Loading is over: the line is free for what comes next. */
    public void end() {
        terminal.clear();
    }
}
