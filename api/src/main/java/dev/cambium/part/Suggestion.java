package dev.cambium.part;

import static dev.cambium.Stability.Level.STABLE;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

import dev.cambium.Stability;

/** The 'did you mean' of error messages. */
@Stability(value = STABLE, since = "0.1")
public final class Suggestion {
    private Suggestion() {}

    /**
     * A phrase to append to an error message, such as {@code " (did you mean 'adam'?)"}, or nothing when no name is close.
     *
     * @param given
     *            what the user wrote
     * @param known
     *            the names that exist
     */
    public static String of(String given, Collection<String> known) {
        String wanted = given.toLowerCase(Locale.ROOT);
        int limit = Math.max(1, Math.min(3, given.length() / 2));
        return known.stream()
                .filter(name -> distance(wanted, name.toLowerCase(Locale.ROOT)) <= limit)
                .min(Comparator.comparingInt(name -> distance(wanted, name.toLowerCase(Locale.ROOT))))
                .map(name -> " (did you mean '" + name + "'?)")
                .orElse("");
    }

    /** The optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + cost);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
