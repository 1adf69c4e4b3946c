package dev.cambium.cpu.compiler;

import java.util.List;
import java.util.stream.Stream;

import dev.cambium.CambiumException;
import dev.cambium.tensor.DType;

/**
 * One piece of work of a program: it reads views and writes views, cut into units that may run in any order and on any thread. What
 * the units are depends on shapes alone, so that results do not depend on the number of threads.
 */
interface Step {
    /** What it is, for dumps and profiles. */
    String name();

    /** What it reads. */
    List<View> reads();

    /** What it writes: no other step writes to these storages. */
    List<View> writes();

    /** The number of units of work. */
    int units();

    /**
     * Whether unit i is sample i, or a row of one: it writes the i-th part of each view in {@link #writes}, and of views that are
     * {@linkplain #isUnitWise unit-wise} reads only the i-th part. Such steps can be run one after the other for each
     * sample while its values are in the cache, if what passes between them is sample-wise for both.
     */
    default boolean perSample() {
        return false;
    }

    /** Whether of a view unit i of this step concerns nothing but the i-th run of elements, and these runs are the whole storage. */
    default boolean isUnitWise(View view) {
        int size = view.storage().size();
        return view.rank() > 0 && view.shape().dim(0) == units() && size % units() == 0
                && view.isSampleWise(size / units());
    }

    /** Whether all that it writes of a storage is unit-wise. */
    default boolean makesUnitWise(Storage storage) {
        return writes().stream().allMatch(made -> made.storage() != storage || isUnitWise(made));
    }

    /** Whether it keeps sums for each part of a chain, of which there are then as many as {@link Partition#parts} says. */
    default boolean sumsByPart() {
        return false;
    }

    /** How many units a chain should give it at once, at least. */
    default int block() {
        return 1;
    }

    /**
     * Whether the result may lie where an operand lies, being written over it. Only for storages of {@link #writes} and
     * {@link #reads}.
     */
    default boolean mayOverwrite(Storage result, Storage operand) {
        return false;
    }

    /** Whether values may make it fail: those of an index or a divisor. */
    default boolean mayFail() {
        return false;
    }

    /** What it needs for itself while it runs. */
    default Needs needs() {
        return Needs.NONE;
    }

    /** The multiply-adds that its products make, all units together. */
    default long multiplyAdds() {
        return 0;
    }

    /** The bytes of what it reads and writes, all units together. */
    default long bytes() {
        return Stream.concat(reads().stream(), writes().stream()).mapToLong(View::bytes).sum();
    }

    /**
     * Of a product that skips zeros the share of elements that some units visited, as the lists of entries count them; to be asked for
     * right after they ran, on the same lane. NaN for a step that visits all.
     */
    default double density(int from, int to, Lane lane) {
        return Double.NaN;
    }

    /** The element types of the registers that it needs. */
    default List<DType> registerTypes() {
        return List.of();
    }

    /** Has vector loops compiled that it runs; for a step that will run many times. */
    default void warmUp() {}

    /**
     * Does the units {@code from} (included) to {@code to} (excluded).
     *
     * @param part
     *            the number of the part that these units belong to; a part's units are all run by one thread, in ascending order
     * @param lane
     *            the thread's own scratch
     */
    void run(int from, int to, int part, Lane lane);

    /** A problem with the path of its layer before it. */
    static CambiumException at(String path, CambiumException problem) {
        return path.isEmpty() ? problem : new CambiumException(path + ": " + problem.getMessage(), problem);
    }

    /**
     * Scratch that a step needs.
     *
     * @param floats
     *            for products
     * @param registers
     *            for chunks of elementwise chains
     * @param slots
     *            places of operands of elementwise chains
     */
    record Needs(int floats, int registers, int slots) {
        static final Needs NONE = new Needs(0, 0, 0);

        static Needs scratch(int floats) {
            return new Needs(floats, 0, 0);
        }

        Needs max(Needs other) {
            return new Needs(Math.max(floats, other.floats), Math.max(registers, other.registers),
                    Math.max(slots, other.slots));
        }
    }
}
