package io.runnel.routing.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/**
 * The schemas of a document, copied into one that holds nothing else: keywords that are checked, in
 * shapes that are right, and references that lead within the copy. Each schema also gets what a
 * look at it takes ({@link StepKeyword}). One thread.
 */
final class SchemaCopies {
    /** The most schemas of a document, those within others included. */
    static final int MOST = 2_000;

    static final String COPIES = "$defs";
    private static final int STEPS_OF_ANY = 4;

    private final Place root;
    private final SchemaValues values = new SchemaValues();
    private final SchemaGraph graph = new SchemaGraph();
    private final ObjectNode copies = JsonNodeFactory.instance.objectNode();
    private final Map<String, String> ids = new HashMap<>();
    private final Queue<Named> waiting = new ArrayDeque<>();
    private int count;

    /** A schema that is to be copied, and what its copy is called. */
    private record Named(String id, Place schema) {}

    SchemaCopies(Place root) {
        this.root = root;
    }

    /**
     * Takes a schema in.
     *
     * @return what its copy is called
     */
    String add(Place schema) throws ApiDocumentException {
        String id = id(schema);
        while (!waiting.isEmpty()) {
            Named next = waiting.remove();
            copies.set(next.id(), copy(next.schema(), graph.node(next.id(), next.schema())));
        }
        return id;
    }

    /** What a schema's copy is, or will be, called. */
    private String id(Place schema) {
        String known = ids.get(schema.pointer());
        if (known != null) {
            return known;
        }
        String id = "s" + ids.size();
        ids.put(schema.pointer(), id);
        waiting.add(new Named(id, schema));
        return id;
    }

    /** All that was taken in, ready to check values. */
    JsonSchemas compile() throws ApiDocumentException {
        graph.check();
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        all.set(COPIES, copies);
        return new JsonSchemas(all, values.patterns());
    }

    /** What a schema is, or what it leads to if it is but a reference. */
    Place resolved(Place schema) throws ApiDocumentException {
        Place place = schema;
        Optional<Place> ref = place.field(References.REF);
        for (int deep = 0; ref.isPresent() && place.field("type").isEmpty(); deep++) {
            if (deep == References.MOST_DEEP) {
                throw schema.flaw(
                        "leads over more than %d references".formatted(References.MOST_DEEP));
            }
            place = SchemaReference.target(root, ref.get());
            ref = place.field(References.REF);
        }
        return place;
    }

    /** Which types a schema says a value may be of; a text where it does not say. */
    Set<String> types(Place schema) throws ApiDocumentException {
        Optional<Place> type = resolved(schema).field("type");
        if (type.isEmpty()) {
            return Set.of("string");
        }
        return Set.copyOf(
                type.get().node().isTextual() ? List.of(type.get().text()) : type.get().texts());
    }

    private JsonNode copy(Place schema, SchemaGraph.Node node) throws ApiDocumentException {
        count++;
        if (count > MOST) {
            throw schema.flaw("is one schema too many: a document has at most " + MOST);
        }
        if (schema.node().isBoolean()) {
            return schema.node();
        }
        if (!schema.node().isObject()) {
            throw schema.flaw("must be a schema: an object, true or false");
        }
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        copy.put(StepKeyword.NAME, 0);
        long steps = STEPS_OF_ANY;
        for (Map.Entry<String, Place> field : schema.fields().entrySet()) {
            steps += copyField(copy, node, field.getKey(), field.getValue());
        }
        copy.put(StepKeyword.NAME, steps);
        return copy;
    }

    /** Copies a keyword with what stands there; how many steps it takes. */
    private long copyField(ObjectNode copy, SchemaGraph.Node node, String keyword, Place place)
            throws ApiDocumentException {
        if (keyword.equals(References.REF)) {
            copy.put(keyword, "#/%s/%s".formatted(COPIES, refer(node, place)));
            return 1;
        }
        if (SchemaShape.REFUSED.contains(keyword)) {
            throw place.flaw(
                    keyword.equals("nullable")
                            ? "is OpenAPI 3.0's; 3.1 has \"type\": [\"string\", \"null\"]"
                            : "is not known here");
        }
        SchemaShape shape = SchemaShape.all().get(keyword);
        if (shape == null) {
            return 0;
        }
        boolean inPlace = SchemaShape.IN_PLACE.contains(keyword);
        Below below = at -> copy(at, inPlace ? graph.within(node, at) : graph.apart(at));
        Optional<JsonNode> value =
                switch (shape) {
                    case SCHEMA -> Optional.of(below.copy(place));
                    case SCHEMAS -> Optional.of(list(place, below));
                    case NAMED_SCHEMAS -> Optional.of(named(place, below));
                    case MATCHED_SCHEMAS -> Optional.of(matched(place, below));
                    case TYPE,
                            VALUE,
                            VALUES,
                            NUMBER,
                            DIVISOR,
                            COUNT,
                            FLAG,
                            PATTERN,
                            FORMAT,
                            NAMES,
                            NAMED_NAMES ->
                            values.checked(shape, place);
                };
        value.ifPresent(checked -> copy.set(keyword, checked));
        return 1 + SchemaValues.steps(shape, place.node());
    }

    private static JsonNode list(Place place, Below below) throws ApiDocumentException {
        if (place.elements().isEmpty()) {
            throw place.flaw("must have a schema");
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Place element : place.elements()) {
            list.add(below.copy(element));
        }
        return list;
    }

    private static JsonNode named(Place place, Below below) throws ApiDocumentException {
        ObjectNode named = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, Place> field : place.fields().entrySet()) {
            named.set(field.getKey(), below.copy(field.getValue()));
        }
        return named;
    }

    private JsonNode matched(Place place, Below below) throws ApiDocumentException {
        for (Map.Entry<String, Place> field : place.fields().entrySet()) {
            values.pattern(field.getValue(), field.getKey());
        }
        return named(place, below);
    }

    /** Copies a schema that is within another. */
    private interface Below {
        JsonNode copy(Place place) throws ApiDocumentException;
    }

    private String refer(SchemaGraph.Node from, Place ref) throws ApiDocumentException {
        String id = id(SchemaReference.target(root, ref));
        graph.refer(from, id);
        return id;
    }
}
