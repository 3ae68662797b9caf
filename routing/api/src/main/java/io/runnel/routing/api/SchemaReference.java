package io.runnel.routing.api;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;
import java.util.Optional;

/** What a schema's {@code $ref} leads to: a schema of the document, or one within it. Pure. */
final class SchemaReference {
    private static final String PREFIX = "#/components/schemas/";

    private SchemaReference() {}

    static Place target(Place root, Place ref) throws ApiDocumentException {
        String text = ref.text();
        Optional<String> decoded =
                text.startsWith(PREFIX)
                        ? PercentText.decode(text.substring(PREFIX.length()), false)
                        : Optional.empty();
        if (decoded.isEmpty()) {
            throw ref.flaw("must begin with %s: nothing else is looked up".formatted(PREFIX));
        }
        List<String> parts = List.of(decoded.get().split("/", -1));
        Place place =
                child(root, "components")
                        .flatMap(components -> child(components, "schemas"))
                        .flatMap(schemas -> child(schemas, parts.getFirst()))
                        .orElseThrow(() -> ref.flaw("leads to nothing"));
        int at = 1;
        while (at < parts.size()) {
            // Behind a schema there is a keyword, and behind some of these a name or a number.
            String keyword = parts.get(at);
            SchemaShape shape =
                    keyword.equals(SchemaShape.DEFINITIONS)
                            ? SchemaShape.NAMED_SCHEMAS
                            : SchemaShape.all().get(keyword);
            int deep =
                    switch (shape) {
                        case SCHEMA -> 1;
                        case SCHEMAS, NAMED_SCHEMAS, MATCHED_SCHEMAS -> 2;
                        case null, default -> throw ref.flaw("leads to no schema");
                    };
            for (int end = at + deep; at < end; at++) {
                if (at == parts.size()) {
                    throw ref.flaw("leads to no schema");
                }
                place = child(place, parts.get(at)).orElseThrow(() -> ref.flaw("leads to nothing"));
            }
        }
        return place;
    }

    /** A field or element by its part of a pointer. */
    private static Optional<Place> child(Place place, String part) {
        String name = part.replace("~1", "/").replace("~0", "~");
        JsonNode node = place.node();
        if (!node.isArray()) {
            return place.field(name);
        }
        boolean number = name.length() <= 4 && name.chars().allMatch(c -> c >= '0' && c <= '9');
        JsonNode element = number && !name.isEmpty() ? node.get(Integer.parseInt(name)) : null;
        return element == null ? Optional.empty() : Optional.of(place.at(name, element));
    }
}
