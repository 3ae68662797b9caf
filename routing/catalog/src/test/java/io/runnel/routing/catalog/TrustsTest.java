package io.runnel.routing.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

final class TrustsTest {
    private static final RegionId WEST = new RegionId("eu-west");
    private static final AccountId DEMO = new AccountId("demo");
    private static final TrustRecord CI =
            new TrustRecord(
                    DEMO,
                    "ci",
                    "https://issuer.example/a",
                    "runnel",
                    Map.of("sub", "repo:acme/*", "ref", "main"),
                    new KeyRights(Set.of(KeyScope.DEPLOY), List.of("demo/*"), Optional.empty()),
                    Duration.ofMinutes(5),
                    Optional.of("{\"keys\":[]}"));

    private final FeedFixture west = new FeedFixture(WEST, "log1");

    @Test
    void allThatATrustSaysComesBack() {
        assertEquals("demo/ci", CI.key());
        String json = RecordJson.write(CI);
        assertEquals(CI, RecordJson.read(RecordKind.TRUST, json));
        assertEquals(json, RecordJson.write(RecordJson.read(RecordKind.TRUST, json)));
    }

    @Test
    void aKeyRemembersWhatItWasGivenFor() {
        KeyRecord key =
                new KeyRecord(
                        "RNL" + "A".repeat(17),
                        DEMO,
                        "0a".repeat(32),
                        new KeyRights(
                                Set.of(KeyScope.INVOKE),
                                List.of(),
                                Optional.of(Instant.ofEpochMilli(7))),
                        Optional.of("ci"));
        assertEquals(key, RecordJson.read(RecordKind.KEY, RecordJson.write(key)));
        KeyRecord plain = FeedFixture.key("demo", 'A');
        assertEquals(plain, RecordJson.read(RecordKind.KEY, RecordJson.write(plain)));
        assertFalse(RecordJson.write(plain).contains("trust"));
    }

    @Test
    void anAccountHasThoseThatWereWrittenLast() {
        Catalog one =
                Catalog.EMPTY.with(
                        List.of(west.write(FeedFixture.account("demo", WEST)), west.write(CI)));
        FeedRecord moved =
                new FeedFixture(FeedFixture.EAST, "log2")
                        .write(FeedFixture.account("demo", FeedFixture.EAST));
        assertEquals(1, one.accountCount());
        assertEquals(1, one.with(List.of(moved)).accountCount(), "two regions speak of it");
        assertEquals(List.of(new Stamped<>(CI, 2)), one.trusts(DEMO));
        assertEquals(Optional.of(new Stamped<>(CI, 2)), one.trust(DEMO, "ci"));
        assertTrue(one.takeover(DEMO, WEST).written().contains(CI));
        Catalog with =
                one.with(
                        List.of(
                                west.write(FeedFixture.version("demo", "hello", 1)),
                                west.write(FeedFixture.task("demo", "hello", 1, 1))));
        assertEquals(one.trusts(DEMO), with.trusts(DEMO), "whatever else is written of it");
        Catalog none = with.with(List.of(west.delete(CI)));
        assertEquals(List.of(), none.trusts(DEMO));
        Catalog odd = none.with(List.of(west.write("trust", "demo", FeedRecord.DELETED)));
        assertEquals(1, odd.notUnderstood());
    }

    @Test
    void aClaimIsAValueOrHowItBegins() {
        assertTrue(TrustRecord.matches("main", "main"));
        assertFalse(TrustRecord.matches("main", "main2"));
        assertTrue(TrustRecord.matches("repo:acme/*", "repo:acme/site"));
        assertFalse(TrustRecord.matches("repo:acme/*", "repo:acmes/site"));
        assertFalse(TrustRecord.matches("repo:acme/*", "a:repo:acme/site"));
        assertFalse(TrustRecord.matches("main", ""));
    }
}
