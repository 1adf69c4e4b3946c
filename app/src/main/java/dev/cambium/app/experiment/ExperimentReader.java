package dev.cambium.app.experiment;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.cambium.CambiumException;
import dev.cambium.app.addon.Offers;
import dev.cambium.app.experiment.Value.Entry;
import dev.cambium.app.experiment.Value.Items;
import dev.cambium.app.experiment.Value.Nothing;
import dev.cambium.app.experiment.Value.Settings;
import dev.cambium.app.experiment.Value.Text;
import dev.cambium.app.run.FileProblem;
import dev.cambium.backend.BackendProvider;
import dev.cambium.backend.Backends;
import dev.cambium.data.Dataset;
import dev.cambium.nn.Layer;
import dev.cambium.nn.NamedLayer;
import dev.cambium.nn.Trace;
import dev.cambium.part.PartType;
import dev.cambium.part.PartType.Form;
import dev.cambium.part.PartType.SettingInfo;
import dev.cambium.part.Parts;
import dev.cambium.part.Suggestion;
import dev.cambium.tensor.ShapeException;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/** Reads experiments. All that is wrong with one is said at once, each mistake with its place. */
public final class ExperimentReader {
    /** What the settings of an experiment are. */
    static final PartType<Experiment> EXPERIMENT = PartType.of(Experiment.class);

    /** What a list of layers is, where a layer is wanted. */
    private static final String NETWORK = "network";

    private record Problem(Place place, String message) {
        @Override
        public String toString() {
            return place + ": " + message;
        }
    }

    private final Parts parts;
    private final Offers offers;
    /** Without repetitions, since what is wrong may be found on two ways. */
    private final SequencedSet<Problem> problems = new LinkedHashSet<>();

    /** What was read without a mistake while something else may be wrong, for what can be checked of it all the same. */
    private Optional<Dataset> dataset = Optional.empty();
    private List<NamedLayer> layers = List.of();
    /** The experiment's model where it is a list of layers, and where each of them stands. */
    private Optional<Items> network = Optional.empty();
    private final Map<String, Place> places = new HashMap<>();

    private ExperimentReader(Parts parts, Offers offers) {
        this.parts = parts;
        this.offers = offers;
    }

    /**
     * A value that replaces what an experiment says.
     *
     * @param option
     *            the option of the command line that says so, for messages
     * @param path
     *            what is replaced, such as {@code optimizer.learningRate} or {@code model.conv1.stride}
     * @param yaml
     *            the value, as in a file
     */
    public record Replacement(String option, String path, String yaml) {
        /**
         * Reads {@code path=value}.
         *
         * @throws CambiumException
         *             if it has no equals sign
         */
        public static Replacement parse(String option, String text) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw new CambiumException(
                        "'%s' sets nothing: write KEY=VALUE, such as optimizer.learningRate=3e-4".formatted(text));
            }
            return new Replacement("%s %s".formatted(option, text.substring(0, equals)), text.substring(0, equals),
                    text.substring(equals + 1));
        }
    }

    /**
     * Reads an experiment.
     *
     * @param file
     *            where it stands; without a file it is the reference run
     * @param replacements
     *            what replaces parts of it, in this order
     * @param offers
     *            the backends that can be added, for messages
     * @throws CambiumException
     *             if the file can't be read or anything is wrong with it; the message has a line for each mistake
     */
    public static Experiment read(Optional<Path> file, List<Replacement> replacements, Parts parts,
            Offers offers) {
        Value root = file.<Value>map(path -> Value.parse(path.toString(), text(path)))
                .orElseGet(() -> Settings.none(new Place("the reference run")));
        return new ExperimentReader(parts, offers).experiment(root, replacements);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (MalformedInputException e) {
            throw new CambiumException("%s is no text in UTF-8".formatted(file), e);
        } catch (IOException e) {
            throw new CambiumException("can't read %s: %s".formatted(file, FileProblem.of(e)), e);
        }
    }

    private Experiment experiment(Value root, List<Replacement> replacements) {
        Settings settings = switch (root) {
            case Settings given -> given;
            case Nothing(Place place) -> Settings.none(place);
            default -> throw new CambiumException("%s: an experiment is keys with values, such as 'epochs: 15'"
                    .formatted(root.place()));
        };
        Value complete = withDefaults(settings);
        for (Replacement each : replacements) {
            complete = complete.with(List.of(each.path().split("\\.")),
                    replaced(Value.parse(each.option(), each.yaml()),
                            new Place(each.option())));
        }
        Settings whole = (Settings) complete;
        Value model = Objects.requireNonNull(whole.entries().get("model")).value();
        network = layers(model);
        Optional<Experiment> experiment = make(EXPERIMENT, whole, Set.of());
        // What transforms make of the inputs is not known before they are loaded.
        if (!whole.entries().containsKey("transforms")) {
            Optional<Layer> sound = experiment.map(Experiment::model).or(() -> prefix(model.place()));
            dataset.flatMap(Dataset::inputType).ifPresent(
                    input -> sound.ifPresent(layer -> checkShapes(layer, input, model.place())));
        }
        if (!problems.isEmpty()) {
            throw new CambiumException(problems.size() == 1 ? problems.getFirst().toString()
                    : problems.stream().sorted(Comparator.comparing((Problem problem) -> problem.place().source())
                            .thenComparingInt(problem -> problem.place().line().orElse(0))
                            .thenComparingInt(problem -> problem.place().column())).map(problem -> "\n  " + problem)
                            .collect(Collectors.joining("", "%d mistakes:".formatted(problems.size()), "")));
        }
        return experiment.orElseThrow();
    }

    private static Optional<Items> layers(Value model) {
        return switch (model) {
            case Items items -> Optional.of(items);
            case Settings settings when settings.entries()
                    .get("layers") instanceof Entry(_, Items items) -> Optional.of(items);
            default -> Optional.empty();
        };
    }

    /** The parts that an experiment has by default, so that their settings can be replaced. */
    private static Settings withDefaults(Settings given) {
        Settings all = given;
        for (SettingInfo setting : EXPERIMENT.settings()) {
            if (setting.holdsParts() && setting.form() == Form.ONE && !given.entries().containsKey(setting.name())) {
                all = all.with(setting.name(),
                        new Text(setting.defaultValue().orElseThrow().toString(), given.place()));
            }
        }
        return all;
    }

    /** A value of the command line has no line. */
    private static Value replaced(Value value, Place place) {
        return switch (value) {
            case Nothing _ -> new Nothing(place);
            case Text text -> new Text(text.text(), place);
            case Items items -> new Items(items.values().stream().map(each -> replaced(each, place)).toList(), place);
            case Settings settings -> {
                Settings all = Settings.none(place);
                for (Map.Entry<String, Entry> entry : settings.entries().entrySet()) {
                    all = all.with(entry.getKey(), replaced(entry.getValue().value(), place));
                }
                yield all;
            }
        };
    }

    // ---- parts

    private <P> Optional<P> make(PartType<P> type, Settings given, Set<String> beside) {
        int before = problems.size();
        Map<String, SettingInfo> known = type.settings().stream()
                .collect(Collectors.toMap(SettingInfo::name, setting -> setting, (a, _) -> a, LinkedHashMap::new));
        var values = new LinkedHashMap<String, Object>();
        given.entries().forEach((name, entry) -> {
            SettingInfo setting = known.get(name);
            if (setting != null) {
                read(type, setting, entry.value()).ifPresent(value -> values.put(name, value));
            } else if (!beside.contains(name)) {
                var all = new ArrayList<>(known.keySet());
                all.addAll(beside);
                problem(entry.key(), "%s has no setting '%s'%s; it has %s".formatted(type.name(), name,
                        Suggestion.of(name, all), known.isEmpty() ? "none" : String.join(", ", known.keySet())));
            }
        });
        for (SettingInfo setting : type.settings()) {
            if (setting.defaultValue().isEmpty() && !given.entries().containsKey(setting.name())) {
                problem(given.place(), "%s needs the setting '%s': %s".formatted(type.name(), setting.name(),
                        setting.doc()));
            }
        }
        return problems.size() > before ? Optional.empty() : trying(given.place(), () -> parts.create(type, values));
    }

    private Optional<Object> read(PartType<?> type, SettingInfo setting, Value value) {
        if (value instanceof Nothing(Place place)) {
            problem(place, "%s.%s has no value: give %s, or leave the key out".formatted(type.name(), setting.name(),
                    setting.expected()));
            return Optional.empty();
        }
        if (setting.form() != Form.LIST) {
            return one(type, setting, value, 0);
        }
        if (!(value instanceof Items items)) {
            problem(value.place(), "%s.%s must be %s".formatted(type.name(), setting.name(), setting.expected()));
            return Optional.empty();
        }
        var values = new ArrayList<Object>();
        boolean whole = true;
        for (int i = 0; i < items.values().size(); i++) {
            Optional<Object> read = one(type, setting, items.values().get(i), i);
            whole &= read.isPresent();
            if (whole) {
                read.ifPresent(values::add);
            }
        }
        if (network.equals(Optional.of(items))) {
            remember(values, items);
        }
        return whole ? Optional.of(values) : Optional.empty();
    }

    /** The layers of the experiment's own model, up to the first with a mistake. */
    private void remember(List<Object> values, Items items) {
        layers = values.stream().map(NamedLayer.class::cast).toList();
        for (int i = 0; i < layers.size(); i++) {
            places.putIfAbsent(layers.get(i).name(), items.values().get(i).place());
        }
    }

    private Optional<Object> one(PartType<?> type, SettingInfo setting, Value value, int position) {
        if (setting.type() == NamedLayer.class) {
            return namedLayer(value, position).map(layer -> layer);
        }
        if (setting.holdsParts()) {
            return part(setting.type(), value, Set.of("type")).map(part -> part);
        }
        if (!(value instanceof Text(String text, Place place))) {
            problem(value.place(), "%s.%s must be %s".formatted(type.name(), setting.name(), setting.expected()));
            return Optional.empty();
        }
        return trying(place, () -> setting.form() == Form.LIST
                ? ((List<?>) type.convert(setting, List.of(text))).getFirst()
                : type.convert(setting, text));
    }

    private <K> Optional<K> part(Class<K> kind, Value value, Set<String> beside) {
        return switch (value) {
            case Text(String name, Place place) -> part(kind, name, place, Settings.none(place), beside);
            case Items items when kind == Layer.class -> part(kind, NETWORK, items.place(),
                    Settings.none(items.place()).with("layers", items), beside);
            case Settings settings when settings.entries()
                    .get("type") instanceof Entry(_, Text(String name, Place place)) -> part(
                            kind, name, place, settings, beside);
            default -> {
                problem(value.place(), "write the name of the %s, or 'type: NAME' with its settings".formatted(
                        Parts.word(kind)));
                yield Optional.empty();
            }
        };
    }

    private <K> Optional<K> part(Class<K> kind, String name, Place place, Settings settings, Set<String> beside) {
        Optional<K> part = (kind == BackendProvider.class ? backend(kind, name, place)
                : trying(place, () -> parts.find(kind, name)))
                        .flatMap(type -> make(type, settings, beside).<K>map(made -> made));
        if (part.isPresent() && part.get() instanceof Dataset made) {
            dataset = Optional.of(made);
        }
        return part;
    }

    /** One that can't be used here fails in ways that no other part does, and one that is not there can perhaps be added. */
    private <K> Optional<PartType<? extends K>> backend(Class<K> kind, String name, Place place) {
        try {
            PartType<? extends K> type = parts.find(kind, name);
            return trying(place, () -> Backends.named(parts, name)).map(_ -> type);
        } catch (CambiumException e) {
            problem(place, e.getMessage() + offers.hint());
            return Optional.empty();
        }
    }

    private Optional<NamedLayer> namedLayer(Value value, int position) {
        Map<String, Object> around = new LinkedHashMap<>();
        if (value instanceof Settings settings) {
            for (String key : NamedLayer.KEYS) {
                Entry entry = settings.entries().get(key);
                if (entry != null) {
                    around.put(key, plain(entry.value()));
                }
            }
        }
        return part(Layer.class, value, NamedLayer.KEYS).flatMap(
                made -> trying(value.place(), () -> NamedLayer.of(around, position, _ -> made)));
    }

    private static Object plain(Value value) {
        return switch (value) {
            case Text text -> text.text();
            case Items items -> items.values().stream().map(ExperimentReader::plain).toList();
            case Nothing _ -> "";
            case Settings settings -> settings.entries().keySet().toString();
        };
    }

    // ---- shapes

    private Optional<Layer> prefix(Place place) {
        return layers.isEmpty() ? Optional.empty()
                : trying(place, () -> parts.create(Layer.class, NETWORK, Map.of("layers", layers)));
    }

    private void checkShapes(Layer model, TensorType input, Place place) {
        var trace = new Trace(true, input);
        try {
            trace.call(model, Tensor.input("inputs", new TensorType(input.dtype(), input.shape().prepend(1))));
        } catch (ShapeException e) {
            String path = trace.calls().getLast().path();
            String layer = path.contains(".") ? path.substring(0, path.indexOf('.')) : path;
            problem(places.getOrDefault(layer, place), Objects.requireNonNull(e.getMessage()));
        }
    }

    // ---- problems

    private <T> Optional<T> trying(Place place, Supplier<T> making) {
        try {
            return Optional.of(making.get());
        } catch (CambiumException e) {
            problem(place, Objects.requireNonNull(e.getMessage()));
            return Optional.empty();
        }
    }

    private void problem(Place place, String message) {
        problems.add(new Problem(place, message));
    }
}
