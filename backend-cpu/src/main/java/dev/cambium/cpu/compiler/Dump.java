package dev.cambium.cpu.compiler;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.cambium.CambiumException;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Tensor;

/**
 * Writes what each stage of the compiler makes of each graph, for people who work on the compiler: a numbered folder for each graph, in
 * it a text and a Graphviz file for each stage. A file is written when its stage is done, so that those before a failure are there.
 *
 * @param folder
 *            where the numbered folders go
 */
public record Dump(Path folder) {
    /** The environment variable that names the folder. */
    public static final String VARIABLE = "CAMBIUM_DUMP";

    /**
     * Into a folder, which is made as needed.
     *
     * @throws CambiumException
     *             if it can't be
     */
    public static Dump to(String folder) {
        try {
            return new Dump(Files.createDirectories(Path.of(folder)));
        } catch (InvalidPathException | IOException e) {
            throw failed("make the folder " + folder, e);
        }
    }

    /** The folder of the next graph: the first number that is not taken, so that what earlier runs left stays. */
    Pages pages() {
        for (int number = 1;; number++) {
            Path next = folder.resolve(String.format(Locale.ROOT, "%03d", number));
            try {
                return new Pages(Files.createDirectory(next));
            } catch (FileAlreadyExistsException _) {
                // the next number, then
            } catch (IOException e) {
                throw failed("make the folder " + next, e);
            }
        }
    }

    private static CambiumException failed(String what, Exception e) {
        String reason = switch (e) {
            case FileAlreadyExistsException _ -> "a file of this name is in the way";
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "there is no such folder";
            case FileSystemException failure when failure.getReason() != null -> failure.getReason();
            default -> String.valueOf(e.getMessage());
        };
        return new CambiumException("can't %s: %s; %s must name a folder that can be written to, or be unset"
                .formatted(what, reason, VARIABLE), e);
    }

    /** The files of one graph. */
    record Pages(Path folder) {
        /** The graph as it came. */
        void given(Graph graph) {
            write("1-given", graph.toString(), tensors("given", graph, Set.of()));
        }

        /** What is left with poolings moved and masks taken from results, and what is found out about it: where zeros arise and what runs together. */
        void simplified(Graph graph, boolean skipZeros) {
            write("2-simplified", graph.toString(), tensors("simplified", graph, Set.of()));
            Set<Tensor> zeros = skipZeros ? Zeros.of(graph) : Set.of();
            write("3-zeros", marked(graph, zeros), tensors("zeros", graph, zeros));
            Fusion.Plan plan = Fusion.plan(graph);
            write("4-fusion", groups(graph, plan), groupsAsDot(graph, plan));
        }

        /** The steps with the views that they read and write, those that update variables included. */
        void lowered(Lowering.Lowered lowered, Updates updates) {
            var text = new StringBuilder();
            updates.steps().forEach(step -> text.append(line(step, lowered)));
            updates.overwritten().forEach((result, variable) -> text.append(result).append(" is written over ")
                    .append(variable).append('\n'));
            updates.outputs().forEach((name, view) -> text.append(name).append(" → ").append(view).append('\n'));
            var dot = new Dot("steps");
            addSteps(dot, updates.steps(), lowered);
            write("5-steps", text.toString(), dot.toString());
        }

        /** The steps by phases. */
        void scheduled(List<Phase> phases, Lowering.Lowered lowered) {
            var text = new StringBuilder();
            var dot = new Dot("phases");
            for (int i = 0; i < phases.size(); i++) {
                Phase phase = phases.get(i);
                String title = "%d %s, %d parts".formatted(i, phase, phase.parts());
                text.append(title).append('\n');
                phase.steps().forEach(step -> text.append("  ").append(line(step, lowered)));
                dot.open(title);
                addSteps(dot, phase.steps(), lowered);
                dot.close();
            }
            write("6-phases", text.toString(), dot.toString());
        }

        /** Where values lie and for how long. */
        void placed(List<Phase> phases, Lowering.Lowered lowered, Updates updates) {
            Map<Storage, Lifetime> lifetimes = lifetimes(phases, lowered, updates);
            var text = new StringBuilder("%-40s %-9s %10s %8s %10s %9s  %s\n".formatted("storage", "type", "elements",
                    "in", "offset", "per lane", "phases"));
            var dot = new Dot("memory");
            dot.chain(IntStream.range(0, phases.size()).mapToObj(i -> "phase " + i).toList());
            lifetimes.forEach((storage, lifetime) -> {
                String place = place(storage, lowered, updates);
                String type = storage.dtype().name().toLowerCase(Locale.ROOT);
                text.append("%-40s %-9s %10d %8s %10d %9s  %s\n".formatted(storage, type, storage.size(), place,
                        storage.offset(), storage.laneStride() == 0 ? "" : storage.laneStride(), lifetime));
                dot.node(storage, "%s\n%d %s in %s at %d%s".formatted(storage, storage.size(), type, place,
                        storage.offset(), storage.laneStride() == 0 ? "" : " + lane · " + storage.laneStride()),
                        colour(place));
                if (!phases.isEmpty()) {
                    int last = phases.size() - 1;
                    dot.edge("phase " + Math.min(lifetime.first(), last), storage, "from");
                    dot.edge(storage, "phase " + Math.min(lifetime.last(), last), "to");
                }
            });
            write("7-memory", text.toString(), dot.toString());
        }

        private void write(String name, String text, String dot) {
            try {
                Files.writeString(folder.resolve(name + ".txt"), text);
                Files.writeString(folder.resolve(name + ".dot"), dot);
            } catch (IOException e) {
                throw failed("write to " + folder, e);
            }
        }
    }

    // ---- tensors

    /** The numbers that tensors have in the graph's text. */
    private static Map<Tensor, Integer> numbers(Graph graph) {
        var numbers = new IdentityHashMap<Tensor, Integer>();
        graph.tensors().forEach(tensor -> numbers.put(tensor, numbers.size()));
        return numbers;
    }

    private static String label(Tensor tensor, Map<Tensor, Integer> numbers) {
        String of = switch (tensor.op()) {
            case Op.Input(String name) -> " '" + name + "'";
            case Op.ReadVariable(var variable) -> " " + variable.name();
            case Op.Constant(NdArray value) when value.size() == 1 -> " " + value.getDouble(0);
            default -> "";
        };
        return "%" + numbers.get(tensor) + " " + tensor + of;
    }

    private static String tensors(String name, Graph graph, Set<Tensor> zeros) {
        var dot = new Dot(name);
        Map<Tensor, Integer> numbers = numbers(graph);
        graph.tensors().forEach(tensor -> add(dot, tensor, numbers, zeros.contains(tensor) ? "lightblue" : "white"));
        addResults(dot, graph);
        return dot.toString();
    }

    private static void add(Dot dot, Tensor tensor, Map<Tensor, Integer> numbers, String colour) {
        dot.node(tensor, label(tensor, numbers) + (tensor.path().isEmpty() ? "" : "\n" + tensor.path()), colour);
        tensor.inputs().forEach(input -> dot.edge(input, tensor, ""));
    }

    private static void addResults(Dot dot, Graph graph) {
        graph.outputs().forEach((name, tensor) -> {
            dot.node("output " + name, "output " + name, "palegreen");
            dot.edge(tensor, "output " + name, "");
        });
        graph.updates().forEach((variable, tensor) -> {
            dot.node(variable, "update of " + variable.name(), "khaki");
            dot.edge(tensor, variable, "");
        });
    }

    /** A line for each tensor; an o stands before those that may have many zeros. */
    private static String marked(Graph graph, Set<Tensor> zeros) {
        Map<Tensor, Integer> numbers = numbers(graph);
        return graph.tensors().stream()
                .map(tensor -> (zeros.contains(tensor) ? "o " : "  ") + line(tensor, numbers) + "\n")
                .collect(Collectors.joining());
    }

    private static String line(Tensor tensor, Map<Tensor, Integer> numbers) {
        return label(tensor, numbers)
                + tensor.inputs().stream().map(input -> "%" + numbers.get(input)).collect(
                        Collectors.joining(", ", " (", ")"))
                + (tensor.path().isEmpty() ? "" : "   in " + tensor.path());
    }

    /** Tensors in the order in which they are lowered; groups are indented, and arrows mark what others need of them. */
    private static String groups(Graph graph, Fusion.Plan plan) {
        Map<Tensor, Integer> numbers = numbers(graph);
        var text = new StringBuilder();
        for (Tensor tensor : plan.order()) {
            Fusion.Group group = plan.groups().get(tensor);
            if (group == null) {
                text.append(line(tensor, numbers)).append('\n');
            } else if (group.members().getLast().equals(tensor)) {
                text.append("together over ").append(group.shape()).append('\n');
                group.members().forEach(member -> text.append(group.results().contains(member) ? "  → " : "    ")
                        .append(line(member, numbers)).append('\n'));
            }
        }
        return text.toString();
    }

    private static String groupsAsDot(Graph graph, Fusion.Plan plan) {
        Map<Tensor, Integer> numbers = numbers(graph);
        var dot = new Dot("fusion");
        for (Tensor tensor : plan.order()) {
            Fusion.Group group = plan.groups().get(tensor);
            if (group == null) {
                add(dot, tensor, numbers, "white");
            } else if (group.members().getLast().equals(tensor)) {
                dot.open("together over " + group.shape());
                group.members().forEach(
                        member -> add(dot, member, numbers, group.results().contains(member) ? "palegreen" : "white"));
                dot.close();
            }
        }
        addResults(dot, graph);
        return dot.toString();
    }

    // ---- steps

    private static String line(Step step, Lowering.Lowered lowered) {
        List<String> paths = lowered.paths().getOrDefault(step, List.of());
        return step + (paths.isEmpty() ? "" : "   in " + String.join(", ", paths)) + "\n";
    }

    private static void addSteps(Dot dot, List<Step> steps, Lowering.Lowered lowered) {
        for (Step step : steps) {
            dot.node(step, step.name() + "\n"
                    + String.join("\n", lowered.paths().getOrDefault(step, List.of())), "white");
            for (View view : step.reads()) {
                dot.node(view.storage(), view.storage().toString(), "lightgrey");
                dot.edge(view.storage(), step, layout(view));
            }
            for (View view : step.writes()) {
                dot.node(view.storage(), view.storage().toString(), "lightgrey");
                dot.edge(step, view.storage(), layout(view));
            }
        }
    }

    /** A view without its storage, such as {@code [50, 32] by [1, 50] from 0}. */
    private static String layout(View view) {
        return view.toString().substring(view.storage().toString().length() + 1);
    }

    // ---- memory

    /**
     * Of a storage.
     *
     * @param first
     *            the first phase that uses it
     * @param last
     *            the last phase that uses it, or the number of phases if it is read after them
     */
    private record Lifetime(int first, int last) {
        Lifetime and(int phase) {
            return new Lifetime(Math.min(first, phase), Math.max(last, phase));
        }

        @Override
        public String toString() {
            return first + "–" + last;
        }
    }

    /** Of all storages, those that lie together next to each other. */
    private static Map<Storage, Lifetime> lifetimes(List<Phase> phases, Lowering.Lowered lowered, Updates updates) {
        var lifetimes = new HashMap<Storage, Lifetime>();
        lowered.inputs().values().forEach(view -> use(lifetimes, view, 0));
        for (int i = 0; i < phases.size(); i++) {
            for (Step step : phases.get(i).steps()) {
                for (View view : step.reads()) {
                    use(lifetimes, view, i);
                }
                for (View view : step.writes()) {
                    use(lifetimes, view, i);
                }
            }
        }
        updates.outputs().values().forEach(view -> use(lifetimes, view, phases.size()));
        var sorted = new LinkedHashMap<Storage, Lifetime>();
        lifetimes.keySet().stream()
                .sorted(Comparator.comparing((Storage storage) -> place(storage, lowered, updates))
                        .thenComparing(storage -> storage.dtype()).thenComparingInt(Storage::offset)
                        .thenComparing(Storage::name))
                .forEach(storage -> sorted.put(storage, Objects.requireNonNull(lifetimes.get(storage))));
        return sorted;
    }

    private static void use(Map<Storage, Lifetime> lifetimes, View view, int phase) {
        lifetimes.merge(view.storage(), new Lifetime(phase, phase), (known, _) -> known.and(phase));
    }

    private static String place(Storage storage, Lowering.Lowered lowered, Updates updates) {
        boolean variable = updates.overwritten().containsKey(storage)
                || lowered.variables().values().stream().anyMatch(view -> view.storage() == storage);
        return lowered.constants().containsKey(storage) ? "constant" : variable ? "variable" : "arena";
    }

    private static String colour(String place) {
        return switch (place) {
            case "constant" -> "lightgrey";
            case "variable" -> "khaki";
            default -> "white";
        };
    }

    /** A graph in Graphviz's language; whatever stands for a node is told apart by identity, texts by their letters. */
    private static final class Dot {
        private final StringBuilder text;
        private final IdentityHashMap<Object, String> names = new IdentityHashMap<>();
        private final Set<String> known = new HashSet<>();
        /** Edges come last: one within a cluster would draw its ends into it. */
        private final Set<String> edges = new LinkedHashSet<>();
        private int clusters;

        Dot(String name) {
            text = new StringBuilder("digraph ").append(quoted(name)).append(" {\n")
                    .append("node [shape=box, style=filled, fillcolor=white, fontname=\"monospace\"];\n");
        }

        /** What follows, up to {@link #close}, is drawn into one box. */
        void open(String title) {
            text.append("subgraph ").append(quoted("cluster" + clusters++)).append(" {\nlabel=").append(quoted(title))
                    .append(";\n");
        }

        void close() {
            text.append("}\n");
        }

        /** A node, unless it is there already. */
        void node(Object node, String label, String colour) {
            if (known.add(name(node))) {
                text.append(quoted(name(node))).append(" [label=").append(quoted(label)).append(", fillcolor=")
                        .append(quoted(colour)).append("];\n");
            }
        }

        void edge(Object from, Object to, String label) {
            edges.add(quoted(name(from)) + " -> " + quoted(name(to)) + " [label=" + quoted(label) + "];\n");
        }

        /** Nodes one after the other. */
        void chain(List<String> nodes) {
            nodes.forEach(node -> node(node, node, "palegreen"));
            for (int i = 1; i < nodes.size(); i++) {
                edge(nodes.get(i - 1), nodes.get(i), "");
            }
        }

        private String name(Object node) {
            return node instanceof String name ? name : names.computeIfAbsent(node, _ -> "n" + names.size());
        }

        private static String quoted(String text) {
            return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
        }

        @Override
        public String toString() {
            return text + String.join("", edges) + "}\n";
        }
    }
}
