package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.List;

final class RouteDocumentTest {
    @Test
    void routesBecomeADocument() {
        assertEquals(
                "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Shop\",\"version\":\"1\"},\"security\":[],"
                    + "\"paths\":{\"/orders/{id}\":{\"get\":{\"x-runnel-task\":\"orders@3\","
                    + "\"parameters\":[{\"name\":\"id\",\"in\":\"path\",\"required\":true,"
                    + "\"schema\":{\"type\":\"string\"}}]},\"delete\":{\"x-runnel-task\":"
                    + "\"acme/gone\",\"parameters\":[{\"name\":\"id\",\"in\":\"path\","
                    + "\"required\":true,\"schema\":{\"type\":\"string\"}}]}},\"/files/{rest+}\":"
                    + "{\"post\":{\"x-runnel-task\":\"files\",\"parameters\":[{\"name\":\"rest\","
                    + "\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"}}]}}}}",
                RouteDocument.of(
                                "Shop",
                                List.of(
                                        "GET /orders/{id}=orders@3",
                                        "delete /orders/{id} = acme/gone",
                                        "POST /files/{rest+}=files"),
                                true)
                        .toString());
        assertEquals(
                "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"a\",\"version\":\"1\"},"
                        + "\"paths\":{\"/a=b\":{\"get\":{\"x-runnel-task\":\"c\"}}}}",
                RouteDocument.of("a", List.of("GET /a=b=c"), false).toString());
    }

    @Test
    void whatIsNoRouteIsRefused() {
        for (String bad :
                List.of(
                        "",
                        "GET",
                        "GET /",
                        "=hello",
                        "GET/=hello",
                        "GET hello=hello",
                        "GOT /=hello",
                        "GET /=Hello",
                        "GET /=",
                        "GET /=hello@",
                        "a=b GET /")) {
            assertThrows(CliException.class, () -> RouteDocument.of("a", List.of(bad), false), bad);
        }
        assertThrows(
                CliException.class,
                () -> RouteDocument.of("a", List.of("GET /=a", "get /=b"), false));
    }
}
