package dev.cambium.app.terminal;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;

/**
 * Where output goes and what can be shown there.
 *
 * @param out
 *            takes the output
 * @param width
 *            how many characters fit on a line
 * @param live
 *            whether somebody is watching, so that a line may be drawn again and again
 * @param colour
 *            whether colours and bold type may be used
 * @param unicode
 *            whether block characters can be shown
 */
public record Terminal(PrintWriter out, int width, boolean live, boolean colour, boolean unicode) {
    private static final int USUAL_WIDTH = 80;
    private static final int MOST_COLUMNS = 160;

    /** Ways to set off text, by their ANSI codes. */
    public enum Style {
        /** Headings and results. */
        BOLD("1"),
        /** What matters less. */
        DIM("2"),
        /** What is right. */
        GREEN("32"),
        /** What is wrong. */
        RED("31"),
        /** What needs attention. */
        YELLOW("33"),
        /** What progresses. */
        CYAN("36");

        private final String code;

        Style(String code) {
            this.code = code;
        }
    }

    /**
     * The terminal of this process: its width, whether its standard output is watched, and the encoding that the locale asks for.
     * Colours are off where {@code NO_COLOR} is set (no-color.org) or the terminal is dumb.
     */
    public static Terminal detect() {
        PrintWriter out = writer(System.out);
        boolean unicode = isUnicode(System.out);
        String kind = System.getenv("TERM");
        String noColour = System.getenv("NO_COLOR");
        int columns = kind == null || kind.equals("dumb") ? 0 : columns();
        if (columns == 0) {
            return new Terminal(out, USUAL_WIDTH, false, false, unicode);
        }
        boolean colour = noColour == null || noColour.isEmpty();
        return new Terminal(out, Math.min(columns, MOST_COLUMNS), true, colour, unicode);
    }

    /** A writer to standard output or standard error that makes do with ASCII where the locale knows no more. */
    public static PrintWriter writer(PrintStream stream) {
        var plain = new PrintWriter(stream, true, stream.charset());
        return isUnicode(stream) ? plain : new PrintWriter(new AsciiWriter(plain), true);
    }

    private static boolean isUnicode(PrintStream stream) {
        return stream.charset().equals(StandardCharsets.UTF_8);
    }

    /** The width of the terminal that standard output is, or 0 if it is none: Java can't tell, but every shell can. */
    private static int columns() {
        try {
            Process shell = new ProcessBuilder("sh", "-c", "test -t 1 && stty size <&1 >&2")
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT).start();
            try (var answer = new Scanner(shell.getErrorStream(), StandardCharsets.US_ASCII)) {
                shell.waitFor(1, TimeUnit.SECONDS);
                boolean terminal = answer.hasNextInt() && answer.nextInt() >= 0;
                int columns = terminal && answer.hasNextInt() ? answer.nextInt() : 0;
                return terminal && columns == 0 ? USUAL_WIDTH : columns;
            }
        } catch (IOException e) {
            boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
            return terminal ? USUAL_WIDTH : 0; // no shell here
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    /** A place that is not watched, such as a file: 80 columns, no colours. */
    public static Terminal plain(PrintWriter out, boolean unicode) {
        return new Terminal(out, USUAL_WIDTH, false, false, unicode);
    }

    /** Text in a style, or as it is where there are no colours. */
    public String paint(Style style, String text) {
        return colour ? "\033[" + style.code + "m" + text + "\033[0m" : text;
    }

    /** One of two texts, for terminals that can show more than ASCII and for those that can't. */
    public String pick(String unicodeText, String asciiText) {
        return unicode ? unicodeText : asciiText;
    }

    /** Text cut to the terminal's width, if somebody is watching; elsewhere it may be as long as it likes. */
    String fit(String text) {
        return live && text.length() > width ? text.substring(0, width - 1) + pick("…", "~") : text;
    }

    /** Prints a line. */
    public void line(String text) {
        out.println(text);
    }

    /** Prints an empty line. */
    public void line() {
        out.println();
    }

    /** Prints a heading after an empty line. */
    public void heading(String text) {
        out.println();
        out.println(paint(Style.BOLD, text));
    }

    /** Prints a line in the middle of what is drawn live; may be called from any thread. */
    public void interject(String text) {
        out.print((live ? "\r\033[K" : "") + text + System.lineSeparator());
        out.flush();
    }

    /** Replaces what is on the current line, without ending it; only for a live terminal. */
    void redraw(String text) {
        out.print("\r" + text + "\033[K");
        out.flush();
    }

    /** Empties the current line, if it can have been drawn on. */
    void clear() {
        if (live) {
            out.print("\r\033[K");
        }
    }
}
