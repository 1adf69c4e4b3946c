package dev.cambium.app.experiment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedMap;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

import dev.cambium.CambiumException;

/** Something written in YAML, with the place where it stands. What it means is up to the reader. */
sealed interface Value {
    /** Where it begins. */
    Place place();

    /** Nothing, as behind a key without a value. */
    record Nothing(Place place) implements Value {}

    /** A word, a number or a sentence. */
    record Text(String text, Place place) implements Value {}

    /** A list. */
    record Items(List<Value> values, Place place) implements Value {}

    /** Keys and their values. */
    record Settings(SequencedMap<String, Entry> entries, Place place) implements Value {
        /** Keeps the map from being changed. */
        public Settings {
            entries = Collections.unmodifiableSequencedMap(entries);
        }

        /** One without keys. */
        static Settings none(Place place) {
            return new Settings(new LinkedHashMap<>(), place);
        }

        /** With an entry more, or in place of the one of this key. */
        Settings with(String key, Value value) {
            var all = new LinkedHashMap<>(entries);
            all.put(key, new Entry(value.place(), value));
            return new Settings(all, place);
        }
    }

    /** A value and where its key stands. */
    record Entry(Place key, Value value) {}

    /**
     * Reads YAML.
     *
     * @param source
     *            what messages call it
     * @throws CambiumException
     *             if it is no YAML, with line and column, or a key stands there twice
     */
    static Value parse(String source, String text) {
        var settings = LoadSettings.builder().setLabel(source).build();
        try {
            return new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text)))
                    .getSingleNode().map(node -> of(node, source))
                    .orElseGet(() -> new Nothing(new Place(source)));
        } catch (MarkedYamlEngineException e) {
            Place place = e.getProblemMark().map(mark -> at(mark, source)).orElseGet(() -> new Place(source));
            throw new CambiumException("%s: this is no YAML: %s".formatted(place, e.getProblem()), e);
        } catch (YamlEngineException e) {
            throw new CambiumException("%s: this is no YAML: %s".formatted(source, e.getMessage()), e);
        }
    }

    private static Place at(Mark mark, String source) {
        return new Place(source, OptionalInt.of(mark.getLine() + 1), mark.getColumn() + 1);
    }

    private static Value of(Node node, String source) {
        Place place = node.getStartMark().map(mark -> at(mark, source)).orElseGet(() -> new Place(source));
        if (node.isRecursive()) {
            throw new CambiumException("%s: this holds itself, by an alias".formatted(place));
        }
        return switch (node) {
            case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> new Nothing(place);
            case ScalarNode scalar -> new Text(scalar.getValue(), place);
            case SequenceNode sequence -> new Items(sequence.getValue().stream().map(each -> of(each, source)).toList(),
                    place);
            case MappingNode mapping -> settings(mapping, place, source);
            default -> throw new CambiumException("%s: nothing can be made of this".formatted(place));
        };
    }

    private static Settings settings(MappingNode mapping, Place place, String source) {
        var entries = new LinkedHashMap<String, Entry>();
        for (NodeTuple tuple : mapping.getValue()) {
            Value key = of(tuple.getKeyNode(), source);
            if (!(key instanceof Text(String name, Place at))) {
                throw new CambiumException("%s: a key must be a word".formatted(key.place()));
            }
            Entry before = entries.putIfAbsent(name, new Entry(at, of(tuple.getValueNode(), source)));
            if (before != null) {
                throw new CambiumException("%s: '%s' stands here a second time, after %s".formatted(at, name,
                        before.key()));
            }
        }
        return new Settings(entries, place);
    }

    /**
     * This value with another one somewhere within.
     *
     * @param path
     *            keys; of a list the position of an item, from 0, or its {@code name}; of a part written as its name alone a setting
     * @throws CambiumException
     *             if there is no such place
     */
    default Value with(List<String> path, Value value) {
        if (path.isEmpty()) {
            return value;
        }
        String first = path.getFirst();
        List<String> rest = path.subList(1, path.size());
        return switch (this) {
            case Nothing(Place place) -> Settings.none(place).with(path, value);
            case Text text -> Settings.none(text.place()).with("type", text).with(path, value);
            case Settings settings -> {
                Entry entry = settings.entries().get(first);
                yield settings.with(first,
                        (entry == null ? new Nothing(value.place()) : entry.value()).with(rest, value));
            }
            case Items(List<Value> values, Place place) -> {
                var changed = new ArrayList<>(values);
                int position = position(values, first);
                if (position < 0) {
                    throw new CambiumException("%s: the list has no item '%s': give a position from 0 to %d, or a name"
                            .formatted(value.place(), first, values.size() - 1));
                }
                changed.set(position, changed.get(position).with(rest, value));
                yield new Items(List.copyOf(changed), place);
            }
        };
    }

    private static int position(List<Value> values, String wanted) {
        for (int i = 0; i < values.size(); i++) {
            boolean named = values.get(i) instanceof Settings settings
                    && settings.entries().get("name") instanceof Entry(_, Text(String name, _)) && name.equals(wanted);
            if (named || wanted.equals(Integer.toString(i))) {
                return i;
            }
        }
        return -1;
    }
}
