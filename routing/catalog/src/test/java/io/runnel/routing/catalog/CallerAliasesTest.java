package io.runnel.routing.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

final class CallerAliasesTest {
    private static final RegionId WEST = new RegionId("eu-west");
    private static final AccountId DEMO = new AccountId("demo");
    private static final TaskRef PAY = TaskRef.of("demo", "pay");
    private static final TaskRef CHARGE = TaskRef.of("acme", "charge");

    private final FeedFixture west = new FeedFixture(WEST, "log1");

    private static CallerAliasRecord alias(Qualifier version, Map<String, String> parameters) {
        return new CallerAliasRecord(PAY, CHARGE, version, parameters, Optional.empty());
    }

    @Test
    void allThatOneSaysComesBack() {
        for (Qualifier version : List.of(Qualifier.NONE, Qualifier.of(3), Qualifier.of("stable"))) {
            CallerAliasRecord one = alias(version, Map.of("currency", "EUR", "a.b-c_D", ""));
            assertEquals("demo/pay", one.key());
            String json = RecordJson.write(one);
            assertEquals(one, RecordJson.read(RecordKind.CALLER_ALIAS, json));
            assertEquals(json, RecordJson.write(RecordJson.read(RecordKind.CALLER_ALIAS, json)));
        }
    }

    @Test
    void whatIsSecretOfOneIsKeptApart() {
        SecretBundle bundle = new SecretBundle("0".repeat(32), Set.of("api.key", "b"));
        CallerAliasRecord one =
                new CallerAliasRecord(
                        PAY, CHARGE, Qualifier.NONE, Map.of("a", ""), Optional.of(bundle));
        assertEquals(one, RecordJson.read(RecordKind.CALLER_ALIAS, RecordJson.write(one)));
        SecretBundle.Key key = new SecretBundle.Key(PAY, bundle.id());
        assertEquals(Optional.of(key), one.secretKey());
        Catalog catalog =
                Catalog.EMPTY.with(
                        List.of(west.write(FeedFixture.account("demo", WEST)), west.write(one)));
        assertEquals(List.of(key), catalog.callerSecrets(DEMO).toList());
        for (Map<String, String> open : List.of(Map.of("b", ""), many(31))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () ->
                            new CallerAliasRecord(
                                    PAY, CHARGE, Qualifier.NONE, open, Optional.of(bundle)));
        }
        SecretBundle bad = new SecretBundle("0".repeat(32), Set.of("a b"));
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new CallerAliasRecord(
                                PAY, CHARGE, Qualifier.NONE, Map.of(), Optional.of(bad)));
    }

    private static Map<String, String> many(int count) {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < count; i++) {
            many.put("p" + i, "");
        }
        return many;
    }

    @Test
    void anAccountHasThoseThatWereWrittenLast() {
        CallerAliasRecord first = alias(Qualifier.NONE, Map.of());
        CallerAliasRecord second = alias(Qualifier.of(2), Map.of("a", "b"));
        Catalog one =
                Catalog.EMPTY.with(
                        List.of(
                                west.write(FeedFixture.account("demo", WEST)),
                                west.write(first),
                                west.write(second)));
        assertEquals(List.of(new Stamped<>(second, 3)), one.callerAliases(DEMO));
        assertEquals(Optional.of(new Stamped<>(second, 3)), one.callerAlias(PAY));
        assertEquals(Optional.empty(), one.callerAlias(CHARGE));
        assertEquals(0, one.taskCount(DEMO), "it is no task");
        assertTrue(one.takeover(DEMO, WEST).written().contains(second));
        Catalog with =
                one.with(
                        List.of(
                                west.write(FeedFixture.version("demo", "hello", 1)),
                                west.write(FeedFixture.task("demo", "hello", 1, 1))));
        assertEquals(one.callerAliases(DEMO), with.callerAliases(DEMO), "whatever else is written");
        Catalog none = with.with(List.of(west.delete(second)));
        assertEquals(List.of(), none.callerAliases(DEMO));
        Catalog odd = none.with(List.of(west.write("caller-alias", "demo", FeedRecord.DELETED)));
        assertEquals(1, odd.notUnderstood());
    }

    @Test
    void whereAnAccountGoesItsAliasesGo() {
        FeedFixture east = new FeedFixture(FeedFixture.EAST, "log2");
        CallerAliasRecord here = alias(Qualifier.NONE, Map.of());
        CallerAliasRecord old =
                new CallerAliasRecord(
                        TaskRef.of("demo", "old"),
                        CHARGE,
                        Qualifier.NONE,
                        Map.of(),
                        Optional.of(new SecretBundle("0".repeat(32), Set.of("key"))));
        VersionRecord other = FeedFixture.version("demo", "hello", 1);
        Catalog both =
                Catalog.EMPTY.with(
                        List.of(
                                west.write(FeedFixture.account("demo", WEST)),
                                west.write(here),
                                east.write(old),
                                east.write(other)));
        assertEquals(0, both.callerSecrets(DEMO).count(), "who is not its home has no say");
        assertEquals(0, both.allVersions().count(), "who is not its home has no say");
        Takeover next = both.takeover(DEMO, FeedFixture.EAST);
        assertTrue(next.written().contains(here), next::toString);
        assertEquals(
                List.of(
                        new Takeover.Deleted(RecordKind.CALLER_ALIAS, "demo/old"),
                        new Takeover.Deleted(RecordKind.VERSION, other.key())),
                next.deleted());
    }

    @Test
    void everyKindGoesThroughTheFeed() {
        for (RecordKind kind : RecordKind.values()) {
            FeedRecord record = west.write(kind.label(), "demo/x", FeedRecord.DELETED);
            FeedRecord come = FeedJson.read(FeedJson.write(record));
            assertEquals(record, come);
            assertEquals(Optional.of(kind), come.knownKind());
        }
    }

    @Test
    void whatNoneCanBeIsRefused() {
        Map<String, String> many = many(CallerAliasRecord.MOST_PARAMETERS + 1);
        for (Map<String, String> bad :
                List.of(
                        many,
                        Map.of("", "a"),
                        Map.of("a b", "a"),
                        Map.of("a".repeat(65), ""),
                        Map.of("a", "b".repeat(1_025)),
                        Map.of("a", "line\nbreak"),
                        Map.of("a", "\ud800"))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> alias(Qualifier.NONE, bad),
                    bad::toString);
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> new CallerAliasRecord(PAY, PAY, Qualifier.NONE, Map.of(), Optional.empty()));
        many.remove("p0");
        assertEquals(
                CallerAliasRecord.MOST_PARAMETERS, alias(Qualifier.NONE, many).parameters().size());
    }
}
