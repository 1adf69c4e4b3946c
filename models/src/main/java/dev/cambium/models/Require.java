package dev.cambium.models;

/** Checks of settings in the compact constructors of parts. */
final class Require {
    private Require() {}

    static void atLeast(String setting, int value, int min) {
        if (value < min) {
            throw new IllegalArgumentException("%s is %d, but must be at least %d".formatted(setting, value, min));
        }
    }

    /** Checks a finite number that must not be negative. */
    static void notNegative(String setting, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "%s is %s, but must be a finite number of at least 0".formatted(setting, value));
        }
    }

    static void probability(String setting, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("%s is %s, but must be from 0 to 1".formatted(setting, value));
        }
    }

    /** Checks the rate of a running mean, which never settles with a rate of 1. */
    static void decay(String setting, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(
                    "%s is %s, but must be at least 0 and below 1".formatted(setting, value));
        }
    }
}
