package io.runnel.routing.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.CredentialFlaw;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.api.Api;
import io.runnel.routing.api.ApiDocument;
import io.runnel.routing.api.Operation;
import io.runnel.routing.api.RouteMatch;
import io.runnel.routing.catalog.AccountState;
import io.runnel.routing.catalog.AddressBlock;
import io.runnel.routing.catalog.AliasRecord;
import io.runnel.routing.catalog.CallerAliasRecord;
import io.runnel.routing.catalog.Canary;
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
import io.runnel.routing.placement.ApiDecision.Called;
import io.runnel.routing.placement.ApiDecision.NoRoute;
import io.runnel.routing.placement.ApiDecision.Refused;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who may call by which route of an API, and what its owner may have it call. */
final class ApiAccessTest {
    private static final TaskRef SHOP = TaskRef.of("acme", "shop");
    private static final TaskRef CHARGE = TaskRef.of("acme", "charge");
    private static final TaskRef RATE = TaskRef.of("zeta", "rate");
    private static final TaskRef PAY = TaskRef.of("acme", "pay");
    private static final long CONTACT = 1_000_000_000L;
    private static final Proof NOBODY = new Proof.Proved(Caller.ANONYMOUS);

    private static final String CLOSED =
            """
            {"openapi":"3.1.0","info":{"title":"Shop","version":"1"},"paths":{
              "/orders/{id}":{"get":{"x-runnel-task":"charge"},
                              "delete":{"x-runnel-task":"charge@2"}},
              "/rate":{"get":{"x-runnel-task":"zeta/rate"}},
              "/pay":{"get":{"x-runnel-task":"pay"}},
              "/lost":{"get":{"x-runnel-task":"lost"}}%s}}
            """;
    private static final String OPEN =
            """
            ,"/open":{"get":{"security":[],"x-runnel-task":"charge"}},
             "/open-rate":{"get":{"security":[],"x-runnel-task":"zeta/rate"}}
            """;

    private final CatalogOf catalog =
            new CatalogOf("eu-west")
                    .account("acme")
                    .account("beta")
                    .account("gamma")
                    .account("zeta")
                    .key("acme", KeyRights.ALL)
                    .key("beta", KeyRights.ALL)
                    .key("gamma", KeyRights.ALL)
                    .task(CHARGE, false, Optional.empty())
                    .version(CHARGE, 2)
                    .task(RATE, false, Optional.empty());

    private Contacts contacts = Contacts.NONE.with(catalog.home, CONTACT);
    private Duration later = Duration.ZERO;
    private Api api = read(CLOSED.formatted(OPEN));

    private static Api read(String document) {
        try {
            return ApiDocument.read(document, SHOP.account());
        } catch (io.runnel.routing.api.ApiDocumentException e) {
            throw new AssertionError(e.pointer() + ": " + e.getMessage(), e);
        }
    }

    /** Whether the route was just found, or was called by others before, must be the same. */
    private ApiDecision call(Proof proof, Qualifier stage, String method, String path) {
        ApiDecision decision = decide(route(method, path), proof, stage, method, "");
        CalledRoute known = route(method, path);
        for (Proof other :
                List.of(NOBODY, proof("acme"), proof("beta"), proof("gamma"), proof("zeta"))) {
            decide(known, other, stage, method, "");
        }
        assertEquals(decision, decide(known, proof, stage, method, ""), "called by others before");
        assertEquals(decision, decide(known, proof, stage, method, ""), "called twice");
        return decision;
    }

    private CalledRoute route(String method, String path) {
        Optional<Operation> operation =
                api.routes().find(method, path) instanceof RouteMatch.Found found
                        ? Optional.of(found.operation())
                        : Optional.empty();
        return new CalledRoute(Optional.of(api), operation);
    }

    private ApiDecision decide(
            CalledRoute route, Proof proof, Qualifier stage, String method, String key) {
        return decide(
                route, proof, new AccessRequest(SHOP, stage, method, "192.0.2.7", 0, h -> key));
    }

    private ApiDecision decide(CalledRoute route, Proof proof, AccessRequest request) {
        return new ApiAccess(new Access(CONTACT))
                .decide(
                        catalog.catalog(),
                        contacts,
                        CONTACT + later.toNanos(),
                        proof,
                        request,
                        route);
    }

    private static Proof proof(String account) {
        return new Proof.Proved(new Caller.Keyed(new AccountId(account), CatalogOf.keyOf(account)));
    }

    private ApiDecision get(String account, String path) {
        return call(proof(account), ApiAccess.LIVE, "GET", path);
    }

    private ApiDecision get(String path) {
        return call(NOBODY, ApiAccess.LIVE, "GET", path);
    }

    private static Called called(ApiDecision decision) {
        return assertInstanceOf(Called.class, decision);
    }

    private static ApiDecision denied(Why why) {
        return new Refused(new Denied(why));
    }

    private GrantRecord grant(TaskRef of, String to, Qualifier only, GrantTerms terms) {
        GrantRecord grant =
                new GrantRecord(
                        of,
                        Grantee.of(new AccountId(to)),
                        "default",
                        only,
                        Effect.ALLOW,
                        false,
                        Placement.CALLER,
                        terms);
        catalog.add(grant);
        return grant;
    }

    private GrantRecord grant(TaskRef of, String to) {
        return grant(of, to, Qualifier.NONE, GrantTerms.NONE);
    }

    @Test
    void whoHasNoGrantIsToldOfNothing() {
        api = read(CLOSED.formatted(""));
        ApiDecision none = new Refused(new NotFound());
        for (String path : List.of("/orders/7", "/rate", "/lost", "/nowhere")) {
            assertEquals(none, get("beta", path), path);
            assertEquals(none, get(path), path);
        }
        assertEquals(
                new Refused(new Unauthenticated()),
                call(new Proof.Bad(CredentialFlaw.UNKNOWN), ApiAccess.LIVE, "GET", "/orders/7"));
    }

    @Test
    void aGrantOfTheApiIsForItsRoutesAndNotForItsTasks() {
        GrantRecord grant = grant(SHOP, "beta");
        Allowed allowed = called(get("beta", "/orders/7")).allowed();
        assertEquals(Optional.of(grant), allowed.grant());
        assertEquals(CHARGE, allowed.task().ref());
        assertEquals(1, allowed.version().task().version());
        assertEquals(Optional.of("shop@live"), allowed.by());
        assertEquals(new AccountId("beta"), ((Caller.Keyed) allowed.caller()).account());
        assertEquals(
                2,
                called(call(proof("beta"), ApiAccess.LIVE, "DELETE", "/orders/7"))
                        .allowed()
                        .version()
                        .task()
                        .version());
        assertEquals(new NoRoute(), get("beta", "/nowhere"));
        assertEquals(
                new NotFound(),
                new Access(CONTACT)
                        .decide(
                                catalog.catalog(),
                                contacts,
                                CONTACT,
                                proof("beta"),
                                new AccessRequest(
                                        CHARGE, Qualifier.NONE, "GET", "192.0.2.7", 0, h -> "")));
        catalog.add(grant.asRevoked());
        assertEquals(denied(Why.REVOKED), get("beta", "/orders/7"));
    }

    @Test
    void whatIsTriedOnSomeCallsIsDecidedForEach() {
        Canary canary = new Canary(2, 500, Optional.empty());
        catalog.add(
                new AliasRecord(
                        CHARGE, AliasRecord.LIVE, 1, Optional.of(canary), Optional.empty()));
        CalledRoute route = route("GET", "/orders/7");
        Set<Integer> versions = new HashSet<>();
        for (int i = 0; i < 64; i++) {
            Allowed allowed =
                    called(decide(route, proof("acme"), ApiAccess.LIVE, "GET", "call " + i))
                            .allowed();
            assertTrue(allowed.canary().isPresent());
            versions.add(allowed.version().task().version());
        }
        assertEquals(Set.of(1, 2), versions);
    }

    @Test
    void whatLetsAnApiCallATaskIsAskedForEachCall() {
        GrantTerms near =
                new GrantTerms(
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of(AddressBlock.parse("192.0.2.0/24")),
                        Optional.empty());
        grant(RATE, "acme", Qualifier.NONE, near);
        CalledRoute route = route("GET", "/open-rate");
        called(decide(route, NOBODY, from("192.0.2.7")));
        assertEquals(denied(Why.API_BROKEN), decide(route, NOBODY, from("198.51.100.7")));
    }

    private static AccessRequest from(String source) {
        return new AccessRequest(SHOP, ApiAccess.LIVE, "GET", source, 0, header -> "");
    }

    @Test
    void aGrantOfOneRouteIsForNoOther() {
        grant(SHOP, "beta", Qualifier.NONE, GrantTerms.NONE.on(List.of("GET /orders/{id}")));
        called(get("beta", "/orders/7"));
        assertEquals(denied(Why.TERMS), call(proof("beta"), ApiAccess.LIVE, "DELETE", "/orders/7"));
        assertEquals(denied(Why.TERMS), get("beta", "/rate"));
        assertEquals(denied(Why.NOT_GRANTED), get("gamma", "/orders/7"));
    }

    @Test
    void aGrantIsForTheLiveStageUnlessItSaysAnother() {
        grant(SHOP, "beta");
        Qualifier dev = Qualifier.of("dev");
        assertEquals(denied(Why.TERMS), call(proof("beta"), dev, "GET", "/orders/7"));
        assertEquals(denied(Why.TERMS), call(proof("beta"), Qualifier.of(7), "GET", "/orders/7"));
        grant(SHOP, "gamma", dev, GrantTerms.NONE);
        called(call(proof("gamma"), dev, "GET", "/orders/7"));
        assertEquals(denied(Why.TERMS), get("gamma", "/orders/7"));
        called(call(proof("acme"), dev, "GET", "/orders/7"));
        called(call(proof("acme"), Qualifier.of(7), "GET", "/orders/7"));
    }

    @Test
    void anOpenRouteIsForEverybodyInTheLiveStage() {
        Allowed allowed = called(get("/open")).allowed();
        assertEquals(Caller.ANONYMOUS, allowed.caller());
        assertEquals(Optional.empty(), allowed.grant());
        called(get("beta", "/open"));
        assertEquals(new NoRoute(), get("/nowhere"));
        assertEquals(new NoRoute(), get("beta", "/nowhere"));
        assertEquals(new Refused(new Unauthenticated()), get("/orders/7"));
        for (Qualifier other : List.of(Qualifier.of("dev"), Qualifier.of(7))) {
            assertEquals(new Refused(new NotFound()), call(NOBODY, other, "GET", "/open"));
            assertEquals(new Refused(new NotFound()), call(proof("beta"), other, "GET", "/open"));
        }
        catalog.add(
                new GrantRecord(
                        SHOP,
                        Grantee.of(new AccountId("beta")),
                        "no",
                        Qualifier.NONE,
                        Effect.DENY,
                        false,
                        Placement.CALLER,
                        GrantTerms.NONE));
        assertInstanceOf(Refused.class, get("beta", "/open"), "but whom it is denied");
    }

    @Test
    void theOwnerMayHaveOthersTasksCalledAsFarAsItMayCallThemItself() {
        grant(SHOP, "beta");
        assertEquals(denied(Why.API_BROKEN), get("beta", "/rate"));
        GrantRecord member = grant(RATE, "acme");
        Called called = called(get("beta", "/rate"));
        assertEquals(Optional.of(member), called.member());
        assertEquals(RATE, called.allowed().task().ref());
        assertEquals(new AccountId("beta"), ((Caller.Keyed) called.allowed().caller()).account());
        Called open = called(get("/open-rate"));
        assertEquals(
                new Caller.Keyed(SHOP.account(), ""),
                open.allowed().caller(),
                "who opens it to everybody, pays for everybody");
        catalog.add(member.asRevoked());
        assertEquals(denied(Why.API_BROKEN), get("beta", "/rate"));
        assertEquals(denied(Why.API_BROKEN), get("/open-rate"));
        assertEquals(denied(Why.API_BROKEN), get("beta", "/lost"));
    }

    @Test
    void aRouteMayBeANameOfItsOwners() {
        grant(SHOP, "beta");
        grant(RATE, "acme");
        catalog.add(
                new CallerAliasRecord(
                        PAY, RATE, Qualifier.NONE, Map.of("currency", "EUR"), Optional.empty()));
        Allowed allowed = called(get("beta", "/pay")).allowed();
        assertEquals(RATE, allowed.task().ref());
        assertEquals(Map.of("currency", "EUR"), allowed.parameters().open());
        assertEquals(Optional.of("shop@live>pay"), allowed.by());
    }

    @Test
    void callsRunWhereBothGrantsLetThem() {
        RegionId west = new RegionId("eu-west");
        RegionId east = new RegionId("us-east");
        grant(SHOP, "beta", Qualifier.NONE, GrantTerms.NONE.within(List.of(west)));
        grant(RATE, "acme", Qualifier.NONE, GrantTerms.NONE.within(List.of(west, east)));
        assertEquals(List.of(west), called(get("beta", "/rate")).allowed().version().regions());
        grant(RATE, "acme", Qualifier.NONE, GrantTerms.NONE.within(List.of(east)));
        assertEquals(denied(Why.TERMS), get("beta", "/rate"));
    }

    @Test
    void aKeyMustBeForTheApi() {
        grant(SHOP, "beta");
        catalog.key("beta", new KeyRights(Set.of(KeyScope.DEPLOY), List.of(), Optional.empty()));
        assertEquals(denied(Why.KEY_SCOPE), get("beta", "/orders/7"));
    }

    @Test
    void aSuspendedOwnerHasNoApi() {
        grant(SHOP, "beta");
        catalog.account("acme", catalog.home, AccountState.SUSPENDED);
        assertEquals(new Refused(new NotFound()), get("beta", "/orders/7"));
        assertEquals(new Refused(new NotFound()), get("/open"));
    }

    @Test
    void whatIsNotOpenIsNotServedForLongWithoutItsRegions() {
        grant(SHOP, "beta");
        grant(RATE, "acme");
        later = Access.PRIVATE_FOR.plusMillis(1);
        assertEquals(new Refused(new TooStale()), get("beta", "/orders/7"));
        assertEquals(Optional.of(later), called(get("/open")).allowed().stale());
        assertEquals(new Refused(new TooStale()), get("/open-rate"), "a grant has to be fresh too");
        grant(SHOP, "beta", Qualifier.NONE, terms(Duration.ofHours(1)));
        called(get("beta", "/orders/7"));
    }

    private static GrantTerms terms(Duration maxStale) {
        return new GrantTerms(
                Optional.empty(), Optional.empty(), List.of(), List.of(), Optional.of(maxStale));
    }
}
