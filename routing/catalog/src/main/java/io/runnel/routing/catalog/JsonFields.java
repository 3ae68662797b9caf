package io.runnel.routing.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.Qualifier;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Takes typed fields out of a record's JSON; what is missing or wrong is refused by its name. */
final class JsonFields {
    private static final int MOST_ELEMENTS = 1024;

    private final String what;
    private final ObjectNode object;

    JsonFields(String what, ObjectNode object) {
        this.what = what;
        this.object = object;
    }

    static JsonFields parse(String what, String text) {
        return new JsonFields(what, JsonText.object(what, text));
    }

    boolean has(String name) {
        return object.hasNonNull(name);
    }

    String text(String name) {
        JsonNode node = object.path(name);
        if (!node.isTextual()) {
            throw refused(name, "must be a text");
        }
        return node.textValue();
    }

    /** A text that {@code read} turns into a value, or refuses by IllegalArgumentException. */
    <T> T value(String name, Function<String, T> read) {
        try {
            return read.apply(text(name));
        } catch (IllegalArgumentException e) {
            throw refused(name, e.getMessage());
        }
    }

    long wholeNumber(String name) {
        JsonNode node = object.path(name);
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw refused(name, "must be a whole number");
        }
        return node.longValue();
    }

    int smallNumber(String name) {
        long number = wholeNumber(name);
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw refused(name, "must be 0 to %d: %d".formatted(Integer.MAX_VALUE, number));
        }
        return (int) number;
    }

    boolean flag(String name) {
        JsonNode node = object.path(name);
        if (!node.isBoolean()) {
            throw refused(name, "must be true or false");
        }
        return node.booleanValue();
    }

    /** Says which of a task's versions is meant; nothing where any is. */
    static void putQualifier(ObjectNode json, Qualifier version) {
        if (version.version() > 0) {
            json.put("version", version.version());
        } else if (!version.alias().isEmpty()) {
            json.put("alias", version.alias());
        }
    }

    /** Which of a task's versions is meant. */
    Qualifier qualifier() {
        if (has("alias")) {
            return Qualifier.of(text("alias"));
        }
        return has("version") ? Qualifier.of(smallNumber("version")) : Qualifier.NONE;
    }

    JsonFields fields(String name) {
        if (object.path(name) instanceof ObjectNode inner) {
            return new JsonFields(what + "." + name, inner);
        }
        throw refused(name, "must be an object");
    }

    List<String> texts(String name) {
        JsonNode node = object.path(name);
        if (!node.isArray() || node.size() > MOST_ELEMENTS) {
            throw refused(name, "must be a list of at most %d texts".formatted(MOST_ELEMENTS));
        }
        List<String> texts = new ArrayList<>(node.size());
        for (JsonNode element : node) {
            if (!element.isTextual()) {
                throw refused(name, "must be a list of texts");
            }
            texts.add(element.textValue());
        }
        return texts;
    }

    /** All of it, each a list of texts. */
    Map<String, List<String>> textLists() {
        if (object.size() > MOST_ELEMENTS) {
            throw new CatalogException(
                    CatalogException.Code.MALFORMED,
                    "%s: must be an object of at most %d lists".formatted(what, MOST_ELEMENTS));
        }
        Map<String, List<String>> lists = new HashMap<>();
        object.fieldNames().forEachRemaining(name -> lists.put(name, texts(name)));
        return lists;
    }

    /** All of it, each an object. */
    Map<String, JsonFields> objects() {
        Map<String, JsonFields> all = new HashMap<>();
        object.fieldNames().forEachRemaining(name -> all.put(name, fields(name)));
        return all;
    }

    Map<String, String> textMap(String name) {
        JsonNode node = object.path(name);
        if (!node.isObject() || node.size() > MOST_ELEMENTS) {
            throw refused(name, "must be an object of at most %d texts".formatted(MOST_ELEMENTS));
        }
        Map<String, String> texts = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!entry.getValue().isTextual()) {
                throw refused(name, "must be an object of texts");
            }
            texts.put(entry.getKey(), entry.getValue().textValue());
        }
        return texts;
    }

    /** Builds a value whose constructor may refuse what the fields say together. */
    static <T> T build(String what, Supplier<T> constructor) {
        try {
            return constructor.get();
        } catch (IllegalArgumentException e) {
            throw new CatalogException(
                    CatalogException.Code.MALFORMED, what + ": " + e.getMessage(), e);
        }
    }

    CatalogException refused(String name, String rule) {
        return new CatalogException(
                CatalogException.Code.MALFORMED, "%s.%s: %s".formatted(what, name, rule));
    }
}
