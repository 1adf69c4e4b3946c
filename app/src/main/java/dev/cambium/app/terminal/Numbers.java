package dev.cambium.app.terminal;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them, the same in every locale. */
public final class Numbers {
    private Numbers() {}

    /** With a comma between thousands, such as {@code 60,000}. */
    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** With blanks in front, as wide as the largest number that may stand in its place. */
    public static String padded(long value, long largest) {
        String text = count(value);
        return " ".repeat(Math.max(0, count(largest).length() - text.length())) + text;
    }

    /** With four digits after the point, such as {@code 0.0613}, if it is not huge; losses are shown so. */
    public static String loss(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 1e5 ? "%.4f" : "%.2e", value);
    }

    /** With one digit after the point and a comma between thousands, such as {@code 1,234.5}. */
    public static String decimal(double value) {
        return String.format(Locale.ROOT, "%,.1f", value);
    }

    /** A share of 1 in per cent with two digits after the point, such as {@code 98.32 %}. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    /** In the unit that suits it, such as {@code 12.6 MB}. */
    public static String bytes(long value) {
        if (value < 1000) {
            return value + " bytes";
        }
        double scaled = value;
        int unit = -1;
        while (scaled >= 999.95) {
            scaled /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %cB", scaled, "kMGTPE".charAt(unit));
    }

    /** As {@code 0:07}, {@code 12:34} or {@code 1:02:03}. */
    public static String duration(Duration time) {
        long seconds = Math.max(0, time.plusMillis(500).toSeconds());
        return seconds < 3600 ? "%d:%02d".formatted(seconds / 60, seconds % 60)
                : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
