package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The description says what the routes do. */
final class OpenApiIT {
    private final JsonNode document = OpenApi.read();

    @Test
    void describesEveryRouteAndNoOther(@TempDir Path folder) throws IOException {
        Set<String> routes = new TreeSet<>();
        try (TestRegion region = new TestRegion(folder, TestRegion.WEST)) {
            for (Route route : region.api.routes().all()) {
                routes.add(route.template() + " " + route.method().name().toLowerCase(Locale.ROOT));
            }
        }
        Set<String> described = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            path.getValue()
                    .fieldNames()
                    .forEachRemaining(method -> described.add(path.getKey() + " " + method));
        }
        assertEquals(routes, described);
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        document.findValuesAsText("$ref")
                .forEach(ref -> assertFalse(document.at(ref.substring(1)).isMissingNode(), ref));
    }

    @Test
    void namesThePathsParameters() {
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (JsonNode operation : path.getValue()) {
                for (String part : path.getKey().split("/", -1)) {
                    if (part.startsWith("{")) {
                        String name = part.substring(1, part.length() - 1);
                        assertTrue(names(operation, name), () -> path.getKey() + " " + name);
                    }
                }
            }
        }
    }

    private boolean names(JsonNode operation, String parameter) {
        for (JsonNode one : operation.path("parameters")) {
            JsonNode found = document.at(one.path("$ref").asText().substring(1));
            if (found.path("name").asText().equals(parameter)
                    && found.path("in").asText().equals("path")) {
                return true;
            }
        }
        return false;
    }
}
