package io.runnel.routing.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What accounts agree to, and the terms that ask for it or say how calls run. */
class AgreementsTest {
    private static final RegionId WEST = new RegionId("eu-west");
    private static final AccountId DEMO = new AccountId("demo");
    private static final TaskRef CHARGE = TaskRef.of("acme", "charge");
    private static final String TEXT = "https://acme.example/terms/1, all of it";

    private final FeedFixture west = new FeedFixture(WEST, "log1");

    private static AgreementRecord agreement(String account, String text) {
        return new AgreementRecord(new AccountId(account), CHARGE, text);
    }

    @Test
    void anAccountHasAgreedToWhatWasWrittenLast() {
        Catalog one =
                Catalog.EMPTY.with(
                        List.of(
                                west.write(FeedFixture.account("demo", WEST)),
                                west.write(FeedFixture.account("beta", WEST)),
                                west.write(agreement("demo", "first")),
                                west.write(agreement("beta", TEXT)),
                                west.write(agreement("demo", TEXT))));
        var held = new Stamped<>(agreement("demo", TEXT), 5);
        assertEquals(Optional.of(held), one.agreement(DEMO, CHARGE));
        assertEquals(List.of(held), one.agreements(DEMO));
        assertEquals(Optional.empty(), one.agreement(DEMO, TaskRef.of("acme", "other")));
        assertEquals(
                List.of("beta", "demo"),
                one.agreementsTo(CHARGE).map(who -> who.account().value()).sorted().toList());
        Catalog with = one.with(List.of(west.write(FeedFixture.version("demo", "hello", 1))));
        assertEquals(List.of(held), with.agreements(DEMO), "whatever else is written");
        Catalog none = with.with(List.of(west.delete(agreement("demo", TEXT))));
        assertEquals(List.of(), none.agreements(DEMO));
        assertEquals(1, none.agreementsTo(CHARGE).count());
        for (String odd : List.of("demo", "demo/acme", "//")) {
            none = none.with(List.of(west.write("agreement", odd, FeedRecord.DELETED)));
        }
        assertEquals(3, none.notUnderstood());
    }

    @Test
    void whereAnAccountGoesItsAgreementsGo() {
        FeedFixture east = new FeedFixture(FeedFixture.EAST, "log2");
        AgreementRecord old = new AgreementRecord(DEMO, TaskRef.of("acme", "old"), TEXT);
        Catalog both =
                Catalog.EMPTY.with(
                        List.of(
                                west.write(FeedFixture.account("demo", WEST)),
                                west.write(agreement("demo", TEXT)),
                                east.write(old)));
        assertEquals(0, both.agreementsTo(old.task()).count(), "who is not its home has no say");
        Takeover next = both.takeover(DEMO, FeedFixture.EAST);
        assertTrue(next.written().contains(agreement("demo", TEXT)), next::toString);
        assertEquals(
                List.of(new Takeover.Deleted(RecordKind.AGREEMENT, "demo/acme/old")),
                next.deleted());
    }

    @Test
    void whatOneSaysComesBackAndWhatIsNoneIsRefused() {
        AgreementRecord one = agreement("demo", TEXT);
        assertEquals(one, RecordJson.read(RecordKind.AGREEMENT, RecordJson.write(one)));
        assertEquals("x".repeat(512), agreement("demo", "x".repeat(512)).text());
        assertEquals("x", agreement("demo", "x").text());
        for (String bad : List.of("", " ", "a ", " a", "a\nb", "\u00e4", "x".repeat(513), "\0")) {
            assertThrows(IllegalArgumentException.class, () -> agreement("demo", bad), bad);
        }
        assertThrows(IllegalArgumentException.class, () -> agreement("acme", TEXT));
    }

    private static GrantRecord grant(Qualifier only, GrantRecord.Effect effect, GrantTerms terms) {
        return new GrantRecord(
                CHARGE,
                Grantee.EVERY_ACCOUNT,
                "default",
                only,
                effect,
                false,
                GrantRecord.Placement.CALLER,
                terms);
    }

    /** Whoever does not know them must not take the grant for one without. */
    @Test
    void termsThatSayHowCallsRunComeBackAndHideTheGrantFromWhoKnowsNone() {
        GrantTerms within = GrantTerms.NONE.within(List.of(WEST, FeedFixture.EAST));
        GrantTerms rate = GrantTerms.NONE.atMost(new CallRate(3, 7));
        GrantTerms asking = GrantTerms.NONE.asking(TEXT);
        GrantTerms all = within.atMost(new CallRate(CallRate.MOST, 1)).asking("x");
        for (GrantTerms terms : List.of(within, rate, asking, all)) {
            for (Qualifier only : List.of(Qualifier.NONE, Qualifier.of(3), Qualifier.of("live"))) {
                GrantRecord one = grant(only, GrantRecord.Effect.ALLOW, terms);
                String json = RecordJson.write(one);
                assertEquals(one, RecordJson.read(RecordKind.GRANT, json));
                assertTrue(json.contains("\"version\":-1"), json);
                assertThrows(
                        IllegalArgumentException.class,
                        () -> grant(only, GrantRecord.Effect.DENY, terms));
            }
        }
    }

    @Test
    void termsThatNoneCanBeAreRefused() {
        for (int[] bad : new int[][] {{0, 1}, {1, 0}, {-1, 1}, {1, CallRate.MOST + 1}}) {
            assertThrows(IllegalArgumentException.class, () -> new CallRate(bad[0], bad[1]));
        }
        assertThrows(IllegalArgumentException.class, () -> GrantTerms.NONE.asking("a\tb"));
        List<RegionId> many =
                IntStream.rangeClosed(0, GrantTerms.MOST_EACH)
                        .mapToObj(i -> new RegionId("r" + i))
                        .toList();
        assertThrows(IllegalArgumentException.class, () -> GrantTerms.NONE.within(many));
    }

    @Test
    void aVersionIsBoundToWhatBothSay() {
        VersionRecord any = FeedFixture.version("acme", "charge", 1);
        VersionRecord free =
                new VersionRecord(any.task(), any.codeSize(), List.of(), any.created());
        VersionRecord bound =
                new VersionRecord(
                        free.task(),
                        free.codeSize(),
                        List.of(WEST, new RegionId("ap")),
                        free.created());
        List<RegionId> both = List.of(FeedFixture.EAST, WEST);
        assertEquals(both, free.within(both).orElseThrow().regions());
        assertEquals(List.of(WEST), bound.within(both).orElseThrow().regions());
        assertEquals(Optional.empty(), bound.within(List.of(FeedFixture.EAST)));
        assertEquals(Optional.of(bound), bound.within(List.of()));
    }
}
