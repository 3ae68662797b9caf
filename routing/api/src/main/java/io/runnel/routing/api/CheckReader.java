package io.runnel.routing.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads what a document asks of requests. One thread. */
final class CheckReader {
    private final References references;
    private final SchemaCopies schemas;
    private final ParameterReader parameters;

    CheckReader(References references, SchemaCopies schemas) {
        this.references = references;
        this.schemas = schemas;
        this.parameters = new ParameterReader(schemas);
    }

    /** A check whose schemas are not ready. */
    interface Draft<T> {
        T made(JsonSchemas ready);
    }

    /** What is asked of an operation's requests, once the schemas are ready. */
    Function<JsonSchemas, RequestChecks> read(RouteTemplate template, Place item, Place operation)
            throws ApiDocumentException {
        Map<String, Draft<ParameterCheck>> all = new LinkedHashMap<>(read(template, item));
        all.putAll(read(template, operation));
        Optional<Place> body = operation.field("requestBody");
        Optional<Draft<BodyCheck>> bodyDraft =
                body.isPresent() ? Optional.of(body(body.get())) : Optional.empty();
        return ready ->
                new RequestChecks(
                        all.values().stream().map(draft -> draft.made(ready)).toList(),
                        bodyDraft.map(draft -> draft.made(ready)));
    }

    private Map<String, Draft<ParameterCheck>> read(RouteTemplate template, Place place)
            throws ApiDocumentException {
        Map<String, Draft<ParameterCheck>> drafts = new LinkedHashMap<>();
        Optional<Place> list = place.field("parameters");
        if (list.isEmpty()) {
            return drafts;
        }
        for (Place element : list.get().elements()) {
            Place at = references.follow(element, "parameters");
            Extensions.checkNone(at);
            Optional<ParameterReader.Named> draft = parameters.read(template, at);
            if (draft.isPresent() && drafts.put(draft.get().key(), draft.get().draft()) != null) {
                throw element.flaw("is there twice: " + draft.get().key());
            }
        }
        return drafts;
    }

    private Draft<BodyCheck> body(Place place) throws ApiDocumentException {
        Place at = references.follow(place, "requestBodies");
        Extensions.checkNone(at);
        Optional<Place> required = at.field("required");
        boolean isRequired = required.isPresent() && required.get().flag();
        List<ContentDraft> contents = new ArrayList<>();
        for (Map.Entry<String, Place> content : at.required("content").fields().entrySet()) {
            contents.add(content(content.getKey(), content.getValue()));
        }
        contents.sort(Comparator.comparing(ContentDraft::range, MediaRange.MOST_SPECIFIC_FIRST));
        return ready ->
                new BodyCheck(
                        isRequired,
                        contents.stream()
                                .map(
                                        content ->
                                                new BodyCheck.Content(
                                                        content.range(),
                                                        content.schema().map(ready::schema)))
                                .toList());
    }

    /** A type of bodies, and what its schema is called. */
    private record ContentDraft(MediaRange range, Optional<String> schema) {}

    private ContentDraft content(String type, Place place) throws ApiDocumentException {
        MediaRange range =
                MediaRange.parse(type)
                        .orElseThrow(() -> place.flaw("is no type of contents, as image/*"));
        Extensions.checkNone(place);
        Optional<Place> schema = place.field("schema");
        boolean json = range.isJson() || !range.isType();
        return new ContentDraft(
                range,
                schema.isPresent() && json
                        ? Optional.of(schemas.add(schema.get()))
                        : Optional.empty());
    }
}
