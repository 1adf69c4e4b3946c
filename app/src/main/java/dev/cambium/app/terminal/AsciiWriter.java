package dev.cambium.app.terminal;

import java.io.IOException;
import java.io.Writer;
import java.util.Map;

/** Passes text on in ASCII: signs that have a customary spelling get it, others become a question mark. */
final class AsciiWriter extends Writer {
    private static final int ASCII = 128;
    private static final Map<Character, String> SPELLINGS = Map.ofEntries(Map.entry('×', "x"), Map.entry('·', "."),
            Map.entry('…', "..."), Map.entry('–', "-"), Map.entry('—', "-"), Map.entry('−', "-"),
            Map.entry('‘', "'"), Map.entry('’', "'"),
            Map.entry('“', "\""), Map.entry('”', "\""), Map.entry('→', "->"),
            Map.entry('←', "<-"), Map.entry('≤', "<="), Map.entry('≥', ">="), Map.entry('≠', "!="));

    private final Writer target;

    AsciiWriter(Writer target) {
        this.target = target;
    }

    @Override
    public void write(char[] buffer, int offset, int length) throws IOException {
        var text = new StringBuilder(length);
        for (int i = offset; i < offset + length; i++) {
            char c = buffer[i];
            text.append(c < ASCII ? Character.toString(c) : SPELLINGS.getOrDefault(c, "?"));
        }
        target.write(text.toString());
    }

    @Override
    public void flush() throws IOException {
        target.flush();
    }

    @Override
    public void close() throws IOException {
        target.close();
    }
}
