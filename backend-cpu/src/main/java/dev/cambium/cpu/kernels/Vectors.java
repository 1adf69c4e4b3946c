package dev.cambium.cpu.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** What loops over vectors need, so that they run without allocating. */
final class Vectors {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final int L = FLOATS.length();
    /** Whether there are byte vectors of as many elements; the smallest has 8. */
    static final boolean HAS_BYTES = L >= 8;
    static final VectorSpecies<Byte> BYTES = VectorSpecies.of(byte.class,
            VectorShape.forBitSize(HAS_BYTES ? L * Byte.SIZE : 64));
    static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    /** Eight floats, of which all machines with vectors of 8 or 16 have vectors, too; for sums, not to be stored ({@link Transposition}). */
    static final VectorSpecies<Float> EIGHT = FloatVector.SPECIES_256;
    private static final Class<?> EIGHT_FLOATS = EIGHT.vectorType();
    private static final Class<?> PREFERRED = FLOATS.vectorType();
    private static final Class<?> PREFERRED_DOUBLES = DOUBLES.vectorType();

    private Vectors() {}

    /**
     * The same vector, of the preferred species, of which C2 from here on knows the exact class.
     *
     * <p>
     * The methods of {@link FloatVector} call others that each width of vectors overrides. Which to inline C2 takes from counts of
     * what they were called on, which all code in the process shares: one width, or several, or none while it was counted. In some
     * mixtures vectors stay objects, and each pass through a loop allocates one for as long as the JVM runs. Where the class is known
     * counts don't matter; it stays known through operations, but not through {@code fromArray}, {@code broadcast} and {@code zero}, nor
     * round a loop.
     * This method is no more than a cast so that it is inlined wherever it has been counted, which one that loads a vector is not.
     */
    static FloatVector exact(FloatVector vector) {
        return (FloatVector) PREFERRED.cast(vector);
    }

    /** The same vector, of eight floats. */
    static FloatVector exactEight(FloatVector vector) {
        return (FloatVector) EIGHT_FLOATS.cast(vector);
    }

    /** The same vector of doubles, of the preferred species. */
    static DoubleVector exact(DoubleVector vector) {
        return (DoubleVector) PREFERRED_DOUBLES.cast(vector);
    }
}
