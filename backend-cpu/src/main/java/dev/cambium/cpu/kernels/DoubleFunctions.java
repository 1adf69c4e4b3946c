package dev.cambium.cpu.kernels;

/** Functions of doubles that the JDK lacks; precise, not fast. */
final class DoubleFunctions {
    private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

    private DoubleFunctions() {}

    /** 1 / (1 + e to the −x), without overflow. */
    static double sigmoid(double x) {
        double e = Math.exp(-Math.abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }

    /** a to the b as IEEE 754 has it: unlike {@link Math#pow}, 1 to the NaN and ±1 to the ±∞ are 1. */
    static double pow(double a, double b) {
        return a == 1 || (a == -1 && Double.isInfinite(b)) ? 1 : Math.pow(a, b);
    }

    /**
     * Gauss's error function: up to 2.5 Kummer's series of positive terms, beyond it one less the continued fraction of its
     * complement (Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6 and 7.1.14).
     */
    static double erf(double x) {
        double size = Math.abs(x);
        if (size < 2.5) {
            double term = x;
            double sum = x;
            for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
                term *= 2 * x * x / (2 * n + 1);
                sum += term;
            }
            return TWO_OVER_SQRT_PI * Math.exp(-x * x) * sum;
        }
        if (size < 6) {
            double fraction = size;
            for (int n = 60; n > 0; n--) {
                fraction = size + n / 2.0 / fraction;
            }
            return Math.signum(x) * (1 - Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI)));
        }
        return Math.signum(x);
    }
}
