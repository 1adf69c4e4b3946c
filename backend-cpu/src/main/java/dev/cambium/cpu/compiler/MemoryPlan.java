package dev.cambium.cpu.compiler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

import dev.cambium.CambiumException;
import dev.cambium.cpu.kernels.Alignment;
import dev.cambium.tensor.DType;

/**
 * Gives every storage its place before the first run. Values whose phases do not overlap share memory; a value that lives only within
 * a chain gets room for one block of samples per lane, which stays in the cache.
 */
final class MemoryPlan {
    /** Elements of one kind of Java array; storages are spans of it. */
    private static final class Arena {
        private record Span(long start, long end) {}

        private final List<Span> free = new ArrayList<>();
        private long end;

        /** The first free span that is large enough, or new room at the end. */
        long take(long size) {
            long wanted = roundUp(size);
            for (int i = 0; i < free.size(); i++) {
                Span span = free.get(i);
                if (span.end() - span.start() >= wanted) {
                    free.remove(i);
                    if (span.start() + wanted < span.end()) {
                        free.add(i, new Span(span.start() + wanted, span.end()));
                    }
                    return span.start();
                }
            }
            long start = end;
            end += wanted;
            if (end > Integer.MAX_VALUE - 2L * Alignment.LINE) {
                throw new CambiumException(
                        "the graph needs more than 2³¹ elements of memory at once; use a smaller batch");
            }
            return start;
        }

        void give(long start, long size) {
            free.add(new Span(start, start + roundUp(size)));
            free.sort(Comparator.comparingLong(Span::start));
            for (int i = free.size() - 1; i > 0; i--) {
                if (free.get(i - 1).end() == free.get(i).start()) {
                    free.set(i - 1, new Span(free.get(i - 1).start(), free.remove(i).end()));
                }
            }
        }

        private static long roundUp(long size) {
            return Math.ceilDiv(size, Alignment.LINE) * Alignment.LINE;
        }
    }

    /** Where a storage will lie in its arena; laneSize is 0 when all lanes share it. */
    private record Place(Storage storage, long start, int laneSize) {}

    /** Where an arena begins. */
    private record Start(Object array, int offset) {}

    private final List<Phase> phases;
    private final int lanes;
    private final Map<Class<?>, Arena> arenas = new LinkedHashMap<>();
    private final List<Place> places = new ArrayList<>();
    private final Map<Storage, Integer> firstUse = new LinkedHashMap<>();
    private final Map<Storage, Integer> lastUse = new HashMap<>();
    private final Map<Storage, Integer> localSizes = new HashMap<>();

    private MemoryPlan(List<Phase> phases, int lanes) {
        this.phases = phases;
        this.lanes = lanes;
    }

    /**
     * Places storages.
     *
     * @param phases
     *            what runs
     * @param fromStart
     *            storages that are filled before the first phase
     * @param toEnd
     *            storages that are read after the last phase
     * @param elsewhere
     *            storages that lie elsewhere: variables, constants and what overwrites them
     * @param lineStart
     *            where a cache line begins in an array; a measurement, which may give another answer each time
     * @return the number of bytes taken
     */
    static long place(List<Phase> phases, int lanes, Set<Storage> fromStart, Set<Storage> toEnd, Set<Storage> elsewhere,
            ToIntFunction<float[]> lineStart) {
        var plan = new MemoryPlan(phases, lanes);
        plan.measureLifetimes(fromStart, toEnd, elsewhere);
        plan.assign();
        return plan.allocate(lineStart);
    }

    private void measureLifetimes(Set<Storage> fromStart, Set<Storage> toEnd, Set<Storage> elsewhere) {
        fromStart.forEach(storage -> use(storage, 0));
        for (int i = 0; i < phases.size(); i++) {
            for (Step step : phases.get(i).steps()) {
                for (View view : step.writes()) {
                    use(view.storage(), i);
                }
                for (View view : step.reads()) {
                    use(view.storage(), i);
                }
            }
        }
        toEnd.forEach(storage -> use(storage, phases.size()));
        elsewhere.forEach(firstUse::remove);
        phases.forEach(this::findLocals);
    }

    private void use(Storage storage, int phase) {
        firstUse.putIfAbsent(storage, phase);
        lastUse.put(storage, phase);
    }

    private void findLocals(Phase phase) {
        if (!(phase instanceof Phase.Chain(var steps, int samples, int block, int _)) || steps.size() == 1) {
            return;
        }
        int index = phases.indexOf(phase);
        Set<Storage> sampleWise = new HashSet<>();
        for (Step step : steps) {
            for (View view : step.writes()) {
                Storage storage = view.storage();
                if (step.isUnitWise(view)) {
                    sampleWise.add(storage);
                }
            }
        }
        for (Storage storage : sampleWise) {
            Integer first = firstUse.get(storage);
            if (first != null && first == index && lastUse.getOrDefault(storage, -1) == index) {
                localSizes.put(storage, storage.size() / samples * block);
            }
        }
    }

    private void assign() {
        Map<Integer, List<Storage>> starting = new HashMap<>();
        firstUse.forEach((storage, phase) -> starting.computeIfAbsent(phase, _ -> new ArrayList<>()).add(storage));
        Map<Integer, List<Place>> ending = new HashMap<>();
        for (int i = 0; i <= phases.size(); i++) {
            List<Storage> storages = starting.getOrDefault(i, List.of());
            storages.stream().sorted(Comparator.comparingInt(Storage::size).reversed()).forEach(storage -> {
                Place place = take(storage);
                places.add(place);
                ending.computeIfAbsent(lastUse.getOrDefault(storage, phases.size()), _ -> new ArrayList<>()).add(place);
            });
            for (Place place : ending.getOrDefault(i, List.of())) {
                arena(place.storage().dtype()).give(place.start(), size(place.storage(), place.laneSize()));
            }
        }
    }

    private Place take(Storage storage) {
        int laneSize = Alignment.roundUp(localSizes.getOrDefault(storage, 0));
        return new Place(storage, arena(storage.dtype()).take(size(storage, laneSize)), laneSize);
    }

    private long size(Storage storage, int laneSize) {
        return laneSize == 0 ? Math.max(storage.size(), 1) : (long) laneSize * lanes;
    }

    private Arena arena(DType dtype) {
        return arenas.computeIfAbsent(Convert.arrayType(dtype), _ -> new Arena());
    }

    private long allocate(ToIntFunction<float[]> lineStart) {
        long bytes = 0;
        Map<Class<?>, Start> starts = new HashMap<>();
        for (Place place : places) {
            DType dtype = place.storage().dtype();
            Start start = starts.get(Convert.arrayType(dtype));
            if (start == null) {
                int room = (int) arena(dtype).end + Alignment.LINE;
                Object array = Convert.array(dtype, room);
                start = new Start(array, array instanceof float[] floats ? lineStart.applyAsInt(floats) : 0);
                starts.put(Convert.arrayType(dtype), start);
                bytes += (long) room * dtype.bytes();
            }
            place.storage().placePerLane(start.array(), start.offset() + (int) place.start(), place.laneSize());
        }
        return bytes;
    }
}
