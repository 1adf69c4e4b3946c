package dev.cambium.cpu.kernels;

import jdk.incubator.vector.FloatVector;

/** What all loops over vectors need to run without allocating. */
final class Vectors {
    private static final Class<?> PREFERRED = FloatVector.SPECIES_PREFERRED.vectorType();

    private Vectors() {}

    /**
     * The same vector, of the preferred species, of which C2 from here on knows the exact class.
     *
     * <p>
     * The methods of {@link FloatVector} call others that each width of vectors overrides. Which to inline C2 takes from counts of
     * what they were called on, which all code in the process shares: one width, or several, or none while it was counted. In some
     * mixtures vectors stay objects, and each pass through a loop allocates one for as long as the JVM runs. Where the class is known
     * counts don't matter; it stays known through operations, but not through {@code fromArray}, {@code broadcast} and {@code zero}.
     * This method is no more than a cast so that it is always inlined, which one that loads a vector is not.
     */
    static FloatVector exact(FloatVector vector) {
        return (FloatVector) PREFERRED.cast(vector);
    }
}
