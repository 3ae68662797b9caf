package io.runnel.routing.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Set;

/** Makes of a document what the users of its API get. Pure. */
final class PublishedDocument {
    private static final String KEY = "key";
    private static final String SECURITY = "security";
    private static final String SERVERS = "servers";
    private static final String COMPONENTS = "components";
    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch");

    private PublishedDocument() {}

    static JsonNode of(JsonNode document, List<String> serverUrls) {
        ObjectNode copy = document.deepCopy();
        withoutOurs(copy);
        boolean keyed = items(copy, copy.path("paths"));
        keyed |= items(copy, copy.path(COMPONENTS).path("pathItems"));
        copy.remove(SECURITY);
        var servers = copy.putArray(SERVERS);
        serverUrls.forEach(url -> servers.addObject().put("url", url));
        if (copy.path(COMPONENTS) instanceof ObjectNode components) {
            components.remove("securitySchemes");
        }
        if (keyed) {
            components(copy)
                    .putObject("securitySchemes")
                    .putObject(KEY)
                    .put("type", "http")
                    .put("scheme", "bearer")
                    .put("description", "A key of Runnel that may call this API.");
        }
        return copy;
    }

    private static ObjectNode components(ObjectNode document) {
        return document.path(COMPONENTS) instanceof ObjectNode components
                ? components
                : document.putObject(COMPONENTS);
    }

    /** Takes out Runnel's fields, wherever they are. */
    private static void withoutOurs(JsonNode node) {
        if (node instanceof ObjectNode object) {
            List<String> ours =
                    object.propertyStream()
                            .map(field -> field.getKey())
                            .filter(Extensions::isOurs)
                            .toList();
            object.remove(ours);
        }
        node.forEach(PublishedDocument::withoutOurs);
    }

    /** Says of each operation whether it needs a key; whether one does. */
    private static boolean items(ObjectNode document, JsonNode items) {
        boolean keyed = false;
        for (JsonNode item : items) {
            if (item instanceof ObjectNode object) {
                object.remove(SERVERS);
                for (String method : METHODS) {
                    keyed |=
                            object.path(method) instanceof ObjectNode operation
                                    && needsKey(document, operation);
                }
            }
        }
        return keyed;
    }

    private static boolean needsKey(ObjectNode document, ObjectNode operation) {
        boolean open = OperationReader.isOpen(operation, document);
        operation.remove(SERVERS);
        var security = operation.putArray(SECURITY);
        if (!open) {
            security.addObject().putArray(KEY);
        }
        return !open;
    }
}
