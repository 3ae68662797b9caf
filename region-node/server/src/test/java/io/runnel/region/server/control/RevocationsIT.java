package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.join.JoinToken;
import io.runnel.region.server.control.TestClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An operator revokes nodes, in either region by asking one, and reads what was done. */
final class RevocationsIT {
    private static final String EAST = "/v1/regions/us-east/revocations";
    private static final String AUDIT = "/v1/regions/us-east/audit";

    @TempDir Path folder;
    private TestRegion west;
    private TestRegion east;

    @BeforeEach
    void start() throws IOException {
        west = new TestRegion(folder.resolve("west"), TestRegion.WEST);
        east = new TestRegion(folder.resolve("east"), TestRegion.EAST);
        TestRegion.connect(west, east);
    }

    @AfterEach
    void stop() {
        west.close();
        east.close();
    }

    private TestClient admin() {
        return west.client(west.admin);
    }

    @Test
    void aNodeIsRevokedAndReadmittedAndItStandsInThatRegionsLog() {
        Answer revoked = admin().put(EAST + "/ams", "{\"why\":\"stolen\"}");
        assertEquals(200, revoked.status(), revoked::toString);
        assertEquals("us-east", revoked.json().path("region").asText());
        assertTrue(revoked.json().path("changed").asBoolean());
        Answer again = admin().put(EAST + "/ams", "{}");
        assertEquals("200 false", again.status() + " " + again.json().path("changed").asText());
        Answer readmitted = admin().delete(EAST + "/ams");
        assertEquals(200, readmitted.status(), readmitted::toString);
        Answer audit = admin().get(AUDIT);
        assertEquals(2, audit.json().path("entries").size(), audit::toString);
        String first = audit.json().path("entries").get(0).asText();
        assertTrue(first.contains("\"event\":\"revoked\""), first);
        assertTrue(first.contains("\"why\":\"stolen\""), first);
        assertTrue(first.contains("\"by\":\"admin/"), first);
        assertEquals(1, admin().get(AUDIT + "?after=1&limit=5").json().path("entries").size());
        assertEquals(0, admin().get("/v1/regions/eu-west/audit").json().path("entries").size());
    }

    @Test
    void anybodyMayAskWhatIsRevokedAndOnlyAdministratorsMore() {
        Answer list = west.anonymous().get(EAST);
        assertEquals(200, list.status(), list::toString);
        String issuer =
                Pem.revocationList(list.json().path("list").asText())
                        .getIssuerX500Principal()
                        .getName();
        assertTrue(issuer.contains("authority/us-east"), issuer);
        for (TestClient who : List.of(west.anonymous(), west.client(west.demo))) {
            boolean known = who.get("/v1/nodes").status() == 200;
            int refused = known ? 403 : 401;
            assertEquals(refused, who.put(EAST + "/ams", "{}").status());
            assertEquals(refused, who.delete(EAST + "/ams").status());
            assertEquals(refused, who.get(AUDIT).status());
        }
    }

    @Test
    void aPopIsAdmittedByATokenThatStandsInTheLogWithoutItself() {
        String tokens = "/v1/regions/us-east/tokens";
        Answer made = admin().post(tokens, "{\"node\":\"ams\",\"lifeSeconds\":60}");
        assertEquals(200, made.status(), made::toString);
        JoinToken token = JoinToken.unchecked(made.json().path("token").asText()).orElseThrow();
        assertEquals("runnel://demo/pop/ams", token.node().uri());
        assertEquals(TestRegion.EAST, token.authority().region());
        assertEquals(Duration.ofSeconds(60), Duration.between(token.issuedAt(), token.notAfter()));
        assertEquals(token.notAfter().toString(), made.json().path("notAfter").asText());
        String entry = admin().get(AUDIT).json().path("entries").get(0).asText();
        assertTrue(entry.contains("\"event\":\"admitted\""), entry);
        assertTrue(entry.contains("\"proof\":\"token/" + token.serial()), entry);
        assertFalse(entry.contains(made.json().path("token").asText()), entry);
        Answer usual = admin().post(tokens, "{\"node\":\"ams\"}");
        JoinToken hour = JoinToken.unchecked(usual.json().path("token").asText()).orElseThrow();
        assertEquals(JoinToken.LIFE, Duration.between(hour.issuedAt(), hour.notAfter()));
        assertEquals("node-not-found", admin().post(tokens, "{\"node\":\"us-east-1\"}").code());
        assertEquals("node-not-found", admin().post(tokens, "{\"node\":\"no.name\"}").code());
        for (String bad :
                List.of(
                        "{}",
                        "{\"node\":1}",
                        "{\"node\":\"ams\",\"lifeSeconds\":0}",
                        "{\"node\":\"ams\",\"lifeSeconds\":604801}",
                        "{\"node\":\"ams\",\"life\":1}")) {
            assertEquals("invalid-request", admin().post(tokens, bad).code(), bad);
        }
        assertEquals(401, west.anonymous().post(tokens, "{\"node\":\"ams\"}").status());
        assertEquals(403, west.client(west.demo).post(tokens, "{\"node\":\"ams\"}").status());
        assertEquals(2, admin().get(AUDIT).json().path("entries").size());
    }

    @Test
    void whatIsNotThereOrTooMuchIsRefusedByItsName() {
        assertEquals("node-not-found", admin().put(EAST + "/eu-west-1", "{}").code());
        assertEquals("node-not-found", admin().put(EAST + "/no.name", "{}").code());
        assertEquals("node-not-found", admin().delete(EAST + "/nowhere").code());
        String mars = "/v1/regions/mars/revocations/ams";
        assertEquals("invalid-request", admin().put(mars, "{}").code());
        String longWhy = "{\"why\":\"%s\"}".formatted("x".repeat(257));
        assertEquals("invalid-request", admin().put(EAST + "/ams", longWhy).code());
        assertEquals("invalid-request", admin().get(AUDIT + "?limit=513").code());
        assertEquals("invalid-request", admin().get(AUDIT + "?after=-1").code());
        assertEquals(0, admin().get(AUDIT).json().path("entries").size());
    }

    @Test
    void aLogThatWasChangedIsSaidToBe() {
        assertEquals(200, admin().put(EAST + "/ams", "{}").status());
        east.store.appendAudit(2, "{}").join();
        Answer broken = admin().put(EAST + "/ams", "{}");
        assertEquals("audit-broken", broken.code(), broken::toString);
        assertEquals(2, admin().get(AUDIT).json().path("entries").size(), "still to be read");
    }
}
