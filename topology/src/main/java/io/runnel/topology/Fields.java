package io.runnel.topology;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One mapping of the file, whose keys are known. Whatever is wrong is told as it is found, once;
 * what is asked for and is not there or is wrong comes back empty.
 */
final class Fields {
    /**
     * A value with its place.
     *
     * @param path where in the tree
     */
    record Placed<T>(T value, Mark at, String path) {}

    private final Mark at;
    private final String path;
    private final Problems problems;
    private final Map<String, YamlNode> values = new HashMap<>();
    private final Set<String> excused = new HashSet<>();

    Fields(YamlNode.Entries map, String path, Problems problems, List<String> known) {
        this.at = map.at();
        this.path = path;
        this.problems = problems;
        map.entries().forEach(entry -> take(entry, known));
    }

    private void take(YamlNode.Entry entry, List<String> known) {
        String key = entry.key().value();
        if (!known.contains(key)) {
            refuse(entry.key(), known);
        } else if (values.putIfAbsent(key, entry.value()) != null) {
            String message = "%s is given twice: first at %s".formatted(key, values.get(key).at());
            problems.add(entry.key().at(), pathOf(key), message);
        }
    }

    private void refuse(YamlNode.Text key, List<String> known) {
        if (problems.isFull()) {
            problems.add(key.at(), path, "unknown key");
            return;
        }
        Optional<String> meant = Suggestion.nearest(key.value(), known);
        meant.ifPresent(excused::add);
        String hint =
                meant.map("did you mean '%s'?"::formatted)
                        .orElseGet(() -> "known are " + String.join(", ", known));
        problems.add(
                key.at(), path, "unknown key '%s': %s".formatted(Shown.text(key.value()), hint));
    }

    Mark at() {
        return at;
    }

    String path() {
        return path;
    }

    String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** Tells what is wrong with the value of this key, or with its absence. */
    void refuse(String key, String message) {
        YamlNode value = values.get(key);
        problems.add(value == null ? at : value.at(), pathOf(key), message);
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /** A single value, converted by {@code read}, which throws IllegalArgumentException. */
    <T> Optional<Placed<T>> optional(String key, Function<String, T> read) {
        return Optional.ofNullable(values.get(key)).flatMap(node -> converted(key, node, read));
    }

    /** As {@link #optional}, and its absence is a problem. */
    <T> Optional<Placed<T>> required(String key, Function<String, T> read) {
        tellIfMissing(key);
        return optional(key, read);
    }

    /** A mapping within this one. */
    Optional<Fields> mapping(String key, List<String> known) {
        return Optional.ofNullable(values.get(key))
                .flatMap(node -> asMapping(node, pathOf(key), known));
    }

    /** As {@link #mapping}, and its absence is a problem. */
    Optional<Fields> requiredMapping(String key, List<String> known) {
        tellIfMissing(key);
        return mapping(key, known);
    }

    /** The mappings of a list; empty where the list is not there. */
    List<Fields> mappings(String key, int most, List<String> known) {
        List<Fields> found = new ArrayList<>();
        List<YamlNode> items = items(key, most);
        for (int i = 0; i < items.size(); i++) {
            asMapping(items.get(i), itemPath(key, i), known).ifPresent(found::add);
        }
        return found;
    }

    /** The single values of a list; empty where the list is not there. */
    <T> List<Placed<T>> list(String key, int most, Function<String, T> read) {
        List<Placed<T>> found = new ArrayList<>();
        List<YamlNode> items = items(key, most);
        for (int i = 0; i < items.size(); i++) {
            converted(itemPath(key, i), key, items.get(i), read).ifPresent(found::add);
        }
        return found;
    }

    /** The single values of a mapping whose keys are names; empty where it is not there. */
    <K, V> Map<K, V> pairs(
            String key, int most, Function<String, K> readName, Function<String, V> read) {
        YamlNode node = values.get(key);
        if (node == null) {
            return Map.of();
        }
        if (!(node instanceof YamlNode.Entries map)) {
            tellKind(node, pathOf(key), key + " must be a mapping of names");
            return Map.of();
        }
        if (map.entries().size() > most) {
            refuse(key, "%s must be at most %d: %d".formatted(key, most, map.entries().size()));
            return Map.of();
        }
        Map<K, V> found = new HashMap<>();
        for (YamlNode.Entry entry : map.entries()) {
            String where = pathOf(key) + "." + Shown.text(entry.key().value());
            Optional<Placed<K>> name = converted(where, key, entry.key(), readName);
            Optional<Placed<V>> value = converted(where, key, entry.value(), read);
            if (name.isPresent()
                    && value.isPresent()
                    && found.putIfAbsent(name.get().value(), value.get().value()) != null) {
                problems.add(entry.key().at(), where, "%s is given twice".formatted(where));
            }
        }
        return found;
    }

    /** Whether the value of this key is a list without items. */
    boolean isEmptyList(String key) {
        return values.get(key) instanceof YamlNode.Items list && list.items().isEmpty();
    }

    void tellIfMissing(String key) {
        if (!values.containsKey(key) && !excused.contains(key)) {
            problems.add(at, path, key + " is missing");
        }
    }

    private String itemPath(String key, int index) {
        return "%s[%d]".formatted(pathOf(key), index);
    }

    private List<YamlNode> items(String key, int most) {
        YamlNode node = values.get(key);
        if (node instanceof YamlNode.Items list) {
            if (list.items().size() > most) {
                refuse(key, "%s must be at most %d: %d".formatted(key, most, list.items().size()));
                return list.items().subList(0, most);
            }
            return list.items();
        }
        if (node != null) {
            tellKind(node, pathOf(key), key + " must be a list");
        }
        return List.of();
    }

    private Optional<Fields> asMapping(YamlNode node, String where, List<String> known) {
        if (node instanceof YamlNode.Entries map) {
            return Optional.of(new Fields(map, where, problems, known));
        }
        tellKind(node, where, "a mapping with %s is expected".formatted(String.join(", ", known)));
        return Optional.empty();
    }

    private <T> Optional<Placed<T>> converted(String key, YamlNode node, Function<String, T> read) {
        return converted(pathOf(key), key, node, read);
    }

    private <T> Optional<Placed<T>> converted(
            String where, String key, YamlNode node, Function<String, T> read) {
        if (!(node instanceof YamlNode.Text text) || text.empty()) {
            tellKind(node, where, key + " must be a single value");
            return Optional.empty();
        }
        try {
            return Optional.of(new Placed<>(read.apply(text.value()), node.at(), where));
        } catch (IllegalArgumentException e) {
            problems.add(node.at(), where, e.getMessage());
            return Optional.empty();
        }
    }

    private void tellKind(YamlNode node, String where, String rule) {
        if (!(node instanceof YamlNode.Broken)) {
            problems.add(node.at(), where, "%s: it is %s".formatted(rule, node.kind()));
        }
    }
}
