package io.runnel.routing.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AgreementRecord;
import io.runnel.routing.catalog.CallRate;
import io.runnel.routing.catalog.Contacts;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.GrantRecord.Effect;
import io.runnel.routing.catalog.GrantRecord.Placement;
import io.runnel.routing.catalog.GrantTerms;
import io.runnel.routing.catalog.Grantee;
import io.runnel.routing.catalog.KeyRights;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.placement.AccessDecision.Allowed;
import io.runnel.routing.placement.AccessDecision.Denied;
import io.runnel.routing.placement.AccessDecision.Why;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Grants for who agrees to something, and those by which calls run in some regions only. */
class GrantLimitsTest {
    private static final TaskRef CHARGE = TaskRef.of("acme", "charge");
    private static final RegionId WEST = new RegionId("eu-west");
    private static final RegionId EAST = new RegionId("us-east");
    private static final AccountId BETA = new AccountId("beta");

    private final CatalogOf catalog =
            new CatalogOf("eu-west")
                    .account("acme")
                    .account("beta")
                    .key("acme", KeyRights.ALL)
                    .key("beta", KeyRights.ALL)
                    .task(CHARGE, false, Optional.empty());
    private final Access access = new Access(0);

    private AccessDecision call(String account) {
        return access.decide(
                catalog.catalog(),
                Contacts.NONE.with(catalog.home, 0),
                0,
                new Proof.Proved(
                        new Caller.Keyed(new AccountId(account), CatalogOf.keyOf(account))),
                new AccessRequest(CHARGE, Qualifier.NONE, "GET", "192.0.2.7", 0, header -> ""));
    }

    private Allowed allowed() {
        return assertInstanceOf(Allowed.class, call("beta"));
    }

    private GrantRecord grant(String id, GrantTerms terms) {
        return new GrantRecord(
                CHARGE,
                Grantee.EVERY_ACCOUNT,
                id,
                Qualifier.NONE,
                Effect.ALLOW,
                false,
                Placement.CALLER,
                terms);
    }

    @Test
    void whoHasAgreedToExactlyWhatIsAskedForMayCall() {
        catalog.add(grant("asks", GrantTerms.NONE.asking("terms 2")));
        Denied denied = new Denied(Why.NOT_AGREED);
        assertEquals(denied, call("beta"));
        catalog.add(new AgreementRecord(BETA, CHARGE, "terms 1"));
        assertEquals(denied, call("beta"));
        catalog.add(new AgreementRecord(BETA, TaskRef.of("acme", "other"), "terms 2"));
        assertEquals(denied, call("beta"));
        catalog.add(new AgreementRecord(BETA, CHARGE, "terms 2"));
        assertEquals("asks", allowed().grant().orElseThrow().id());
        catalog.add(grant("asks", GrantTerms.NONE.asking("terms 3")));
        assertEquals(denied, call("beta"));
        assertInstanceOf(Allowed.class, call("acme"), "the owner is asked for nothing");
        catalog.add(grant("free", GrantTerms.NONE));
        assertEquals("free", allowed().grant().orElseThrow().id());
    }

    @Test
    void whoseTermsAreNotMetIsNotToldToAgree() {
        GrantTerms past =
                new GrantTerms(
                        Optional.empty(),
                        Optional.of(Instant.EPOCH),
                        List.of(),
                        List.of(),
                        Optional.empty());
        catalog.add(grant("past", past.asking("terms")));
        assertEquals(new Denied(Why.TERMS), call("beta"));
    }

    @Test
    void aCallRunsWhereItsGrantLetsItAndNobodyElses() {
        catalog.add(grant("west", GrantTerms.NONE.within(List.of(WEST))));
        assertEquals(List.of(WEST), allowed().version().regions());
        Allowed owner = assertInstanceOf(Allowed.class, call("acme"));
        assertEquals(List.of(), owner.version().regions());
    }

    @Test
    void aCallThatCouldRunNowhereIsDenied() {
        VersionRecord first = catalog.catalog().version(CHARGE, 1).orElseThrow();
        catalog.add(
                new VersionRecord(first.task(), ByteSize.ofKiB(1), List.of(EAST), Instant.EPOCH));
        catalog.add(grant("west", GrantTerms.NONE.within(List.of(WEST))));
        assertEquals(new Denied(Why.TERMS), call("beta"));
        catalog.add(grant("west", GrantTerms.NONE.within(List.of(WEST, EAST))));
        assertEquals(List.of(EAST), allowed().version().regions());
    }

    @Test
    void ofSeveralGrantsThatAllowOneThatLimitsNothingIsTaken() {
        catalog.add(grant("rate", GrantTerms.NONE.atMost(new CallRate(1, 1))));
        catalog.add(grant("west", GrantTerms.NONE.within(List.of(WEST))));
        assertEquals("rate", allowed().grant().orElseThrow().id());
        catalog.add(grant("free", GrantTerms.NONE));
        assertEquals("free", allowed().grant().orElseThrow().id());
    }
}
