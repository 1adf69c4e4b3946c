package dev.cambium.app.terminal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;

import dev.cambium.app.terminal.Table.Column;
import dev.cambium.backend.Profile;
import dev.cambium.backend.Profile.Kernel;

/** Where training spent its time, kernel by kernel. */
public final class ProfileTable {
    private static final int MOST_ROWS = 50;
    private static final int MOST_PATHS = 2;

    private ProfileTable() {}

    /**
     * Prints it. Where a layer has several kernels of one name, they are numbered in the order of a step.
     *
     * @param profiles
     *            what was measured of the executables that make steps
     */
    public static void print(Terminal terminal, List<Profile> profiles) {
        long steps = profiles.stream().mapToLong(Profile::runs).sum();
        int threads = profiles.stream().mapToInt(Profile::lanes).max().orElse(0);
        long idle = profiles.stream().mapToLong(Profile::idleNanos).sum();
        long elapsed = profiles.stream().mapToLong(Profile::nanos).sum();
        List<Kernel> kernels = merged(profiles);
        long total = idle + kernels.stream().mapToLong(Kernel::nanos).sum();
        terminal.heading("Where the time of %s steps of %s ms went, on %d %s".formatted(Numbers.count(steps),
                Numbers.decimal(elapsed / 1e6 / Math.max(1, steps)), threads, threads == 1 ? "thread" : "threads"));
        var table = new Table(Column.text("kernel"), Column.text("layer"), Column.number("calls"), Column.number("ms"),
                Column.number("share"), Column.number("GFLOP/s"), Column.number("GB/s"), Column.number("visited"));
        kernels.stream().limit(MOST_ROWS).forEach(kernel -> table.row(kernel.name(), layer(kernel.paths()),
                Numbers.count(kernel.calls()), Numbers.decimal(kernel.nanos() / 1e6), share(kernel.nanos(), total),
                rate(2 * kernel.multiplyAdds(), kernel.nanos()), rate(kernel.bytes(), kernel.nanos()),
                kernel.density().isEmpty() ? "" : Numbers.percent(kernel.density().getAsDouble())));
        if (kernels.size() > MOST_ROWS) {
            List<Kernel> others = kernels.subList(MOST_ROWS, kernels.size());
            long nanos = others.stream().mapToLong(Kernel::nanos).sum();
            table.row(others.size() + " others", "", Numbers.count(others.stream().mapToLong(Kernel::calls).sum()),
                    Numbers.decimal(nanos / 1e6), share(nanos, total), "", "", "");
        }
        table.row("waiting, between kernels", "", "", Numbers.decimal(idle / 1e6), share(idle, total), "", "", "");
        table.row("total", "", "", Numbers.decimal(total / 1e6), share(total, total), "", "", "");
        table.print(terminal);
        terminal.line(
                terminal.paint(Terminal.Style.DIM, "Times of all threads are added up, and rates are those of one "
                        + "thread; GFLOP/s count skipped zeros too, of which 'visited' is what was left."));
    }

    /** Those of all executables by name, layer and number, longest first. */
    private static List<Kernel> merged(List<Profile> profiles) {
        var rows = new LinkedHashMap<List<Object>, Kernel>();
        for (Profile profile : profiles) {
            var seen = new HashMap<List<Object>, Integer>();
            for (Kernel kernel : profile.kernels()) {
                int number = seen.merge(List.of(kernel.name(), kernel.paths()), 1, Integer::sum);
                Kernel numbered = named(kernel, number == 1 ? kernel.name() : kernel.name() + " #" + number);
                rows.merge(List.of(numbered.name(), numbered.paths()), numbered, ProfileTable::merge);
            }
        }
        var kernels = new ArrayList<>(rows.values());
        kernels.sort(Comparator.comparingLong(Kernel::nanos).reversed());
        return kernels;
    }

    private static Kernel named(Kernel kernel, String name) {
        return new Kernel(name, kernel.paths(), kernel.description(), kernel.calls(), kernel.nanos(),
                kernel.multiplyAdds(), kernel.bytes(), kernel.density());
    }

    private static Kernel merge(Kernel a, Kernel b) {
        return new Kernel(a.name(), a.paths(), a.description(), a.calls() + b.calls(), a.nanos() + b.nanos(),
                a.multiplyAdds() + b.multiplyAdds(), a.bytes() + b.bytes(), density(a, b));
    }

    /** The mean, by the work that both have. */
    private static OptionalDouble density(Kernel a, Kernel b) {
        if (a.density().isEmpty() || b.density().isEmpty() || a.multiplyAdds() + b.multiplyAdds() == 0) {
            return a.density().isPresent() ? a.density() : b.density();
        }
        return OptionalDouble.of((a.density().getAsDouble() * a.multiplyAdds()
                + b.density().getAsDouble() * b.multiplyAdds()) / (a.multiplyAdds() + b.multiplyAdds()));
    }

    private static String layer(List<String> paths) {
        return paths.size() <= MOST_PATHS ? String.join(", ", paths)
                : "%s and %d more".formatted(paths.getFirst(), paths.size() - 1);
    }

    private static String share(long nanos, long total) {
        return total == 0 ? "" : Numbers.percent((double) nanos / total);
    }

    /** So many a nanosecond are so many billions a second. */
    private static String rate(long quantity, long nanos) {
        return quantity == 0 || nanos == 0 ? "" : Numbers.decimal((double) quantity / nanos);
    }
}
