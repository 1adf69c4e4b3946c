package dev.cambium.models;

import dev.cambium.nn.Initializer;

/** What first values are drawn from. */
public enum Distribution {
    /** Uniform between two numbers of opposite sign. */
    UNIFORM,
    /** Normal with mean 0. */
    NORMAL;

    /** Values of this distribution with mean 0 and a standard deviation. */
    Initializer initializer(double deviation) {
        return switch (this) {
            case UNIFORM -> Initializer.uniform(Math.sqrt(3) * deviation);
            case NORMAL -> Initializer.normal(deviation);
        };
    }
}
