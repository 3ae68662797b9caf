package io.runnel.chaos.suite;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The fields of one mapping of a YAML file. Each is read by name; keys that are not known, given
 * twice, or anchors are refused. The first mistake is told, with its line.
 */
final class Fields {
    static final int MOST_CHARACTERS = 1 << 16;
    static final int MOST_ITEMS = 64;
    private static final int MOST_DEPTH = 8;

    private final String file;
    private final Node node;
    private final Map<String, Node> values = new LinkedHashMap<>();

    private Fields(String file, Node node, Set<String> known) {
        this.file = file;
        this.node = node;
        if (!(node instanceof MappingNode mapping)) {
            throw wrong(node, "a mapping with %s is expected".formatted(sorted(known)));
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String key = text(tuple.getKeyNode());
            if (!known.contains(key)) {
                throw wrong(
                        tuple.getKeyNode(),
                        "unknown: '%s'; known are %s".formatted(key, sorted(known)));
            }
            if (values.put(key, tuple.getValueNode()) != null) {
                throw wrong(tuple.getKeyNode(), "given twice: '%s'".formatted(key));
            }
        }
    }

    /** The fields of a file. */
    static Fields of(String file, String text, Set<String> known) {
        if (text.length() > MOST_CHARACTERS) {
            throw new ScenarioException(
                    file, 1, "longer than %d characters".formatted(MOST_CHARACTERS));
        }
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MOST_CHARACTERS);
        options.setNestingDepthLimit(MOST_DEPTH);
        options.setMaxAliasesForCollections(1);
        try {
            Node root = new Yaml(options).compose(new StringReader(text));
            if (root == null) {
                throw new ScenarioException(file, 1, "the file is empty");
            }
            return new Fields(file, root, known);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine();
            throw new ScenarioException(file, line + 1, "not YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw new ScenarioException(file, 1, "not YAML: " + firstLine(e));
        }
    }

    private static String firstLine(YAMLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    Set<String> keys() {
        return values.keySet();
    }

    /** A value that must be there. */
    <T> T required(String key, Function<String, T> read) {
        return optional(key, read).orElseThrow(() -> wrong(node, "'%s' is missing".formatted(key)));
    }

    /** A value that may be there. */
    <T> Optional<T> optional(String key, Function<String, T> read) {
        Node value = values.get(key);
        return value == null ? Optional.empty() : Optional.of(read(value, read));
    }

    /** The fields of a mapping that must be there. */
    Fields mapping(String key, Set<String> known) {
        Node value = values.get(key);
        if (value == null) {
            throw wrong(node, "'%s' is missing".formatted(key));
        }
        return new Fields(file, value, known);
    }

    /** The mappings of a list; none if it is not there. */
    List<Fields> mappings(String key, Set<String> known) {
        List<Fields> all = new ArrayList<>();
        for (Node item : items(key)) {
            all.add(new Fields(file, item, known));
        }
        return all;
    }

    /** The values of a list; none if it is not there. */
    <T> List<T> list(String key, Function<String, T> read) {
        List<T> all = new ArrayList<>();
        for (Node item : items(key)) {
            all.add(read(item, read));
        }
        return all;
    }

    private List<Node> items(String key) {
        Node value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof SequenceNode sequence)) {
            throw wrong(value, "'%s' must be a list".formatted(key));
        }
        if (sequence.getValue().size() > MOST_ITEMS) {
            throw wrong(value, "'%s' has more than %d items".formatted(key, MOST_ITEMS));
        }
        return sequence.getValue();
    }

    private <T> T read(Node value, Function<String, T> read) {
        try {
            return read.apply(text(value));
        } catch (IllegalArgumentException e) {
            throw wrong(value, e.getMessage());
        }
    }

    private String text(Node value) {
        if (value.getAnchor() != null) {
            throw wrong(value, "anchors are not allowed here");
        }
        if (value instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw wrong(value, "a single value is expected");
    }

    /** What is wrong with this mapping as a whole. */
    ScenarioException wrong(String message) {
        return wrong(node, message);
    }

    /** What is wrong with one of its values. */
    ScenarioException wrong(String key, String message) {
        return wrong(values.getOrDefault(key, node), message);
    }

    private ScenarioException wrong(Node at, String message) {
        return new ScenarioException(file, at.getStartMark().getLine() + 1, message);
    }

    private static String sorted(Set<String> known) {
        return String.join(", ", known.stream().sorted().toList());
    }
}
