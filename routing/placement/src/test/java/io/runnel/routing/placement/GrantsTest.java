package io.runnel.routing.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AccountState;
import io.runnel.routing.catalog.AddressBlock;
import io.runnel.routing.catalog.Contacts;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.GrantRecord.Effect;
import io.runnel.routing.catalog.GrantRecord.Placement;
import io.runnel.routing.catalog.GrantTerms;
import io.runnel.routing.catalog.Grantee;
import io.runnel.routing.catalog.KeyRights;
import io.runnel.routing.catalog.KeyScope;
import io.runnel.routing.placement.AccessDecision.Allowed;
import io.runnel.routing.placement.AccessDecision.Denied;
import io.runnel.routing.placement.AccessDecision.NotFound;
import io.runnel.routing.placement.AccessDecision.TooStale;
import io.runnel.routing.placement.AccessDecision.Unauthenticated;
import io.runnel.routing.placement.AccessDecision.Why;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What accounts may call of each other's tasks. */
class GrantsTest {
    private static final TaskRef CHARGE = TaskRef.of("acme", "charge");
    private static final TaskRef REFUND = TaskRef.of("acme", "refund");
    private static final long CONTACT = 1_000_000_000L;
    private static final long NOON = Instant.parse("2027-01-31T12:00:00Z").toEpochMilli();

    private final CatalogOf catalog =
            new CatalogOf("eu-west")
                    .account("acme")
                    .account("beta")
                    .account("gamma")
                    .key("acme", KeyRights.ALL)
                    .key("beta", KeyRights.ALL)
                    .key("gamma", KeyRights.ALL)
                    .task(CHARGE, false, Optional.empty())
                    .task(REFUND, false, Optional.empty());

    private final Access access = new Access(CONTACT);
    private Contacts contacts = Contacts.NONE.with(catalog.home, CONTACT);

    private AccessDecision call(String account, TaskRef task) {
        return call(
                account,
                new AccessRequest(task, Qualifier.NONE, "GET", "192.0.2.7", NOON, header -> ""));
    }

    private AccessDecision call(String account, AccessRequest request) {
        return call(account, request, 0);
    }

    private AccessDecision call(String account, AccessRequest request, long secondsSinceContact) {
        return access.decide(
                catalog.catalog(),
                contacts,
                CONTACT + Duration.ofSeconds(secondsSinceContact).toNanos(),
                new Proof.Proved(
                        new Caller.Keyed(new AccountId(account), CatalogOf.keyOf(account))),
                request);
    }

    private GrantRecord grant(Grantee grantee, String id, Effect effect, GrantTerms terms) {
        return new GrantRecord(
                CHARGE, grantee, id, Qualifier.NONE, effect, false, Placement.CALLER, terms);
    }

    private GrantRecord allow(Grantee grantee) {
        return grant(grantee, "default", Effect.ALLOW, GrantTerms.NONE);
    }

    private static Grantee to(String account) {
        return Grantee.of(new AccountId(account));
    }

    @Test
    void aGrantIsForOneTaskAndOneAccount() {
        GrantRecord grant = allow(to("beta"));
        catalog.add(grant);
        Allowed allowed = assertInstanceOf(Allowed.class, call("beta", CHARGE));
        assertEquals(Optional.of(grant), allowed.grant());
        assertEquals(new NotFound(), call("beta", REFUND));
        assertEquals(new NotFound(), call("gamma", CHARGE));
        Allowed owner = assertInstanceOf(Allowed.class, call("acme", CHARGE));
        assertEquals(Optional.empty(), owner.grant());
        assertEquals(
                new NotFound(),
                access.decide(
                        catalog.catalog(),
                        contacts,
                        CONTACT,
                        new Proof.Proved(Caller.ANONYMOUS),
                        new AccessRequest(
                                CHARGE, Qualifier.NONE, "GET", "192.0.2.7", NOON, header -> "")),
                "who shows no key is no account");
    }

    @Test
    void whatIsForEveryAccountIsForEachAndADenialWins() {
        catalog.add(allow(Grantee.EVERY_ACCOUNT));
        assertInstanceOf(Allowed.class, call("beta", CHARGE));
        assertInstanceOf(Allowed.class, call("gamma", CHARGE));
        catalog.add(grant(to("beta"), "no", Effect.DENY, GrantTerms.NONE));
        assertEquals(new Denied(Why.GRANT_DENIES), call("beta", CHARGE));
        assertInstanceOf(Allowed.class, call("gamma", CHARGE));
        catalog.add(grant(Grantee.EVERY_ACCOUNT, "no", Effect.DENY, GrantTerms.NONE));
        assertEquals(new Denied(Why.GRANT_DENIES), call("gamma", CHARGE));
        assertInstanceOf(Allowed.class, call("acme", CHARGE));
    }

    @Test
    void aDenialAloneTellsNobodyOfTheTask() {
        catalog.add(grant(to("beta"), "no", Effect.DENY, GrantTerms.NONE));
        assertEquals(new NotFound(), call("beta", CHARGE));
    }

    @Test
    void whoHeldAGrantIsToldThatItIsWithdrawn() {
        catalog.add(allow(to("beta")).asRevoked());
        assertEquals(new Denied(Why.REVOKED), call("beta", CHARGE));
        assertEquals(new NotFound(), call("gamma", CHARGE));
    }

    @Test
    void aDenialThatWasWithdrawnDeniesNothing() {
        catalog.add(allow(to("beta")));
        catalog.add(grant(to("beta"), "no", Effect.DENY, GrantTerms.NONE).asRevoked());
        assertInstanceOf(Allowed.class, call("beta", CHARGE));
    }

    @Test
    void allTermsMustBeMetAtOnce() {
        catalog.add(
                grant(
                        to("beta"),
                        "default",
                        Effect.ALLOW,
                        new GrantTerms(
                                Optional.of(Instant.ofEpochMilli(NOON - 10)),
                                Optional.of(Instant.ofEpochMilli(NOON + 10)),
                                List.of("GET", "HEAD"),
                                List.of(
                                        AddressBlock.parse("192.0.2.0/24"),
                                        AddressBlock.parse("2001:db8::/33")),
                                Optional.empty())));
        assertInstanceOf(Allowed.class, request("GET", "192.0.2.7", NOON));
        assertInstanceOf(Allowed.class, request("HEAD", "2001:db8:7fff::1", NOON - 10));
        Denied terms = new Denied(Why.TERMS);
        assertEquals(terms, request("POST", "192.0.2.7", NOON));
        assertEquals(terms, request("GET", "192.0.3.7", NOON));
        assertEquals(terms, request("GET", "2001:db8:8000::1", NOON));
        assertEquals(terms, request("GET", "nowhere", NOON));
        assertEquals(terms, request("GET", "192.0.2.7", NOON - 11));
        assertEquals(terms, request("GET", "192.0.2.7", NOON + 10));
    }

    private AccessDecision request(String method, String source, long millis) {
        return call(
                "beta",
                new AccessRequest(CHARGE, Qualifier.NONE, method, source, millis, header -> ""));
    }

    @Test
    void aGrantOfAVersionIsForCallsThatNameIt() {
        catalog.version(CHARGE, 2).version(CHARGE, 3);
        catalog.add(
                new GrantRecord(
                        CHARGE,
                        to("beta"),
                        "pinned",
                        Qualifier.of(2),
                        Effect.ALLOW,
                        false,
                        Placement.OWNER,
                        GrantTerms.NONE));
        Allowed pinned = assertInstanceOf(Allowed.class, version("beta", 2));
        assertEquals(2, pinned.version().task().version());
        assertEquals(new Denied(Why.TERMS), version("beta", 0));
        assertEquals(new Denied(Why.TERMS), version("beta", 3));
        assertEquals(new NotFound(), version("acme", 4), "no such version");
        Allowed owner = assertInstanceOf(Allowed.class, version("acme", 3));
        assertEquals(3, owner.version().task().version());
    }

    private AccessDecision version(String account, int version) {
        return call(
                account,
                new AccessRequest(
                        CHARGE, Qualifier.of(version), "GET", "192.0.2.7", NOON, header -> ""));
    }

    @Test
    void aGrantHoldsForAsLongAsItSaysWithoutNews() {
        catalog.add(
                grant(
                        to("beta"),
                        "default",
                        Effect.ALLOW,
                        new GrantTerms(
                                Optional.empty(),
                                Optional.empty(),
                                List.of(),
                                List.of(),
                                Optional.of(Duration.ofSeconds(30)))));
        catalog.add(allow(to("gamma")));
        AccessRequest get =
                new AccessRequest(CHARGE, Qualifier.NONE, "GET", "192.0.2.7", NOON, header -> "");
        assertInstanceOf(Allowed.class, call("beta", get, 30));
        assertEquals(new TooStale(), call("beta", get, 31));
        assertInstanceOf(Allowed.class, call("gamma", get, 300));
        assertEquals(new TooStale(), call("gamma", get, 301));
    }

    /** What tells that the caller's key still holds is the caller's region, not the owner's. */
    @Test
    void theCallersHomeMustHaveBeenHeardOfToo() {
        RegionId far = new RegionId("us-east");
        catalog.account("gamma", far, AccountState.ACTIVE);
        catalog.add(allow(to("gamma")));
        // A key counts only as its account's home wrote it.
        assertEquals(new Unauthenticated(), call("gamma", CHARGE));
        CatalogOf there = new CatalogOf("us-east");
        there.key("gamma", KeyRights.ALL);
        var both = catalog.catalog().with(there.records());
        AccessRequest get =
                new AccessRequest(CHARGE, Qualifier.NONE, "GET", "192.0.2.7", NOON, header -> "");
        Proof proof =
                new Proof.Proved(
                        new Caller.Keyed(new AccountId("gamma"), CatalogOf.keyOf("gamma")));
        assertEquals(new TooStale(), access.decide(both, contacts, CONTACT, proof, get));
        contacts = contacts.with(far, CONTACT);
        assertInstanceOf(Allowed.class, access.decide(both, contacts, CONTACT, proof, get));
    }

    @Test
    void suspendedAccountsCallNothingAndAreNotCalled() {
        catalog.add(allow(to("beta")));
        catalog.account("beta", catalog.home, AccountState.SUSPENDED);
        assertEquals(new Denied(Why.SUSPENDED), call("beta", CHARGE));
        catalog.account("beta", catalog.home, AccountState.ACTIVE);
        assertInstanceOf(Allowed.class, call("beta", CHARGE));
        catalog.account("acme", catalog.home, AccountState.CLOSED);
        assertEquals(new NotFound(), call("beta", CHARGE));
        assertEquals(new Denied(Why.SUSPENDED), call("acme", CHARGE));
    }

    @Test
    void aKeyIsForWhatItsRightsSay() {
        catalog.add(allow(to("beta")));
        key(Set.of(KeyScope.DEPLOY), List.of(), Optional.empty());
        assertEquals(new Denied(Why.KEY_SCOPE), call("beta", CHARGE));
        key(Set.of(KeyScope.INVOKE), List.of("acme/ref*", "beta/charge"), Optional.empty());
        assertEquals(new Denied(Why.KEY_SCOPE), call("beta", CHARGE));
        key(Set.of(KeyScope.INVOKE), List.of("acme/ch*"), Optional.empty());
        assertInstanceOf(Allowed.class, call("beta", CHARGE));
        key(Set.of(KeyScope.INVOKE), List.of(), Optional.of(Instant.ofEpochMilli(NOON)));
        assertEquals(new Unauthenticated(), call("beta", CHARGE));
        key(Set.of(KeyScope.INVOKE), List.of(), Optional.of(Instant.ofEpochMilli(NOON + 1)));
        assertInstanceOf(Allowed.class, call("beta", CHARGE));
    }

    private void key(Set<KeyScope> scopes, List<String> tasks, Optional<Instant> expires) {
        catalog.key("beta", new KeyRights(scopes, tasks, expires));
    }
}
