package io.runnel.routing.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AccountState;
import io.runnel.routing.catalog.CallerAliasRecord;
import io.runnel.routing.catalog.Contacts;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.GrantTerms;
import io.runnel.routing.catalog.Grantee;
import io.runnel.routing.catalog.KeyRights;
import io.runnel.routing.catalog.KeyScope;
import io.runnel.routing.placement.AccessDecision.Allowed;
import io.runnel.routing.placement.AccessDecision.Denied;
import io.runnel.routing.placement.AccessDecision.NotFound;
import io.runnel.routing.placement.AccessDecision.Why;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What an account calls by names of its own, and that such a name gives no right. */
class CallerAliasAccessTest {
    private static final TaskRef CHARGE = TaskRef.of("acme", "charge");
    private static final TaskRef OPEN = TaskRef.of("acme", "open");
    private static final TaskRef PAY = TaskRef.of("beta", "pay");
    private static final long CONTACT = 1_000_000_000L;

    private final CatalogOf catalog =
            new CatalogOf("eu-west")
                    .account("acme")
                    .account("beta")
                    .account("gamma")
                    .key("beta", KeyRights.ALL)
                    .key("gamma", KeyRights.ALL)
                    .task(CHARGE, false, Optional.empty())
                    .task(OPEN, true, Optional.empty())
                    .version(CHARGE, 2);

    private AccessDecision call(Proof proof, TaskRef task, Qualifier named) {
        return new Access(CONTACT)
                .decide(
                        catalog.catalog(),
                        Contacts.NONE.with(catalog.home, CONTACT),
                        CONTACT,
                        proof,
                        new AccessRequest(task, named, "GET", "192.0.2.7", 0, header -> ""));
    }

    private static Proof proof(String account) {
        return new Proof.Proved(new Caller.Keyed(new AccountId(account), CatalogOf.keyOf(account)));
    }

    private AccessDecision call(String account, TaskRef task) {
        return call(proof(account), task, Qualifier.NONE);
    }

    private void alias(TaskRef name, TaskRef of, Qualifier version, Map<String, String> set) {
        catalog.add(new CallerAliasRecord(name, of, version, set, Optional.empty()));
    }

    private void grant(Qualifier only, GrantRecord.Effect effect) {
        catalog.add(
                new GrantRecord(
                        CHARGE,
                        Grantee.of(new AccountId("beta")),
                        effect.label(),
                        only,
                        effect,
                        false,
                        GrantRecord.Placement.OWNER,
                        GrantTerms.NONE));
    }

    @Test
    void anAliasIsItsTaskWithParameters() {
        grant(Qualifier.NONE, GrantRecord.Effect.ALLOW);
        alias(PAY, CHARGE, Qualifier.of(2), Map.of("currency", "EUR"));
        Allowed allowed = assertInstanceOf(Allowed.class, call("beta", PAY));
        assertEquals("acme/charge", allowed.task().ref().toString());
        assertEquals(2, allowed.version().task().version());
        assertEquals(Map.of("currency", "EUR"), allowed.parameters().open());
        assertEquals(Optional.of("pay"), allowed.by());
        assertFalse(allowed.parameters().haveSecrets());
        assertEquals(GrantRecord.Placement.OWNER, allowed.grant().orElseThrow().placement());
        Allowed itself = assertInstanceOf(Allowed.class, call("beta", CHARGE));
        assertEquals(CallParameters.NONE, itself.parameters());
        assertEquals(Optional.empty(), itself.by());
        assertEquals(new NotFound(), call(proof("beta"), PAY, Qualifier.of(2)), "it has none");
    }

    @Test
    void anAliasGivesNoRight() {
        alias(PAY, CHARGE, Qualifier.of(2), Map.of());
        assertEquals(new NotFound(), call("beta", PAY), "no grant");
        grant(Qualifier.of(1), GrantRecord.Effect.ALLOW);
        assertEquals(new Denied(Why.TERMS), call("beta", PAY), "a grant of another version");
        grant(Qualifier.NONE, GrantRecord.Effect.DENY);
        assertEquals(new Denied(Why.GRANT_DENIES), call("beta", PAY));
        alias(PAY, OPEN, Qualifier.NONE, Map.of());
        assertInstanceOf(Allowed.class, call("beta", PAY), "for everyone");
        catalog.account("acme", catalog.home, AccountState.SUSPENDED);
        assertEquals(new NotFound(), call("beta", PAY));
    }

    @Test
    void nobodyElseCallsByIt() {
        alias(PAY, OPEN, Qualifier.NONE, Map.of());
        assertEquals(new NotFound(), call("gamma", PAY));
        assertEquals(new NotFound(), call(new Proof.Proved(Caller.ANONYMOUS), PAY, Qualifier.NONE));
        TaskRef theirs = TaskRef.of("gamma", "theirs");
        alias(theirs, PAY, Qualifier.NONE, Map.of());
        assertEquals(new NotFound(), call("gamma", theirs), "nor by one that leads to it");
    }

    @Test
    void theOneNextToTheTaskHasTheLastWord() {
        TaskRef outer = TaskRef.of("beta", "outer");
        alias(PAY, OPEN, Qualifier.NONE, Map.of("currency", "EUR", "a", "inner"));
        alias(outer, PAY, Qualifier.NONE, Map.of("currency", "USD", "b", "outer"));
        Allowed allowed = assertInstanceOf(Allowed.class, call("beta", outer));
        assertEquals(
                Map.of("currency", "EUR", "a", "inner", "b", "outer"), allowed.parameters().open());
        assertEquals(Optional.of("outer>pay"), allowed.by());
        alias(PAY, OPEN, Qualifier.of("live"), Map.of());
        Allowed live = assertInstanceOf(Allowed.class, call("beta", outer));
        assertEquals(Optional.of("outer>pay@live"), live.by());
        Allowed named =
                assertInstanceOf(Allowed.class, call(proof("beta"), OPEN, Qualifier.of("live")));
        assertEquals(Optional.of("@live"), named.by());
    }

    private static CallerAliasRecord secretive(TaskRef name, TaskRef of, char id, String open) {
        SecretBundle bundle =
                new SecretBundle(String.valueOf(id).repeat(32), Set.of("key", "of" + id));
        return new CallerAliasRecord(
                name, of, Qualifier.NONE, Map.of(open, "open"), Optional.of(bundle));
    }

    @Test
    void secretsHaveTheLastWordAsOthersDo() {
        TaskRef outer = TaskRef.of("beta", "outer");
        CallerAliasRecord first = secretive(outer, PAY, 'a', "ofb");
        CallerAliasRecord second = secretive(PAY, OPEN, 'b', "ofa");
        catalog.add(first).add(second);
        CallParameters set = assertInstanceOf(Allowed.class, call("beta", outer)).parameters();
        assertTrue(set.haveSecrets());
        assertEquals(Map.of("ofa", "open"), set.open());
        SecretBundle.Key key = second.secretKey().orElseThrow();
        assertEquals(Map.of("key", key, "ofb", key), set.secret());
        assertEquals(Set.of(key), set.bundles());
    }

    @Test
    void fourLeadToATaskAndFiveOrACircleToNone() {
        TaskRef[] names = new TaskRef[5];
        for (int i = 0; i < names.length; i++) {
            names[i] = TaskRef.of("beta", "n" + i);
            alias(names[i], i == 0 ? OPEN : names[i - 1], Qualifier.NONE, Map.of());
        }
        assertInstanceOf(Allowed.class, call("beta", names[3]));
        assertEquals(new Denied(Why.ALIAS_LOST), call("beta", names[4]));
        alias(names[0], names[2], Qualifier.NONE, Map.of());
        assertEquals(new Denied(Why.ALIAS_LOST), call("beta", names[1]), "in a circle");
        assertEquals(new Denied(Why.ALIAS_LOST), call("beta", names[3]), "into a circle");
    }

    @Test
    void aTaskIsNeverHiddenByOne() {
        alias(PAY, OPEN, Qualifier.NONE, Map.of("a", "b"));
        catalog.task(PAY, false, Optional.empty());
        Allowed allowed = assertInstanceOf(Allowed.class, call("beta", PAY));
        assertEquals(PAY, allowed.task().ref());
        assertEquals(CallParameters.NONE, allowed.parameters());
        TaskRef over = TaskRef.of("beta", "over");
        alias(over, PAY, Qualifier.NONE, Map.of("c", "d"));
        Allowed own = assertInstanceOf(Allowed.class, call("beta", over), "a task of its own");
        assertEquals(Map.of("c", "d"), own.parameters().open());
    }

    @Test
    void aKeyMayBeForTheAliasAlone() {
        catalog.key(
                "beta",
                new KeyRights(Set.of(KeyScope.INVOKE), List.of("beta/pay"), Optional.empty()));
        alias(PAY, OPEN, Qualifier.NONE, Map.of("currency", "EUR"));
        assertInstanceOf(Allowed.class, call("beta", PAY));
        assertEquals(new Denied(Why.KEY_SCOPE), call("beta", OPEN));
    }
}
