package io.runnel.routing.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.CredentialFlaw;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Contacts;
import io.runnel.routing.catalog.KeyRights;
import io.runnel.routing.placement.AccessDecision.Allowed;
import io.runnel.routing.placement.AccessDecision.NotFound;
import io.runnel.routing.placement.AccessDecision.TooStale;
import io.runnel.routing.placement.AccessDecision.Unauthenticated;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;

class AccessTest {
    private static final TaskRef OPEN = TaskRef.of("demo", "open");
    private static final TaskRef OPEN_BRIEFLY = TaskRef.of("demo", "open-briefly");
    private static final TaskRef CLOSED = TaskRef.of("demo", "closed");
    private static final Proof NOBODY = new Proof.Proved(Caller.ANONYMOUS);
    private static final Proof OWNER = keyed("demo");
    private static final Proof STRANGER = keyed("other");
    private static final Proof BAD = new Proof.Bad(CredentialFlaw.UNKNOWN);

    private static final CatalogOf CATALOG =
            new CatalogOf("eu-west")
                    .account("demo")
                    .account("other")
                    .key("demo", KeyRights.ALL)
                    .key("other", KeyRights.ALL)
                    .task(OPEN, true, Optional.empty())
                    .task(OPEN_BRIEFLY, true, Optional.of(Duration.ofSeconds(30)))
                    .task(CLOSED, false, Optional.empty());

    /** Contacts are counted on a clock that passes through the end of its range. */
    private static final long CONTACT = Long.MAX_VALUE - 1_000_000_000L;

    private static final Access ACCESS = new Access(CONTACT);

    private static AccessDecision decide(Proof proof, TaskRef ref, long secondsSinceContact) {
        return ACCESS.decide(
                CATALOG.catalog(),
                Contacts.NONE.with(CATALOG.home, CONTACT),
                CONTACT + Duration.ofSeconds(secondsSinceContact).toNanos(),
                proof,
                get(ref));
    }

    private static AccessRequest get(TaskRef ref) {
        return new AccessRequest(ref, Qualifier.NONE, "GET", "127.0.0.1", 0, header -> "");
    }

    @Test
    void whatIsNotTheirsAndWhatIsNotThereLookAlike() {
        for (Proof proof : new Proof[] {NOBODY, STRANGER}) {
            assertEquals(new NotFound(), decide(proof, CLOSED, 0));
            assertEquals(new NotFound(), decide(proof, CLOSED, 1000));
            assertEquals(new NotFound(), decide(proof, TaskRef.of("demo", "absent"), 0));
            assertEquals(new NotFound(), decide(proof, TaskRef.of("absent", "closed"), 0));
        }
    }

    @Test
    void badCredentialsAreSaidSoWhateverTheyWereFor() {
        assertEquals(new Unauthenticated(), decide(BAD, OPEN, 0));
        assertEquals(new Unauthenticated(), decide(BAD, CLOSED, 0));
        assertEquals(new Unauthenticated(), decide(BAD, TaskRef.of("absent", "absent"), 0));
    }

    @Test
    void anOwnerMayCallItsOwnAndEveryoneWhatIsForEveryone() {
        var allowed = assertInstanceOf(Allowed.class, decide(OWNER, CLOSED, 0));
        assertEquals(CLOSED, allowed.version().task().ref());
        assertEquals(
                new Caller.Keyed(new AccountId("demo"), CatalogOf.keyOf("demo")), allowed.caller());
        assertEquals(Optional.empty(), allowed.stale());
        assertInstanceOf(Allowed.class, decide(NOBODY, OPEN, 0));
        assertInstanceOf(Allowed.class, decide(STRANGER, OPEN, 0));
    }

    @Test
    void whatAnOwnerHasCalledIsItsOwnAndNobodysKeyCounts() {
        Proof byOwner = new Proof.Owner();
        assertEquals(Caller.ANONYMOUS, allowed(byOwner, CLOSED, 0).caller());
        assertEquals(new NotFound(), decide(byOwner, TaskRef.of("demo", "absent"), 0));
        assertEquals(new TooStale(), decide(byOwner, CLOSED, 301));
    }

    @Test
    void aTaskForEveryoneIsServedHoweverStaleAndSaysSo() {
        assertEquals(Optional.empty(), allowed(NOBODY, OPEN, 5).stale());
        assertEquals(Optional.of(Duration.ofSeconds(6)), allowed(NOBODY, OPEN, 6).stale());
        assertEquals(Optional.of(Duration.ofDays(30)), allowed(NOBODY, OPEN, 30 * 86_400).stale());
    }

    @Test
    void aLimitOfStalenessHoldsForEveryone() {
        assertInstanceOf(Allowed.class, decide(NOBODY, OPEN_BRIEFLY, 30));
        assertEquals(new TooStale(), decide(NOBODY, OPEN_BRIEFLY, 31));
        assertEquals(new TooStale(), decide(OWNER, OPEN_BRIEFLY, 31));
    }

    @Test
    void aPrivateTaskIsServedForFiveMinutes() {
        assertInstanceOf(Allowed.class, decide(OWNER, CLOSED, 300));
        assertEquals(new TooStale(), decide(OWNER, CLOSED, 301));
    }

    @Test
    void aNodeThatNobodyConfirmedServesOnlyWhatIsForEveryoneWithoutLimit() {
        assertEquals(new TooStale(), never(OWNER, CLOSED));
        assertEquals(new TooStale(), never(NOBODY, OPEN_BRIEFLY));
        var open = assertInstanceOf(Allowed.class, never(NOBODY, OPEN));
        assertEquals(Optional.of(Duration.ofSeconds(2)), open.stale());
    }

    private static AccessDecision never(Proof proof, TaskRef ref) {
        long now = CONTACT + Duration.ofSeconds(2).toNanos();
        return ACCESS.decide(CATALOG.catalog(), Contacts.NONE, now, proof, get(ref));
    }

    private static Allowed allowed(Proof proof, TaskRef ref, long seconds) {
        return assertInstanceOf(Allowed.class, decide(proof, ref, seconds));
    }

    private static Proof keyed(String account) {
        return new Proof.Proved(new Caller.Keyed(new AccountId(account), CatalogOf.keyOf(account)));
    }

    @Test
    void aNodeThatWasStartedAgainSaysHowOldItReallyIs() {
        long startedNanos = CONTACT + Duration.ofMinutes(10).toNanos();
        Access again = new Access(startedNanos, Contacts.NONE.with(CATALOG.home, CONTACT));
        long nowNanos = startedNanos + Duration.ofSeconds(2).toNanos();
        Allowed open =
                assertInstanceOf(
                        Allowed.class,
                        again.decide(
                                CATALOG.catalog(), Contacts.NONE, nowNanos, NOBODY, get(OPEN)));
        assertEquals(Optional.of(Duration.ofSeconds(602)), open.stale());
        assertEquals(
                new TooStale(),
                again.decide(CATALOG.catalog(), Contacts.NONE, nowNanos, OWNER, get(CLOSED)));
    }
}
