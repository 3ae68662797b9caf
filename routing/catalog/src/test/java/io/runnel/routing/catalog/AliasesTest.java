package io.runnel.routing.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

final class AliasesTest {
    private static final RegionId WEST = new RegionId("eu-west");
    private static final TaskRef HELLO = TaskRef.of("demo", "hello");
    private static final AliasRecord STABLE =
            new AliasRecord(HELLO, "stable", 1, Optional.empty(), Optional.empty());
    private static final AliasRecord WHOLE =
            new AliasRecord(
                    HELLO,
                    "live",
                    7,
                    Optional.of(new Canary(8, 50, Optional.of("X-User"))),
                    Optional.of(new RolledBack(6, Instant.ofEpochMilli(5), "3 of 4 failed")));

    private final FeedFixture west = new FeedFixture(WEST, "log1");

    @Test
    void allThatAnAliasSaysComesBack() {
        assertEquals("demo/hello@live", WHOLE.key());
        for (AliasRecord alias : List.of(STABLE, WHOLE)) {
            assertEquals(alias, RecordJson.read(RecordKind.ALIAS, RecordJson.write(alias)));
        }
        String json = RecordJson.write(WHOLE);
        for (String[] wrong :
                new String[][] {
                    {"\"live\"", "\"7\""},
                    {"\"version\":7", "\"version\":0"},
                    {"\"version\":7", "\"version\":8"},
                    {"\"permille\":50", "\"permille\":0"},
                    {"\"permille\":50", "\"permille\":1000"},
                    {"\"X-User\"", "\"X User\""},
                    {"\"version\":6", "\"version\":-6"},
                    {"3 of 4 failed", "x".repeat(501)}
                }) {
            String changed = json.replace(wrong[0], wrong[1]);
            assertTrue(!changed.equals(json), wrong[0]);
            assertThrows(
                    CatalogException.class,
                    () -> RecordJson.read(RecordKind.ALIAS, changed),
                    changed);
        }
    }

    @Test
    void aTaskHasThoseThatWereWrittenLast() {
        Catalog one =
                Catalog.EMPTY.with(
                        List.of(
                                west.write(FeedFixture.account("demo", WEST)),
                                west.write(FeedFixture.version("demo", "hello", 1)),
                                west.write(FeedFixture.task("demo", "hello", 1, 1)),
                                west.write(STABLE),
                                west.write(WHOLE)));
        assertEquals(
                List.of(new Stamped<>(WHOLE, 5), new Stamped<>(STABLE, 4)), one.aliases(HELLO));
        assertEquals(2, one.standing(HELLO).orElseThrow().aliases().size());
        Catalog two = one.with(List.of(west.delete(WHOLE)));
        assertEquals(List.of(new Stamped<>(STABLE, 4)), two.aliases(HELLO));
        assertEquals(Optional.empty(), two.alias(HELLO, "live"));
        Catalog odd =
                two.with(
                        List.of(
                                west.write("alias", "demo/hello", FeedRecord.DELETED),
                                west.write("alias", "demo/hello@x", RecordJson.write(STABLE))));
        assertEquals(two.aliases(HELLO), odd.aliases(HELLO));
        assertEquals(2, odd.notUnderstood());
        assertTrue(one.takeover(STABLE.task().account(), WEST).written().contains(STABLE));
        assertTrue(
                two.takeover(STABLE.task().account(), WEST).written().stream()
                        .noneMatch(WHOLE::equals));
    }

    /** Whoever takes a grant of an alias for one of the whole task lets in who should not be. */
    @Test
    void aGrantOfAnAliasIsNothingToWhoKnowsNoAliases() {
        GrantRecord grant =
                new GrantRecord(
                        HELLO,
                        Grantee.EVERY_ACCOUNT,
                        "a",
                        Qualifier.of("stable"),
                        GrantRecord.Effect.ALLOW,
                        false,
                        GrantRecord.Placement.CALLER,
                        GrantTerms.NONE);
        String json = RecordJson.write(grant);
        assertEquals(grant, RecordJson.read(RecordKind.GRANT, json));
        String asRead = json.replace("\"alias\":\"stable\",", "");
        assertThrows(
                CatalogException.class, () -> RecordJson.read(RecordKind.GRANT, asRead), asRead);
    }

    @Test
    void aCanaryGetsItsShareAndWhoIsInStaysIn() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Canary small = new Canary(8, 50, Optional.empty());
        Canary large = new Canary(8, 300, Optional.empty());
        int few = 0;
        int more = 0;
        int elsewhere = 0;
        int calls = 40_000;
        for (int i = 0; i < calls; i++) {
            String key = "user-" + random.nextLong();
            boolean taken = small.takes("demo/hello@live", key);
            assertEquals(taken, small.takes("demo/hello@live", key));
            assertTrue(!taken || large.takes("demo/hello@live", key), "seed " + seed);
            few += taken ? 1 : 0;
            more += large.takes("demo/hello@live", key) ? 1 : 0;
            elsewhere += taken && small.takes("demo/other@live", key) ? 1 : 0;
        }
        // Six standard deviations, so that no seed will fail.
        assertEquals(0.05, (double) few / calls, 6 * Math.sqrt(0.05 * 0.95 / calls), "" + seed);
        assertEquals(0.3, (double) more / calls, 6 * Math.sqrt(0.3 * 0.7 / calls), "" + seed);
        assertEquals(0.0025, (double) elsewhere / calls, 0.0016, "not the same users: " + seed);
    }

    @Test
    void keysThatFollowEachOtherAreSpread() {
        Canary canary = new Canary(8, 100, Optional.empty());
        int taken = 0;
        for (int i = 0; i < 10_000; i++) {
            taken += canary.takes("demo/hello@live", Integer.toString(i)) ? 1 : 0;
        }
        assertEquals(1000, taken, 180);
    }
}
