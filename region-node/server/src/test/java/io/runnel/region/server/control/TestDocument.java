package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Locale;

/** An API's document, route by route, as requests bring it. */
final class TestDocument {
    private final ObjectNode json = ControlJson.object();
    private ObjectNode last = json;

    TestDocument() {
        json.put("openapi", "3.1.0");
        json.putObject("info").put("title", "Shop").put("version", "1");
        json.putObject("paths");
    }

    /** A document of one route. */
    static TestDocument of(String route, String task) {
        return new TestDocument().and(route, task);
    }

    /** With one more, as {@code GET /orders/{id}}. */
    TestDocument and(String route, String task) {
        String[] words = route.split(" ", 2);
        last =
                json.withObjectProperty("paths")
                        .withObjectProperty(words[1])
                        .putObject(words[0].toLowerCase(Locale.ROOT));
        last.put("x-runnel-task", task);
        last.putObject("responses").putObject("200").put("description", "good");
        for (String segment : words[1].split("/", -1)) {
            if (segment.startsWith("{")) {
                ObjectNode parameter = last.withArray("parameters").addObject();
                parameter.put("name", segment.substring(1, segment.length() - 1));
                parameter.put("in", "path").put("required", true);
                parameter.putObject("schema").put("type", "string");
            }
        }
        return this;
    }

    /** The last one is for everybody. */
    TestDocument open() {
        last.putArray("security");
        return this;
    }

    /** The last one is called by who signs with this. */
    TestDocument signedBy(String secret) {
        last.putObject("x-runnel-webhook").put("scheme", "github").put("secret", secret);
        return open();
    }

    /** With a text that says nothing. */
    TestDocument with(String description) {
        json.withObjectProperty("info").put("description", description);
        return this;
    }

    ObjectNode json() {
        return json;
    }

    /** What a request brings. */
    String body() {
        return "{\"document\":%s}".formatted(json);
    }

    /** The same for a stage. */
    String body(String stage) {
        return "{\"document\":%s,\"stage\":\"%s\"}".formatted(json, stage);
    }
}
