package io.runnel.routing.api;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is asked of a parameter.
 *
 * @param in where it stands
 * @param name a header's in lower case
 * @param required whether it has to be there
 * @param mayBeEmpty whether it may be there without a value, whatever the schema says
 * @param shape how its value is written
 * @param schema what its value must be
 */
record ParameterCheck(
        In in,
        String name,
        boolean required,
        boolean mayBeEmpty,
        ParameterShape shape,
        Optional<CheckedSchema> schema) {
    /** Where a parameter stands. */
    enum In {
        /** In the path: a segment, or the rest. */
        PATH,
        /** In the query. */
        QUERY,
        /** A header. */
        HEADER
    }

    /** As flaws name it: {@code query.limit}. */
    String where() {
        return in.name().toLowerCase(Locale.ROOT) + "." + name;
    }

    List<RequestFlaw> flaws(
            Map<String, String> path,
            Map<String, List<String>> query,
            Function<String, List<String>> headers) {
        List<String> values =
                switch (in) {
                    case PATH -> Optional.ofNullable(path.get(name)).stream().toList();
                    case QUERY -> query.getOrDefault(name, List.of());
                    case HEADER -> headers.apply(name);
                };
        if (values.isEmpty()) {
            return required ? List.of(flaw("is required")) : List.of();
        }
        if (schema.isEmpty() || (mayBeEmpty && values.equals(List.of("")))) {
            return List.of();
        }
        Optional<JsonNode> value = shape.value(values);
        return value.isEmpty()
                ? List.of(flaw("must be there once"))
                : schema.get().flaws(where(), value.get());
    }

    private RequestFlaw flaw(String text) {
        return RequestFlaw.bad(where(), text);
    }
}
