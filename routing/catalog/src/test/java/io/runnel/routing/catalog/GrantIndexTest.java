package io.runnel.routing.catalog;

import static io.runnel.routing.catalog.FeedFixture.WEST;
import static io.runnel.routing.catalog.FeedFixture.account;
import static io.runnel.routing.catalog.FeedFixture.grant;
import static io.runnel.routing.catalog.FeedFixture.key;
import static io.runnel.routing.catalog.FeedFixture.task;
import static io.runnel.routing.catalog.FeedFixture.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Grants, keys' rights and accounts' states: in a catalog, and as JSON. */
class GrantIndexTest {
    private static final TaskRef HELLO = TaskRef.of("demo", "hello");

    private final FeedFixture west = new FeedFixture(WEST, "WESTLOG");

    private static Set<String> ids(List<Stamped<GrantRecord>> grants) {
        return grants.stream().map(one -> one.value().id()).collect(Collectors.toSet());
    }

    /** Against a map that a loop keeps. */
    @Test
    void aCatalogHoldsWhatItsLogSaysOfGrants() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        TreeMap<String, GrantRecord> expected = new TreeMap<>();
        Catalog catalog = Catalog.EMPTY.with(List.of(west.write(account("demo", WEST))));
        for (int round = 0; round < 60; round++) {
            List<FeedRecord> batch = new ArrayList<>();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                GrantRecord one =
                        grant(
                                "demo",
                                random.nextBoolean() ? "hello" : "other",
                                List.of("*", "beta", "gamma").get(random.nextInt(3)),
                                "g" + random.nextInt(3));
                if (random.nextInt(4) == 0) {
                    expected.remove(one.key());
                    batch.add(west.delete(one));
                } else {
                    GrantRecord said = random.nextBoolean() ? one : one.asRevoked();
                    expected.put(said.key(), said);
                    batch.add(west.write(said));
                }
            }
            Catalog before = catalog;
            List<Stamped<GrantRecord>> was = before.grants(HELLO).toList();
            catalog = catalog.with(batch);
            assertEquals(was, before.grants(HELLO).toList(), "seed " + seed);
            for (String name : List.of("hello", "other")) {
                TaskRef task = TaskRef.of("demo", name);
                List<GrantRecord> all =
                        expected.values().stream().filter(g -> g.task().equals(task)).toList();
                assertEquals(
                        all,
                        catalog.grants(task).map(Stamped::value).toList(),
                        "seed " + seed + " round " + round);
                assertEquals(all.size(), catalog.grantCount(task), "seed " + seed);
            }
        }
    }

    @Test
    void whatIsForOneIsFoundByHim() {
        Catalog catalog =
                Catalog.EMPTY.with(
                        List.of(
                                west.write(account("demo", WEST)),
                                west.write(version("demo", "hello", 1)),
                                west.write(task("demo", "hello", 1, 1)),
                                west.write(grant("demo", "hello", "beta", "a")),
                                west.write(grant("demo", "hello", "beta", "b")),
                                west.write(grant("demo", "hello", "*", "c")),
                                west.write(grant("demo", "other", "beta", "d"))));
        assertEquals(
                Set.of("a", "b"), ids(catalog.grants(HELLO, Grantee.of(new AccountId("beta")))));
        assertEquals(Set.of("c"), ids(catalog.grants(HELLO, Grantee.EVERY_ACCOUNT)));
        assertEquals(Set.of(), ids(catalog.grants(HELLO, Grantee.of(new AccountId("gamma")))));
        assertEquals(
                Set.of("a", "b", "d"),
                catalog.grantsTo(Grantee.of(new AccountId("beta")))
                        .map(GrantRecord::id)
                        .collect(Collectors.toSet()));
    }

    @Test
    void aKeyOfTheLogThatIsNoGrantsIsPassedOver() {
        Catalog catalog = Catalog.EMPTY.with(List.of(west.write(account("demo", WEST))));
        for (String bad :
                List.of("demo", "demo/hello", "demo/hello/beta", "demo/hello/Beta/x", "//*/x")) {
            catalog = catalog.with(List.of(west.write("grant", bad, FeedRecord.DELETED)));
        }
        String json = RecordJson.write(grant("demo", "hello", "beta", "a"));
        catalog = catalog.with(List.of(west.write("grant", "demo/hello/beta/b", json)));
        assertEquals(0, catalog.grantCount(HELLO), "its key is another's");
        assertEquals(6, catalog.notUnderstood());
    }

    @Test
    void allThatAGrantSaysComesBack() {
        GrantRecord whole =
                new GrantRecord(
                        HELLO,
                        Grantee.EVERY_ACCOUNT,
                        "All_of-it",
                        Qualifier.of(3),
                        GrantRecord.Effect.DENY,
                        true,
                        GrantRecord.Placement.OWNER,
                        new GrantTerms(
                                Optional.of(Instant.ofEpochMilli(1)),
                                Optional.of(Instant.ofEpochMilli(2)),
                                List.of("GET"),
                                List.of(AddressBlock.parse("10.0.0.0/8")),
                                Optional.of(Duration.ofSeconds(9))));
        String json = RecordJson.write(whole);
        assertEquals(whole, RecordJson.read(RecordKind.GRANT, json));
        assertEquals("demo/hello/*/All_of-it", whole.key());
        GrantRecord plain = grant("demo", "hello", "beta", "a");
        assertEquals(plain, RecordJson.read(RecordKind.GRANT, RecordJson.write(plain)));
        for (String[] wrong :
                new String[][] {
                    {"\"deny\"", "\"maybe\""},
                    {"\"owner\"", "\"nobody\""},
                    {"\"*\"", "\"demo\""},
                    {"\"*\"", "\"De mo\""},
                    {"All_of-it", "all of it"},
                    {"\"GET\"", "\"get\""},
                    {"10.0.0.0/8", "10.0.0.1/8"},
                    {"\"untilMs\":2", "\"untilMs\":1"},
                    {"\"version\":3", "\"version\":-3"}
                }) {
            String broken = json.replace(wrong[0], wrong[1]);
            assertFalse(broken.equals(json), wrong[0]);
            assertThrows(
                    CatalogException.class,
                    () -> RecordJson.read(RecordKind.GRANT, broken),
                    () -> broken);
        }
    }

    @Test
    void aKeysRightsComeBackAndOneOfBeforeThereWereAnyMayDoAll() {
        KeyRecord before = key("demo", 'B');
        assertFalse(RecordJson.write(before).contains("scopes"));
        assertEquals(KeyRights.ALL, before.rights());
        KeyRecord limited =
                new KeyRecord(
                        before.id(),
                        before.account(),
                        before.secretSha256(),
                        new KeyRights(
                                Set.of(KeyScope.INVOKE, KeyScope.DEPLOY),
                                List.of("demo/*", "acme/pay-*"),
                                Optional.of(Instant.ofEpochMilli(5))));
        String json = RecordJson.write(limited);
        assertEquals(limited, RecordJson.read(RecordKind.KEY, json));
        assertTrue(json.contains("\"scopes\":[\"invoke\",\"deploy\"]"), json);
        for (String bad : List.of("demo", "/x", "a/b/c", "A/b", "a/*b", "**", "a/b**", "'; --/x")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new KeyRights(Set.of(KeyScope.INVOKE), List.of(bad), Optional.empty()),
                    bad);
        }
    }

    @Test
    void anAccountsStateComesBackAndIsNotSaidWhileItIsActive() {
        AccountRecord active = account("demo", WEST);
        assertFalse(RecordJson.write(active).contains("state"));
        AccountRecord closed = active.with(AccountState.CLOSED);
        assertEquals(closed, RecordJson.read(RecordKind.ACCOUNT, RecordJson.write(closed)));
        assertEquals(AccountState.CLOSED, closed.leavingFor(WEST).movedTo(WEST).state());
        assertEquals(1, closed.epoch());
    }

    @Test
    void anAccountsQuotaComesBackAndGoesWithIt() {
        AccountRecord free = account("demo", WEST);
        assertFalse(RecordJson.write(free).contains("quota"));
        for (AccountQuota quota :
                List.of(
                        new AccountQuota(some(3), OptionalInt.empty(), OptionalInt.empty()),
                        new AccountQuota(OptionalInt.empty(), some(AccountQuota.MOST), some(1)),
                        new AccountQuota(some(1), some(20), OptionalInt.empty()),
                        new AccountQuota(
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                some(AccountQuota.MOST_GB_SECONDS)),
                        new AccountQuota(
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                some(AccountQuota.MOST_CODE_MIB),
                                some(100)))) {
            AccountRecord limited = free.with(quota).usedUpIn(YearMonth.of(2027, 1));
            assertEquals(limited, RecordJson.read(RecordKind.ACCOUNT, RecordJson.write(limited)));
            assertEquals(1, limited.epoch());
            AccountRecord moved =
                    limited.with(AccountState.SUSPENDED)
                            .requiring(limited.requires())
                            .leavingFor(WEST)
                            .movedTo(WEST);
            assertEquals(quota, moved.quota());
            assertEquals(limited.usedUp(), moved.usedUp());
            assertEquals(Optional.empty(), moved.with(quota).usedUp());
        }
        assertEquals(
                Optional.of(new CallRate(20, 20)),
                new AccountQuota(some(1), some(20), OptionalInt.empty()).rate());
        assertEquals(
                Optional.of(new CallRate(20, 3)),
                new AccountQuota(OptionalInt.empty(), some(20), some(3)).rate());
        assertEquals(
                Optional.empty(),
                new AccountQuota(some(1), OptionalInt.empty(), OptionalInt.empty()).rate());
        assertThrows(
                IllegalArgumentException.class,
                () -> new AccountQuota(some(1), OptionalInt.empty(), some(1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> FeedFixture.task("demo", "hello", 1, 1).atMost(some(-1)));
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        FeedFixture.task("demo", "hello", 1, 1)
                                .atMost(some(TaskRecord.MOST_CONCURRENT + 1)));
        for (int bad : new int[] {0, -1, Integer.MIN_VALUE, AccountQuota.MOST + 1}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new AccountQuota(some(bad), OptionalInt.empty(), OptionalInt.empty()));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new AccountQuota(OptionalInt.empty(), some(1), some(bad)));
            assertThrows(
                    CatalogException.class,
                    () ->
                            RecordJson.read(
                                    RecordKind.ACCOUNT,
                                    RecordJson.write(free)
                                            .replace(
                                                    "\"admin\"",
                                                    "\"quota\":{\"perSecond\":%d},\"admin\""
                                                            .formatted(bad))));
        }
    }

    private static OptionalInt some(int limit) {
        return OptionalInt.of(limit);
    }

    @Test
    void aBlockHoldsItsAddressesAndNoOthers() {
        AddressBlock odd = AddressBlock.parse("192.0.2.128/25");
        assertTrue(odd.contains("192.0.2.128"));
        assertTrue(odd.contains("192.0.2.255"));
        assertFalse(odd.contains("192.0.2.127"));
        assertFalse(odd.contains("192.0.3.128"));
        assertFalse(odd.contains("::ffff"));
        assertFalse(odd.contains("192.0.2.128 "));
        assertFalse(odd.contains(""));
        assertTrue(AddressBlock.parse("0.0.0.0/0").contains("203.0.113.9"));
        assertFalse(AddressBlock.parse("0.0.0.0/0").contains("::1"));
        assertTrue(AddressBlock.parse("::/0").contains("::1"));
        assertTrue(AddressBlock.parse("192.0.2.1").contains("192.0.2.1"));
        assertTrue(AddressBlock.parse("192.0.2.1").contains("::ffff:192.0.2.1"), "the same host");
        for (String bad :
                List.of(
                        "",
                        "/",
                        "/8",
                        "example.org/8",
                        "192.0.2.0/33",
                        "192.0.2.0/-1",
                        "192.0.2.0/08888",
                        "192.0.2.1/24",
                        "::/129",
                        "10/8",
                        "1.2.3/24",
                        "::/0/0",
                        "192.0.2.0/ 24",
                        "1".repeat(100))) {
            assertThrows(IllegalArgumentException.class, () -> AddressBlock.parse(bad), bad);
        }
    }
}
