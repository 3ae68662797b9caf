package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The calls that an API's document shows: one of each operation, made of the examples of its
 * parameters and of its body (OpenAPI 3.1, 4.8.12 and 4.8.14). Pure.
 */
final class ApiExamples {
    private static final List<String> METHODS =
            List.of("get", "put", "post", "delete", "options", "head", "patch", "trace");
    private static final int MOST_DEEP = 16;

    private final JsonNode document;

    private ApiExamples(JsonNode document) {
        this.document = document;
    }

    /** All of a document, in its order. */
    static List<ApiExample> of(JsonNode document) {
        ApiExamples examples = new ApiExamples(document);
        List<ApiExample> all = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(
                        path -> {
                            JsonNode item = examples.resolved(path.getValue());
                            METHODS.stream()
                                    .filter(item::has)
                                    .forEach(
                                            method ->
                                                    all.add(
                                                            examples.of(
                                                                    path.getKey(), item, method)));
                        });
        return all;
    }

    /** What cannot be shown. */
    private static final class NoExampleException extends Exception {
        @java.io.Serial private static final long serialVersionUID = 1L;

        NoExampleException(String why) {
            super(why);
        }
    }

    private ApiExample of(String template, JsonNode item, String method) {
        JsonNode operation = item.path(method);
        String route = method.toUpperCase(Locale.ROOT) + " " + template;
        if (operation.has("x-runnel-webhook")) {
            return ApiExample.skipped(route, "it is for somebody who signs");
        }
        try {
            return example(route, template, parameters(item, operation), operation);
        } catch (NoExampleException e) {
            return ApiExample.skipped(route, e.getMessage());
        }
    }

    /** An operation's own come in place of its path's. */
    private List<JsonNode> parameters(JsonNode item, JsonNode operation) {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        for (JsonNode holder : List.of(item, operation)) {
            for (JsonNode one : holder.path("parameters")) {
                JsonNode parameter = resolved(one);
                all.put(
                        parameter.path("in").asText() + " " + parameter.path("name").asText(),
                        parameter);
            }
        }
        return List.copyOf(all.values());
    }

    private ApiExample example(
            String route, String template, List<JsonNode> parameters, JsonNode operation)
            throws NoExampleException {
        String path = template;
        List<String> query = new ArrayList<>();
        List<String> cookies = new ArrayList<>();
        Map<String, String> headers = new LinkedHashMap<>();
        for (JsonNode parameter : parameters) {
            String name = parameter.path("name").asText();
            Optional<JsonNode> example = example(parameter);
            if (example.isEmpty()) {
                requireNotRequired(parameter, name);
                continue;
            }
            switch (parameter.path("in").asText()) {
                case "path" -> path = filled(path, name, example.get());
                case "query" -> query.addAll(pairs(parameter, name, example.get()));
                case "header" -> headers.put(name, joined(example.get()));
                case "cookie" -> cookies.add(name + "=" + joined(example.get()));
                default -> {}
            }
        }
        if (path.contains("{")) {
            throw new NoExampleException("no example of all of its path");
        }
        if (!cookies.isEmpty()) {
            headers.put("Cookie", String.join("; ", cookies));
        }
        return new ApiExample(
                route,
                isOpen(operation),
                query.isEmpty() ? path : path + "?" + String.join("&", query),
                headers,
                body(resolved(operation.path("requestBody"))),
                statuses(operation),
                Optional.empty());
    }

    private static void requireNotRequired(JsonNode parameter, String name)
            throws NoExampleException {
        String in = parameter.path("in").asText();
        if (parameter.path("required").asBoolean() || in.equals("path")) {
            throw new NoExampleException("no example of %s.%s".formatted(in, name));
        }
    }

    private boolean isOpen(JsonNode operation) {
        JsonNode security =
                operation.has("security") ? operation.path("security") : document.path("security");
        return security.isArray() && security.isEmpty();
    }

    private static Set<String> statuses(JsonNode operation) {
        Set<String> statuses = new TreeSet<>();
        operation.path("responses").fieldNames().forEachRemaining(statuses::add);
        return statuses;
    }

    /** Of a parameter or a media type: its own, the first of its named ones, its schema's. */
    private Optional<JsonNode> example(JsonNode holder) {
        JsonNode schema = resolved(holder.path("schema"));
        JsonNode named = holder.path("examples");
        JsonNode first =
                named.isObject() && !named.isEmpty()
                        ? resolved(named.elements().next()).path("value")
                        : MissingNode.getInstance();
        return List.of(
                        holder.path("example"),
                        first,
                        schema.path("example"),
                        schema.path("examples").path(0),
                        schema.path("default"))
                .stream()
                .filter(node -> !node.isMissingNode())
                .findFirst();
    }

    private Optional<ApiExample.Body> body(JsonNode body) throws NoExampleException {
        JsonNode content = body.path("content");
        Set<String> types = new LinkedHashSet<>();
        content.fieldNames()
                .forEachRemaining(
                        type -> {
                            if (isJson(type)) {
                                types.add(type);
                            }
                        });
        content.fieldNames().forEachRemaining(types::add);
        for (String type : types) {
            Optional<JsonNode> example = example(content.path(type));
            if (example.isPresent() && (isJson(type) || example.get().isValueNode())) {
                String text = isJson(type) ? example.get().toString() : example.get().asText();
                return Optional.of(new ApiExample.Body(type, text));
            }
        }
        if (body.path("required").asBoolean()) {
            throw new NoExampleException("no example of its body");
        }
        return Optional.empty();
    }

    private static boolean isJson(String type) {
        String name = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return name.equals("application/json") || name.endsWith("+json");
    }

    private static String filled(String path, String name, JsonNode example) {
        String text = joined(example);
        String rest =
                List.of(text.split("/", -1)).stream()
                        .map(ApiExamples::encoded)
                        .collect(Collectors.joining("/"));
        return path.replace("{" + name + "}", encoded(text)).replace("{" + name + "+}", rest);
    }

    private static List<String> pairs(JsonNode parameter, String name, JsonNode example) {
        boolean explodes = parameter.path("explode").asBoolean(true);
        if (!example.isArray() || !explodes) {
            return List.of(encoded(name) + "=" + encoded(joined(example)));
        }
        List<String> pairs = new ArrayList<>();
        example.forEach(one -> pairs.add(encoded(name) + "=" + encoded(joined(one))));
        return pairs;
    }

    private static String joined(JsonNode example) {
        if (example.isObject()) {
            return example.toString();
        }
        return example.isArray() ? Json.texts(example, "") : example.asText();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** What a reference within the document leads to; itself if it is none. */
    private JsonNode resolved(JsonNode node) {
        JsonNode at = node;
        for (int deep = 0; deep < MOST_DEEP && at.has("$ref"); deep++) {
            String ref = at.path("$ref").asText();
            try {
                at =
                        ref.startsWith("#/")
                                ? document.at(ref.substring(1))
                                : MissingNode.getInstance();
            } catch (IllegalArgumentException e) {
                return MissingNode.getInstance();
            }
        }
        return at;
    }
}
