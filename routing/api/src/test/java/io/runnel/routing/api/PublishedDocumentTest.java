package io.runnel.routing.api;

import static io.runnel.routing.api.Documents.with;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;

import java.util.List;

class PublishedDocumentTest {
    private static JsonNode published(String json)
            throws ApiDocumentException, JsonProcessingException {
        return StrictJson.read(ApiDocument.published(json, List.of("https://a.example/api")));
    }

    @Test
    void nothingOfOursIsLeft() throws ApiDocumentException, JsonProcessingException {
        JsonNode document =
                published(
                        with(
                                """
                                "x-runnel-cors": true, "x-mine": 1,
                                "paths": {"/a": {"x-runnel-cache": "1s", "post": {
                                  "security": [], "x-runnel-webhook":
                                    {"scheme": "github", "secret": "HOOK_SECRET"},
                                  "responses": {"200": {"X-RUNNEL-a": 1}}}}},
                                "components": {"schemas": {"a": {"x-runnel-b": [{"x-runnel-c": 1}]}}}
                                """));
        assertFalse(
                StrictJson.write(document).toLowerCase(java.util.Locale.ROOT).contains("runnel"));
        assertFalse(StrictJson.write(document).contains("HOOK_SECRET"));
        assertEquals(1, document.path("x-mine").intValue());
    }

    @Test
    void serversAreTheOnesThatAreGiven() throws ApiDocumentException, JsonProcessingException {
        JsonNode document =
                published(
                        with(
                                """
                                "servers": [{"url": "https://old.example"}],
                                "paths": {"/a": {"servers": [{"url": "https://old.example"}],
                                  "get": {"servers": [{"url": "https://old.example"}]}}}
                                """));
        assertEquals("[{\"url\":\"https://a.example/api\"}]", document.path("servers").toString());
        assertFalse(document.toString().contains("old.example"));
    }

    @Test
    void routesThatNeedAKeySaySo() throws ApiDocumentException, JsonProcessingException {
        String paths =
                """
                "paths": {"/a": {"get": {}, "put": {"security": []}, "post": {"security": [{"k": []}]}},
                          "/b": {"$ref": "#/components/pathItems/b"}},
                "components": {"securitySchemes": {"k": {"type": "mutualTLS"}},
                               "pathItems": {"b": {"get": {}}}}
                """;
        JsonNode document = published(with(paths));
        JsonNode a = document.path("paths").path("/a");
        assertEquals("[{\"key\":[]}]", a.path("get").path("security").toString());
        assertEquals("[{\"key\":[]}]", a.path("post").path("security").toString());
        assertEquals("[]", a.path("put").path("security").toString());
        JsonNode b = document.path("components").path("pathItems").path("b");
        assertEquals("[{\"key\":[]}]", b.path("get").path("security").toString());
        JsonNode schemes = document.path("components").path("securitySchemes");
        assertEquals(1, schemes.size());
        assertEquals("bearer", schemes.path("key").path("scheme").textValue());
        JsonNode open = published(with("\"security\": [], \"paths\": {\"/a\": {\"get\": {}}}"));
        assertFalse(open.has("components"));
        assertFalse(open.has("security"));
        assertEquals("[]", open.path("paths").path("/a").path("get").path("security").toString());
    }

    @Test
    void whatIsPublishedIsADocumentAgain() throws ApiDocumentException {
        String once =
                ApiDocument.published(
                        with("\"paths\": {\"/a\": {\"get\": {}}}"), List.of("https://a.example"));
        assertEquals(once, ApiDocument.published(once, List.of("https://a.example")));
        assertEquals(once, ApiDocument.compact(once));
    }
}
