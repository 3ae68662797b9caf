package io.runnel.routing.api;

import io.runnel.routing.catalog.CallerAliasRecord;

/** Where the value of a parameter of a call comes from. */
public sealed interface ParameterSource {
    /** The most parameters that a route may set. */
    int MOST = CallerAliasRecord.MOST_PARAMETERS;

    /** The document says it. */
    record Fixed(String text) implements ParameterSource {}

    /** The request's path, decoded. */
    record OfPath(String name) implements ParameterSource {}

    /** The request's query, decoded. */
    record OfQuery(String name) implements ParameterSource {}

    /**
     * The request's header.
     *
     * @param name in lower case
     */
    record OfHeader(String name) implements ParameterSource {}

    /**
     * Reads a text: {@code EUR}, {@code {path.id}}, {@code {query.who}} or {@code
     * {header.accept-language}}.
     *
     * @throws IllegalArgumentException if it has braces and is none of these, or names a header
     *     that carries credentials or is the network's own
     */
    static ParameterSource parse(String text) {
        return SourceText.parse(text);
    }
}
