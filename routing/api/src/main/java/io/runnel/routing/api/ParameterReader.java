package io.runnel.routing.api;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a document's parameters. One thread. */
final class ParameterReader {
    /** Headers of this name say nothing here (OpenAPI 3.1, 4.8.12.2): other fields do. */
    private static final Set<String> ELSEWHERE = Set.of("accept", "content-type", "authorization");

    private static final Map<String, String> DELIMITERS =
            Map.of("form", ",", "simple", ",", "spaceDelimited", " ", "pipeDelimited", "|");
    private static final Set<String> STYLES_OF_QUERIES =
            Set.of("form", "spaceDelimited", "pipeDelimited");

    private final SchemaCopies schemas;

    ParameterReader(SchemaCopies schemas) {
        this.schemas = schemas;
    }

    /** A parameter's check, and what says that another is the same parameter. */
    record Named(String key, CheckReader.Draft<ParameterCheck> draft) {}

    /** The check of a parameter; empty if nothing is asked of it here. */
    Optional<Named> read(RouteTemplate template, Place place) throws ApiDocumentException {
        String written = place.required("name").text();
        Place at = place.required("in");
        if (at.text().equals("cookie")) {
            return Optional.empty();
        }
        ParameterCheck.In in = in(at);
        boolean header = in == ParameterCheck.In.HEADER;
        String name = header ? written.toLowerCase(Locale.ROOT) : written;
        if (header && !HeaderName.isOne(name)) {
            throw place.required("name").flaw("must be a header's name");
        }
        if (in == ParameterCheck.In.PATH && !template.parameters().contains(name)) {
            throw place.required("name").flaw("is no parameter of the path " + template);
        }
        if (header && ELSEWHERE.contains(name)) {
            return Optional.empty();
        }
        if (place.field("content").isPresent()) {
            throw place.required("content").flaw("is not known here: a parameter has a schema");
        }
        boolean required = flag(place, "required", false);
        boolean mayBeEmpty = flag(place, "allowEmptyValue", false);
        ParameterShape shape = shape(place, in);
        Optional<Place> schema = place.field("schema");
        Optional<String> id =
                schema.isPresent() ? Optional.of(schemas.add(schema.get())) : Optional.empty();
        return Optional.of(
                new Named(
                        at.text() + "." + name,
                        ready ->
                                new ParameterCheck(
                                        in,
                                        name,
                                        required,
                                        mayBeEmpty,
                                        shape,
                                        id.map(ready::schema))));
    }

    private static ParameterCheck.In in(Place place) throws ApiDocumentException {
        return switch (place.text()) {
            case "path" -> ParameterCheck.In.PATH;
            case "query" -> ParameterCheck.In.QUERY;
            case "header" -> ParameterCheck.In.HEADER;
            default -> throw place.flaw("must be path, query, header or cookie");
        };
    }

    private static boolean flag(Place place, String name, boolean otherwise)
            throws ApiDocumentException {
        Optional<Place> field = place.field(name);
        return field.isPresent() ? field.get().flag() : otherwise;
    }

    private ParameterShape shape(Place place, ParameterCheck.In in) throws ApiDocumentException {
        boolean query = in == ParameterCheck.In.QUERY;
        Set<String> styles = query ? STYLES_OF_QUERIES : Set.of("simple");
        Optional<Place> style = place.field("style");
        String named = style.isPresent() ? style.get().text() : query ? "form" : "simple";
        if (!styles.contains(named)) {
            throw style.orElse(place).flaw("must be one of " + String.join(", ", styles));
        }
        boolean explode = flag(place, "explode", named.equals("form"));
        Optional<Place> schema = place.field("schema");
        if (schema.isEmpty()) {
            return new ParameterShape(false, Optional.empty(), Set.of("string"));
        }
        Set<String> types = schemas.types(schema.get());
        if (types.contains("object")) {
            throw schema.get().flaw("cannot be an object in a parameter");
        }
        if (!types.contains("array")) {
            return new ParameterShape(false, Optional.empty(), types);
        }
        Optional<Place> items = schemas.resolved(schema.get()).field("items");
        Set<String> ofItems = items.isPresent() ? schemas.types(items.get()) : Set.of("string");
        Optional<String> delimiter =
                query && explode ? Optional.empty() : Optional.of(DELIMITERS.get(named));
        return new ParameterShape(true, delimiter, ofItems);
    }
}
