package io.runnel.routing.catalog;

import static io.runnel.routing.catalog.FeedFixture.EAST;
import static io.runnel.routing.catalog.FeedFixture.WEST;
import static io.runnel.routing.catalog.FeedFixture.account;
import static io.runnel.routing.catalog.FeedFixture.key;
import static io.runnel.routing.catalog.FeedFixture.task;
import static io.runnel.routing.catalog.FeedFixture.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.EventRule;
import io.runnel.exec.task.LatencyNeed;
import io.runnel.exec.task.OutboundHost;
import io.runnel.exec.task.Requirements;
import io.runnel.exec.task.Reuse;
import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskOptions;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

final class RecordJsonTest {
    @Test
    void readsWhatItWrote() {
        List<CatalogRecord> records =
                List.of(
                        account("demo", EAST),
                        key("demo", 'B'),
                        version("demo", "hello", 7),
                        task("demo", "hello", 6, 7),
                        new TaskRecord(
                                TaskRef.of("demo", "old"),
                                1,
                                1,
                                false,
                                Optional.of(Duration.ofSeconds(90))),
                        task("demo", "slow", 1, 2).atMost(OptionalInt.of(0)).at(2),
                        task("demo", "plain", 1, 1)
                                .ruling(
                                        Optional.of(
                                                new EventRule(
                                                        1,
                                                        Duration.ofSeconds(61),
                                                        Optional.empty(),
                                                        Optional.empty()))),
                        task("demo", "told", 1, 1)
                                .ruling(
                                        Optional.of(
                                                new EventRule(
                                                        0,
                                                        EventRule.MOST_AGE,
                                                        Optional.of(new TaskName("dead")),
                                                        Optional.of(new TaskName("good")))))
                                .atMost(OptionalInt.of(3))
                                .at(1));
        for (CatalogRecord record : records) {
            assertEquals(record, RecordJson.read(record.kind(), RecordJson.write(record)));
        }
    }

    @Test
    void whatIsNoRuleOfEventsIsRefused() {
        EventRule rule =
                new EventRule(1, Duration.ofSeconds(61), Optional.empty(), Optional.empty());
        String json = RecordJson.write(task("demo", "hello", 1, 1).ruling(Optional.of(rule)));
        assertTrue(json.contains("\"events\":{\"retries\":1,\"maxAgeSeconds\":61}"), json);
        refused("retries", RecordKind.TASK, json.replace("\"retries\":1", "\"retries\":3"));
        refused("max age", RecordKind.TASK, json.replace(":61", ":59"));
        refused("events", RecordKind.TASK, json.replace(":61", ":61,\"onFailure\":7"));
    }

    @Test
    void whatAnAccountAsksOfNodesComesBack() {
        AccountRecord plain = account("demo", EAST);
        assertFalse(RecordJson.write(plain).contains("requires"));
        AccountRecord asking =
                plain.requiring(
                        new Requirements(
                                Map.of("role", List.of("region"), "zone", List.of("b", "a"))));
        assertEquals(1, asking.epoch());
        assertEquals(asking.requires(), asking.leavingFor(WEST).movedTo(WEST).requires());
        String json = RecordJson.write(asking);
        assertTrue(
                json.contains("\"requires\":{\"role\":[\"region\"],\"zone\":[\"b\",\"a\"]}"), json);
        assertEquals(asking, RecordJson.read(RecordKind.ACCOUNT, json));
        refused(
                "account.requires.role",
                RecordKind.ACCOUNT,
                json.replace("[\"region\"]", "\"region\""));
        refused("a fact's value", RecordKind.ACCOUNT, json.replace("\"region\"", "\"\""));
        refused("fact must be", RecordKind.ACCOUNT, json.replace("\"role\"", "\"r ole\""));
        refused(
                "account.requires",
                RecordKind.ACCOUNT,
                json.substring(0, json.indexOf("{\"role")) + "7}");
    }

    @Test
    void whatItsOwnerChoseComesBack() {
        TaskOptions options =
                new TaskOptions(
                        Reuse.KEPT,
                        true,
                        List.of(
                                OutboundHost.parse("api.example.com"),
                                OutboundHost.parse("*.example.org:8443")),
                        LatencyNeed.URGENT,
                        List.of(new DeviceName("sensor"), new DeviceName("camera")),
                        Optional.of(new SecretBundle("0f".repeat(16), Set.of("B", "A"))),
                        new Requirements(Map.of("account", List.of("acme", "demo"))));
        VersionRecord version = withOptions(options);
        String json = RecordJson.write(version);
        assertTrue(json.contains("\"reuse\":\"kept\""), json);
        assertEquals(version, RecordJson.read(RecordKind.VERSION, json));
        refused("version.reuse", json.replace("\"kept\"", "\"borrowed\""));
        assertTrue(json.contains("\"latency\":\"urgent\""), json);
        refused("version.latency", json.replace("\"urgent\"", "\"now\""));
        refused("version.coarseClock", json.replace("\"coarseClock\":true", "\"coarseClock\":1"));
        assertTrue(json.contains("\"devices\":[\"sensor\",\"camera\"]"), json);
        refused("device name", json.replace("\"sensor\"", "\"/dev/mem\""));
        refused("outbound host", json.replace("api.example.com", "api/example"));
        String secrets = "\"secrets\":{\"id\":\"" + "0f".repeat(16) + "\",\"names\":[\"A\",\"B\"]}";
        assertTrue(json.contains(secrets), json);
        assertTrue(json.contains("\"callers\":{\"account\":[\"acme\",\"demo\"]}"), json);
        refused("version.callers.account", json.replace("[\"acme\",\"demo\"]", "true"));
        refused("fact must be", json.replace("\"account\":[", "\"..\":["));
        refused("a bundle's id", json.replace("0f0f", "0F0f"));
        refused("secret variables", json.replace("[\"A\",\"B\"]", "[]"));
    }

    @Test
    void aRecordOfBeforeThereWereOptionsReadsAsNoneChosen() {
        String json = RecordJson.write(withOptions(TaskOptions.DEFAULT));
        for (String field :
                List.of("reuse", "coarseClock", "outbound", "latency", "devices", "secrets")) {
            assertFalse(json.contains(field), json);
        }
        VersionRecord read = (VersionRecord) RecordJson.read(RecordKind.VERSION, json);
        assertEquals(TaskOptions.DEFAULT, read.task().options());
    }

    @Test
    void whereAnAccountGoesComesBack() {
        AccountRecord plain = account("demo", WEST);
        assertFalse(RecordJson.write(plain).contains("epoch"));
        AccountRecord leaving = plain.leavingFor(EAST);
        assertEquals(1, leaving.epoch());
        AccountRecord moved = leaving.movedTo(EAST);
        assertEquals(2, moved.epoch());
        for (AccountRecord record : List.of(leaving, moved)) {
            assertEquals(record, RecordJson.read(RecordKind.ACCOUNT, RecordJson.write(record)));
        }
        String text = RecordJson.write(moved).replace(":2", ":\"2\"");
        refused("account.epoch", RecordKind.ACCOUNT, text);
    }

    private static VersionRecord withOptions(TaskOptions options) {
        VersionRecord plain = version("demo", "hello", 7);
        return new VersionRecord(
                plain.task().withOptions(options),
                plain.codeSize(),
                plain.regions(),
                plain.created());
    }

    @Test
    void skipsFieldsOfANewerPeer() {
        String json = RecordJson.write(account("demo", WEST)).replace("{", "{\"new\":{\"x\":1},");
        assertEquals(account("demo", WEST), RecordJson.read(RecordKind.ACCOUNT, json));
    }

    @Test
    void refusesHostileJsonByTheFieldsName() {
        String good = RecordJson.write(version("demo", "hello", 1));
        refused("version.account", good.replace("\"account\":\"demo\"", "\"account\":7"));
        refused("version.version", good.replace("\"version\":1", "\"version\":1.5"));
        refused("version.version", good.replace("\"version\":1", "\"version\":99999999999"));
        refused(
                "version.code",
                good.replaceFirst("\"code\":\"[0-9a-f]{4}", "\"code\":\"beef" + "x"));
        refused("version.limits.memoryBytes", good.replace("\"memoryBytes\"", "\"memory\""));
        refused("memory must be", good.replace("67108864", "1"));
        refused("version.runtime", good.replace("\"wasm\"", "\"cobol\""));
        refused("version.environment", good.replace("\"B\":\"2\"", "\"B\":[]"));
        refused("version", good + "x");
        refused("version", good.replace("\"B\":\"2\"", "\"B\":\"2\",\"B\":\"3\""));
        refused("version", "[".repeat(5000));
        refused("version", "[]");
        refused("version", "");
        refused("version", "{\"a\":\"" + "x".repeat(FeedRecord.MOST_RECORD_CHARACTERS) + "\"}");
    }

    private static void refused(String named, String json) {
        refused(named, RecordKind.VERSION, json);
    }

    private static void refused(String named, RecordKind kind, String json) {
        CatalogException e =
                assertThrows(CatalogException.class, () -> RecordJson.read(kind, json));
        assertEquals(CatalogException.Code.MALFORMED, e.code());
        assertTrue(e.getMessage().contains(named), e.getMessage());
    }

    @Test
    void aLineKeepsTheRecordByteForByte() {
        FeedFixture west = new FeedFixture(WEST, "LOG");
        String odd = "{ \"a\" :1.0e1,\"\\u0062\":\"}\\\"{\", \"c\":[ {} ] }";
        west.write("future-kind", "k \"ey\\", odd);
        west.write(version("demo", "hello", 3));
        west.delete(version("demo", "hello", 3));
        for (FeedRecord record : west.written()) {
            FeedRecord read = FeedJson.read(FeedJson.write(record));
            assertEquals(record, read);
            HashChain.requireTrue(read);
        }
    }

    @Test
    void aLineKeepsTheSignature() {
        SealedLog west = new SealedLog(WEST, "LOG", TestSeals.ALL::seal);
        FeedRecord record = west.write(account("demo", WEST), FeedFixture.NOW);
        FeedRecord read = FeedJson.read(FeedJson.write(record));
        assertEquals(record, read);
        TestSeals.ALL.require(List.of(read));
    }

    /** Half a signature is none that was left out. */
    @Test
    void refusesSignaturesThatAreNotOfTheForm() {
        SealedLog west = new SealedLog(WEST, "LOG", TestSeals.ALL::seal);
        String good = FeedJson.write(west.write(account("demo", WEST), FeedFixture.NOW));
        refusedLine(good.replace("\"signer\":", "\"other\":"));
        refusedLine(good.replace("\"signedAt\":", "\"other\":"));
        refusedLine(good.replace("\"live\":", "\"other\":"));
        refusedLine(good.replace("\"signature\":", "\"other\":"));
        refusedLine(good.replaceFirst("\"signer\":\"[0-9a-f]", "\"signer\":\"G"));
        refusedLine(good.replaceFirst("\"live\":\"[0-9a-f]", "\"live\":\""));
        refusedLine(good.replaceFirst("\"signature\":\"[0-9a-f]", "\"signature\":\"A"));
        refusedLine(good.replaceFirst("\"signedAt\":1", "\"signedAt\":\"x"));
    }

    @Test
    void refusesHostileLines() {
        FeedFixture west = new FeedFixture(WEST, "LOG");
        String good = FeedJson.write(west.write(account("demo", WEST)));
        refusedLine("");
        refusedLine("[]");
        refusedLine(good + "{}");
        refusedLine(good.substring(0, good.length() - 5));
        refusedLine(good.replace("\"seq\":1", "\"seq\":0"));
        refusedLine(good.replace("\"seq\":1", "\"seq\":\"x\""));
        refusedLine(good.replace("\"seq\":1", "\"seq\":1,\"seq\":2"));
        refusedLine(good.replace("\"at\":", "\"was\":"));
        refusedLine(good.replace("\"kind\":\"account\"", "\"kind\":\"A\""));
        refusedLine(good.replace("\"key\":\"demo\"", "\"key\":\"\\u0000\""));
        refusedLine(good.replace("\"log\":\"LOG\"", "\"log\":\"L:O\""));
        refusedLine(good.replaceFirst("\"record\":\\{[^}]*}", "\"record\":[1]"));
        refusedLine(good.replaceFirst("\"hash\":\"[0-9a-f]", "\"hash\":\"G"));
        refusedLine(" ".repeat(FeedJson.MOST_LINE_CHARACTERS + 1));
    }

    private static void refusedLine(String line) {
        CatalogException e = assertThrows(CatalogException.class, () -> FeedJson.read(line), line);
        assertEquals(CatalogException.Code.MALFORMED, e.code());
    }
}
