package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;

import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * YAML that says what JSON can say, as JSON: plain words mean what the core schema of YAML 1.2 says
 * (10.3.2), so that {@code no} and {@code 2026-11-30} are texts and numbers keep all their digits.
 * An anchor's value stands wherever its alias does; what that comes to is bounded. Tags and merge
 * keys are refused. Not thread-safe.
 */
final class YamlText {
    static final int MOST_DEPTH = 64;

    /** Values, each as often as it stands there in the end. */
    static final int MOST_VALUES = 100_000;

    /** Characters of texts, counted in the same way. */
    static final int MOST_CHARACTERS = 2 * 1024 * 1024;

    private static final int MOST_DIGITS = 400;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern OCTAL = Pattern.compile("0o[0-7]+");
    private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]+");
    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?");
    private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> YES = Set.of("true", "True", "TRUE");
    private static final Set<String> NO = Set.of("false", "False", "FALSE");
    private static final Pattern NO_NUMBER =
            Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

    private final Iterator<Event> events;
    private final Map<String, Held> anchors = new HashMap<>();
    private long values;
    private long characters;

    /** What an alias stands for, and what it comes to. */
    private record Held(JsonNode value, long values, long characters, int depth) {}

    private YamlText(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(ApiFile.MOST_BYTES);
        options.setNestingDepthLimit(MOST_DEPTH);
        this.events = new Yaml(options).parse(new StringReader(text)).iterator();
    }

    /**
     * Reads one document.
     *
     * @throws IllegalArgumentException if it is not YAML, or says what JSON cannot say; with line
     *     and column
     */
    static JsonNode read(String text) {
        try {
            return new YamlText(text).root();
        } catch (MarkedYAMLException e) {
            throw flaw(e.getProblemMark(), "is not YAML: " + oneLine(e.getProblem()));
        } catch (YAMLException e) {
            throw new IllegalArgumentException("is not YAML: " + oneLine(e.getMessage()), e);
        }
    }

    private static String oneLine(String problem) {
        return String.valueOf(problem).lines().findFirst().orElse("");
    }

    private JsonNode root() {
        events.next(); // the stream's start
        if (events.next().is(Event.ID.StreamEnd)) {
            throw new IllegalArgumentException("there is nothing in it");
        }
        JsonNode root = value(events.next(), 1).value();
        events.next(); // the document's end
        Event next = events.next();
        if (!next.is(Event.ID.StreamEnd)) {
            throw flaw(next.getStartMark(), "there must be one document only");
        }
        return root;
    }

    private Held value(Event event, int depth) {
        if (event instanceof AliasEvent alias) {
            return again(alias, depth);
        }
        long valuesBefore = values;
        long charactersBefore = characters;
        count(event, 1, 0, depth);
        Held inside =
                switch (event) {
                    case ScalarEvent scalar -> {
                        count(event, 0, scalar.getValue().length(), depth);
                        yield new Held(scalar(scalar), 0, 0, 1);
                    }
                    case CollectionStartEvent start -> {
                        requireNoTag(start, start.getTag());
                        yield start.is(Event.ID.SequenceStart) ? items(depth) : entries(depth);
                    }
                    default -> throw flaw(event.getStartMark(), "is not YAML");
                };
        Held held =
                new Held(
                        inside.value(),
                        values - valuesBefore,
                        characters - charactersBefore,
                        inside.depth());
        if (event instanceof NodeEvent named && named.getAnchor() != null) {
            anchors.put(named.getAnchor(), held);
        }
        return held;
    }

    private Held again(AliasEvent alias, int depth) {
        Held held = anchors.get(alias.getAnchor());
        if (held == null) {
            throw flaw(
                    alias.getStartMark(),
                    "there is no anchor &%s before it that is whole".formatted(alias.getAnchor()));
        }
        count(alias, held.values(), held.characters(), depth + held.depth() - 1);
        return held;
    }

    private void count(Event event, long moreValues, long moreCharacters, int depth) {
        values += moreValues;
        characters += moreCharacters;
        if (depth > MOST_DEPTH) {
            throw flaw(event.getStartMark(), "is deeper than %d".formatted(MOST_DEPTH));
        }
        if (values > MOST_VALUES || characters > MOST_CHARACTERS) {
            throw flaw(
                    event.getStartMark(),
                    "the whole says more than %,d values or %,d characters"
                            .formatted(MOST_VALUES, MOST_CHARACTERS));
        }
    }

    private Held items(int depth) {
        ArrayNode items = JSON.arrayNode();
        int deepest = 0;
        for (Event e = events.next(); !e.is(Event.ID.SequenceEnd); e = events.next()) {
            Held item = value(e, depth + 1);
            items.add(item.value());
            deepest = Math.max(deepest, item.depth());
        }
        return new Held(items, 0, 0, deepest + 1);
    }

    private Held entries(int depth) {
        ObjectNode entries = JSON.objectNode();
        int deepest = 0;
        for (Event e = events.next(); !e.is(Event.ID.MappingEnd); e = events.next()) {
            String key = key(e);
            Held value = value(events.next(), depth + 1);
            if (entries.has(key)) {
                throw flaw(e.getStartMark(), "there is a key %s already".formatted(shown(key)));
            }
            entries.set(key, value.value());
            deepest = Math.max(deepest, value.depth());
        }
        return new Held(entries, 0, 0, deepest + 1);
    }

    /** A key is a text, whatever it looks like: {@code 200:} is a status. */
    private String key(Event event) {
        if (!(event instanceof ScalarEvent scalar)) {
            throw flaw(event.getStartMark(), "a key must be a single word");
        }
        requireNoTag(scalar, scalar.getTag());
        if (scalar.getValue().equals("<<") && scalar.getScalarStyle() == ScalarStyle.PLAIN) {
            throw flaw(event.getStartMark(), "merge keys are no part of YAML 1.2");
        }
        count(event, 0, scalar.getValue().length(), 1);
        return scalar.getValue();
    }

    private static JsonNode scalar(ScalarEvent scalar) {
        requireNoTag(scalar, scalar.getTag());
        String text = scalar.getValue();
        if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
            return JSON.textNode(text);
        }
        if (NOTHING.contains(text)) {
            return JSON.nullNode();
        }
        if (YES.contains(text) || NO.contains(text)) {
            return JSON.booleanNode(YES.contains(text));
        }
        if (NO_NUMBER.matcher(text).matches()) {
            throw flaw(scalar.getStartMark(), "JSON has no number %s".formatted(text));
        }
        return number(scalar, text);
    }

    private static JsonNode number(ScalarEvent scalar, String text) {
        boolean isOne =
                WHOLE.matcher(text).matches()
                        || OCTAL.matcher(text).matches()
                        || HEX.matcher(text).matches()
                        || DECIMAL.matcher(text).matches();
        if (!isOne) {
            return JSON.textNode(text);
        }
        if (text.length() > MOST_DIGITS) {
            throw flaw(
                    scalar.getStartMark(),
                    "a number has at most %d digits: a text is written in quotes"
                            .formatted(MOST_DIGITS));
        }
        if (WHOLE.matcher(text).matches()) {
            return JSON.numberNode(new BigInteger(text));
        }
        if (OCTAL.matcher(text).matches()) {
            return JSON.numberNode(new BigInteger(text.substring(2), 8));
        }
        return HEX.matcher(text).matches()
                ? JSON.numberNode(new BigInteger(text.substring(2), 16))
                : DecimalNode.valueOf(new BigDecimal(text));
    }

    private static void requireNoTag(Event event, String tag) {
        if (tag != null && !tag.equals("!")) {
            throw flaw(event.getStartMark(), "there must be no tag: %s".formatted(shown(tag)));
        }
    }

    private static String shown(String text) {
        String cut = text.length() > 60 ? text.substring(0, 60) + "..." : text;
        return "'" + cut.replaceAll("\\p{Cntrl}", "?") + "'";
    }

    private static IllegalArgumentException flaw(Mark mark, String text) {
        return new IllegalArgumentException(
                mark == null
                        ? text
                        : "line %d, column %d: %s"
                                .formatted(mark.getLine() + 1, mark.getColumn() + 1, text));
    }
}
