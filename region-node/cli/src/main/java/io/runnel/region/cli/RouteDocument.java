package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.AccountId;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The OpenAPI document of routes that are named one by one. */
final class RouteDocument {
    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    private RouteDocument() {}

    /**
     * Writes it.
     *
     * @param routes each as {@code GET /hello/{name}=hello}
     * @param open whether they are for everybody
     * @throws CliException if one is no route
     */
    static JsonNode of(String title, List<String> routes, boolean open) {
        ObjectNode document = Json.object();
        document.put("openapi", "3.1.0");
        document.putObject("info").put("title", title).put("version", "1");
        if (open) {
            document.putArray("security");
        }
        ObjectNode paths = document.putObject("paths");
        routes.forEach(route -> add(paths, route));
        return document;
    }

    private static void add(ObjectNode paths, String route) {
        int blank = route.indexOf(' ');
        int equals = route.lastIndexOf('=');
        String method = blank < 0 ? "" : route.substring(0, blank).toLowerCase(Locale.ROOT);
        String path = equals <= blank ? "" : route.substring(blank + 1, equals).strip();
        if (!METHODS.contains(method) || !path.startsWith("/")) {
            throw CliException.usage(
                    "--route must be as \"GET /hello/{name}=hello\": '%s'".formatted(route));
        }
        String task = route.substring(equals + 1).strip();
        var unused = CalledTask.parse(task, new AccountId(Account.DEFAULT));
        ObjectNode item = paths.withObjectProperty(path);
        if (item.has(method)) {
            throw CliException.usage("--route is there twice: '%s'".formatted(route));
        }
        ObjectNode operation = item.putObject(method);
        operation.put("x-runnel-task", task);
        for (String segment : path.split("/", -1)) {
            if (segment.startsWith("{") && segment.endsWith("}")) {
                parameter(operation, segment.substring(1, segment.length() - 1));
            }
        }
    }

    private static void parameter(ObjectNode operation, String name) {
        ObjectNode parameter = operation.withArray("parameters").addObject();
        parameter.put("name", name.endsWith("+") ? name.substring(0, name.length() - 1) : name);
        parameter.put("in", "path");
        parameter.put("required", true);
        parameter.putObject("schema").put("type", "string");
    }
}
