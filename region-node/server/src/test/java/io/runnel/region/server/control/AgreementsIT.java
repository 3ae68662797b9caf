package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.region.server.control.TestClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

final class AgreementsIT {
    private static final String GRANT = "/v1/tasks/hello/grants/*/asks";
    private static final String PATH = "/v1/agreements/demo/hello";
    private static final String TERMS = "{\"agreement\":\"terms 2\"}";

    @TempDir Path folder;
    private TestRegion region;
    private TestClient demo;
    private TestClient beta;

    @BeforeEach
    void start() throws IOException {
        region = new TestRegion(folder, TestRegion.WEST);
        TestClient admin = region.client(region.admin);
        demo = region.client(region.demo);
        assertEquals(201, admin.post("/v1/accounts", "{\"name\":\"beta\"}").status());
        Answer key = admin.post("/v1/accounts/beta/keys", "{}");
        beta = new TestClient(region.port, key.json().path("token").asText());
        assertEquals(201, demo.deploy("hello", "good one", "").status());
    }

    @AfterEach
    void stop() {
        region.runtime.release.countDown();
        region.close();
    }

    private boolean isAgreed() {
        JsonNode grant = beta.get("/v1/grants").json().at("/grants/0");
        assertEquals("terms 2", grant.path("agreement").asText(), grant::toString);
        return grant.path("agreed").asBoolean();
    }

    @Test
    void oneIsMadeForWhatAGrantAsksForAndTakenBack() {
        String terms = "{\"agreement\":\"terms 2\",\"perSecond\":5,\"regions\":[\"eu-west\"]}";
        Answer grant = demo.put(GRANT, terms);
        assertEquals(201, grant.status(), grant::toString);
        assertEquals(5, grant.json().path("burst").asInt(), grant::toString);
        assertEquals("eu-west", grant.json().at("/regions/0").asText(), grant::toString);
        assertFalse(isAgreed());
        Answer made = beta.put(PATH, TERMS);
        assertEquals(201, made.status(), made::toString);
        assertTrue(isAgreed());
        for (JsonNode list :
                List.of(
                        beta.get("/v1/agreements").json(),
                        demo.get("/v1/tasks/hello/agreements").json())) {
            assertEquals(1, list.path("agreements").size(), list::toString);
            JsonNode one = list.at("/agreements/0");
            assertEquals("beta", one.path("account").asText(), list::toString);
            assertEquals("demo/hello", one.path("task").asText(), list::toString);
            assertEquals("terms 2", one.path("agreement").asText(), list::toString);
        }
        assertEquals(0, demo.get("/v1/agreements").json().path("agreements").size());
        assertEquals("task-not-found", beta.get("/v1/tasks/hello/agreements").code());
        assertEquals(412, beta.put(PATH, TERMS, "If-None-Match", "*").status());
        assertEquals(200, beta.put(PATH, TERMS, "If-Match", made.header("ETag")).status());
        assertEquals(412, beta.put(PATH, TERMS, "If-Match", made.header("ETag")).status());
        assertEquals(204, beta.delete(PATH).status());
        assertFalse(isAgreed());
        assertEquals("agreement-not-found", beta.delete(PATH).code());
    }

    @Test
    void nothingIsAgreedToThatNobodyAsksFor() {
        assertEquals("task-not-found", beta.put(PATH, TERMS).code());
        assertEquals(201, demo.put(GRANT, "{}").status());
        assertEquals("task-not-found", beta.put(PATH, TERMS).code());
        assertEquals(200, demo.put(GRANT, "{\"agreement\":\"terms 3\"}").status());
        Answer other = beta.put(PATH, TERMS);
        assertEquals("invalid-request", other.code());
        assertTrue(other.toString().contains("terms 3"), other::toString);
        assertEquals("invalid-request", beta.put(PATH, "{}").code());
        assertEquals("invalid-request", beta.put(PATH, "{\"agreement\":7}").code());
        assertEquals("task-not-found", beta.put("/v1/agreements/demo/Hello!", TERMS).code());
        String asked = "{\"agreement\":\"terms 3\"}";
        assertEquals("task-not-found", demo.put(PATH, asked).code(), "one's own");
        assertEquals(204, demo.delete(GRANT).status());
        assertEquals("task-not-found", beta.put(PATH, TERMS).code());
    }
}
