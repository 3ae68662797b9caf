package io.runnel.routing.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is asked of a body.
 *
 * @param required whether there has to be one
 * @param contents the types that it may be of, the most specific first; empty for any
 */
record BodyCheck(boolean required, List<Content> contents) {
    /**
     * A type of bodies.
     *
     * @param schema what it must be, where it is JSON
     */
    record Content(MediaRange range, Optional<CheckedSchema> schema) {}

    Optional<RequestFlaw> head(Function<String, List<String>> headers) {
        if (required && headers.apply("content-length").equals(List.of("0"))) {
            return Optional.of(RequestFlaw.bad("body", "is required"));
        }
        List<String> types = headers.apply("content-type");
        if (types.size() > 1) {
            return Optional.of(unsupported());
        }
        return types.isEmpty() || content(types.getFirst()).isPresent()
                ? Optional.empty()
                : Optional.of(unsupported());
    }

    boolean hasSchema() {
        return contents.stream().anyMatch(content -> content.schema().isPresent());
    }

    boolean hasSchema(Optional<String> contentType) {
        return contentType.flatMap(this::schema).isPresent();
    }

    /** The schema for bodies of a type, if there is one and the type is JSON. */
    private Optional<CheckedSchema> schema(String contentType) {
        boolean json = MediaRange.parse(contentType).filter(MediaRange::isJson).isPresent();
        return json ? content(contentType).flatMap(Content::schema) : Optional.empty();
    }

    private Optional<Content> content(String contentType) {
        Optional<MediaRange> type = MediaRange.parse(contentType).filter(MediaRange::isType);
        if (type.isPresent() && contents.isEmpty()) {
            return Optional.of(new Content(type.get(), Optional.empty()));
        }
        return type.flatMap(
                is -> contents.stream().filter(c -> c.range().includes(is)).findFirst());
    }

    Optional<RequestFlaw> body(Optional<String> contentType, byte[] bytes) {
        if (bytes.length == 0) {
            return required
                    ? Optional.of(RequestFlaw.bad("body", "is required"))
                    : Optional.empty();
        }
        if (!contents.isEmpty() && contentType.flatMap(this::content).isEmpty()) {
            return Optional.of(unsupported());
        }
        Optional<CheckedSchema> schema = contentType.flatMap(this::schema);
        return schema.isEmpty() ? Optional.empty() : json(schema.get(), bytes);
    }

    private static Optional<RequestFlaw> json(CheckedSchema schema, byte[] bytes) {
        if (bytes.length > RequestChecks.MOST_BODY) {
            return bad("must be at most %d bytes".formatted(RequestChecks.MOST_BODY));
        }
        Optional<String> text = PercentText.utf8(ByteBuffer.wrap(bytes));
        if (text.isEmpty()) {
            return bad("must be UTF-8");
        }
        try {
            JsonNode value = StrictJson.read(text.get());
            List<RequestFlaw> flaws = schema.flaws("body", value);
            return flaws.isEmpty() ? Optional.empty() : Optional.of(RequestFlaw.all(flaws));
        } catch (StreamConstraintsException e) {
            return bad(
                    "is more than %d deep, or has a number that is too long"
                            .formatted(StrictJson.MOST_DEPTH));
        } catch (JsonProcessingException e) {
            return bad("must be JSON, with no field twice");
        }
    }

    private static Optional<RequestFlaw> bad(String text) {
        return Optional.of(RequestFlaw.bad("body", text));
    }

    private RequestFlaw unsupported() {
        String types =
                contents.stream()
                        .map(content -> content.range().toString())
                        .collect(Collectors.joining(", "));
        return new RequestFlaw(
                RequestFlaw.Kind.UNSUPPORTED_MEDIA_TYPE,
                "header.content-type",
                types.isEmpty() ? "must be a type" : "must be one of " + types);
    }
}
