package dev.cambium.benchmarks;

import java.util.List;
import java.util.Locale;

import dev.cambium.tensor.NdArray;

/**
 * One thing in which two runs are to agree.
 *
 * @param what
 *            what is compared
 * @param bar
 *            how far it may differ
 * @param measured
 *            how far it does
 * @param held
 *            whether that is within the bar
 */
record Check(String what, String bar, String measured, boolean held) {
    /**
     * How much closer than another class's a class's score, the logarithm of a probability, may be for the two to be a tie. Rounding
     * moves scores by some 1e-5.
     */
    static final double TIE = 1e-4;

    /** Values at the same place are to be equal, and there are to be as many. */
    static Check equal(String what, List<?> first, List<?> second) {
        int same = 0;
        while (same < Math.min(first.size(), second.size()) && first.get(same).equals(second.get(same))) {
            same++;
        }
        boolean held = same == first.size() && same == second.size();
        return new Check(what, "equal",
                held ? "equal" : String.format(Locale.ROOT, "not equal from number %,d on", same + 1), held);
    }

    /**
     * Losses of the same steps are to differ by no more than a share of the first run's, or of {@code floor} where that is larger.
     *
     * @param bar
     *            the share; infinite if it is only to be shown
     * @param steps
     *            how many are compared, from the start
     */
    static Check losses(String what, double bar, double floor, int steps, List<Double> first, List<Double> second) {
        double worst = 0;
        for (int i = 0; i < steps; i++) {
            double expected = first.get(i);
            worst = Math.max(worst, Math.abs(second.get(i) - expected) / Math.max(expected, floor));
        }
        String shown = Double.isInfinite(bar) ? "none" : String.format(Locale.ROOT, "%.0e", bar);
        return new Check(what, shown, String.format(Locale.ROOT, "%.1e", worst),
                worst <= bar);
    }

    /** Two shares of examples are to differ by no more than some points (hundredths). */
    static Check points(String what, double bar, double first, double second) {
        double difference = 100 * Math.abs(first - second);
        return new Check(what, String.format(Locale.ROOT, "%.1f points", bar),
                String.format(Locale.ROOT, "%.2f (%.2f %%, %.2f %%)", difference, 100 * first, 100 * second),
                difference <= bar);
    }

    /**
     * The classes of the highest scores are to be the same, but for ties: where both runs have the two classes that they chose within
     * {@link #TIE} of each other.
     *
     * @param first
     *            logarithms of probabilities [n, classes]
     * @param second
     *            those of the other run for the same examples
     */
    static Check predictions(String what, NdArray first, NdArray second) {
        int classes = first.shape().dim(1);
        double[] a = first.toDoubleArray();
        double[] b = second.toDoubleArray();
        int equal = 0;
        int ties = 0;
        double widest = 0;
        for (int row = 0; row < a.length; row += classes) {
            int one = highest(a, row, classes);
            int other = highest(b, row, classes);
            double gap = Math.max(a[one] - a[other], b[other] - b[one]);
            if (one == other) {
                equal++;
            } else if (gap <= TIE) {
                ties++;
            } else {
                widest = Math.max(widest, gap);
            }
        }
        int unequal = first.shape().dim(0) - equal - ties;
        return new Check(what, "equal but for ties",
                String.format(Locale.ROOT, "%,d equal, %d ties, %d others%s", equal,
                        ties, unequal, unequal == 0 ? "" : String.format(Locale.ROOT, " (up to %.1e apart)", widest)),
                unequal == 0);
    }

    private static int highest(double[] scores, int start, int count) {
        int best = start;
        for (int i = start + 1; i < start + count; i++) {
            if (scores[i] > scores[best]) {
                best = i;
            }
        }
        return best;
    }
}
