package io.runnel.routing.api;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A value in a document and where it is, so that what is wrong with it can be said.
 *
 * @param pointer a JSON pointer (RFC 6901)
 */
record Place(String pointer, JsonNode node) {
    /** What is wrong here, for the owner. */
    ApiDocumentException flaw(String text) {
        return new ApiDocumentException(pointer, text);
    }

    Place at(String name, JsonNode child) {
        return new Place(pointer + "/" + escaped(name), child);
    }

    /** A name as a part of a pointer. */
    static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    Place requireObject() throws ApiDocumentException {
        if (!node.isObject()) {
            throw flaw("must be an object");
        }
        return this;
    }

    /** The field of this object, if it has one so called. */
    Optional<Place> field(String name) {
        JsonNode child = node.get(name);
        return child == null ? Optional.empty() : Optional.of(at(name, child));
    }

    Place required(String name) throws ApiDocumentException {
        Optional<Place> field = requireObject().field(name);
        return field.orElseThrow(() -> flaw("must have %s".formatted(name)));
    }

    /** All fields of this object by name, in their order. */
    Map<String, Place> fields() throws ApiDocumentException {
        Map<String, Place> fields = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : requireObject().node.properties()) {
            fields.put(field.getKey(), at(field.getKey(), field.getValue()));
        }
        return fields;
    }

    List<Place> elements() throws ApiDocumentException {
        if (!node.isArray()) {
            throw flaw("must be a list");
        }
        List<Place> elements = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            elements.add(at(Integer.toString(i), node.get(i)));
        }
        return elements;
    }

    List<String> texts() throws ApiDocumentException {
        List<String> texts = new ArrayList<>();
        for (Place element : elements()) {
            texts.add(element.text());
        }
        return texts;
    }

    String text() throws ApiDocumentException {
        if (!node.isTextual()) {
            throw flaw("must be a text");
        }
        return node.textValue();
    }

    boolean flag() throws ApiDocumentException {
        if (!node.isBoolean()) {
            throw flaw("must be true or false");
        }
        return node.booleanValue();
    }

    int number() throws ApiDocumentException {
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw flaw("must be a whole number");
        }
        return node.intValue();
    }

    /** A text that {@code read} turns into a value, or refuses by IllegalArgumentException. */
    <T> T value(Function<String, T> read) throws ApiDocumentException {
        String text = text();
        return built(() -> read.apply(text));
    }

    /** A value whose making may refuse what stands here, by IllegalArgumentException. */
    <T> T built(Making<T> making) throws ApiDocumentException {
        try {
            return making.make();
        } catch (IllegalArgumentException e) {
            throw flaw(e.getMessage());
        }
    }

    /** Refuses fields that are not among these. */
    void knowing(Set<String> names) throws ApiDocumentException {
        for (Map.Entry<String, Place> field : fields().entrySet()) {
            if (!names.contains(field.getKey())) {
                throw field.getValue().flaw("is not known here");
            }
        }
    }

    /** Makes a value out of what a document says. */
    interface Making<T> {
        T make() throws ApiDocumentException;
    }
}
