package dev.cambium.backend;

import static dev.cambium.Stability.Level.EXPERIMENTAL;

import java.util.List;
import java.util.OptionalDouble;

import dev.cambium.Stability;
import dev.cambium.tensor.Graph;

/**
 * Where the runs of one executable spent their time. Times are nanoseconds; those of kernels are added up over all lanes.
 *
 * @param graph
 *            what was compiled
 * @param runs
 *            how many runs were begun
 * @param nanos
 *            how long they took in all, without the copying of inputs and outputs
 * @param lanes
 *            how many threads ran kernels side by side
 * @param kernels
 *            all kernels, in the order in which a run comes to them
 * @param events
 *            the latest calls, of whole runs only, as far as there was room; those of one lane follow each other without overlapping
 */
@Stability(value = EXPERIMENTAL, since = "0.1")
public record Profile(Graph graph, long runs, long nanos, int lanes, List<Kernel> kernels, List<Event> events) {
    /** Keeps copies of the lists. */
    public Profile {
        kernels = List.copyOf(kernels);
        events = List.copyOf(events);
    }

    /** The time in which lanes ran no kernel: they waited for each other, or were on the way from one kernel to the next. */
    public long idleNanos() {
        return Math.max(0, lanes * nanos - kernels.stream().mapToLong(Kernel::nanos).sum());
    }

    /**
     * One piece of work of a compiled graph.
     *
     * @param name
     *            what it does, such as {@code conv2d} or {@code elementwise}
     * @param paths
     *            the {@linkplain dev.cambium.tensor.Tensor#path() paths} of the layers that it computes for, as far as they are known
     * @param description
     *            the same in the backend's own words, with shapes
     * @param calls
     *            how often it was called; a run calls it several times, each time for a part of the work
     * @param nanos
     *            how long these calls took in all
     * @param multiplyAdds
     *            the multiply-adds of these calls in products, counted as if none were skipped; 0 for what is no product
     * @param bytes
     *            the bytes that these calls read and wrote, each value once
     * @param density
     *            of a product that skips zeros the share of elements that it visited, from 0 to 1; empty for one that visits all
     */
    public record Kernel(String name, List<String> paths, String description, long calls, long nanos, long multiplyAdds,
            long bytes, OptionalDouble density) {
        /** Keeps a copy of the paths. */
        public Kernel {
            paths = List.copyOf(paths);
        }
    }

    /**
     * One call of a kernel.
     *
     * @param kernel
     *            its number in the list of kernels
     * @param lane
     *            the number of the thread, 0 for the one that asked for the run
     * @param run
     *            the number of the run, from 1
     * @param start
     *            when it began, by {@link System#nanoTime}
     * @param nanos
     *            how long it took
     */
    public record Event(int kernel, int lane, long run, long start, long nanos) {}
}
