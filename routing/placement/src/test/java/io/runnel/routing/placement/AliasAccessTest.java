package io.runnel.routing.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AliasRecord;
import io.runnel.routing.catalog.Canary;
import io.runnel.routing.catalog.Contacts;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.GrantTerms;
import io.runnel.routing.catalog.Grantee;
import io.runnel.routing.catalog.KeyRights;
import io.runnel.routing.catalog.RolledBack;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.placement.AccessDecision.Allowed;
import io.runnel.routing.placement.AccessDecision.Denied;
import io.runnel.routing.placement.AccessDecision.NotFound;
import io.runnel.routing.placement.AccessDecision.Why;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Optional;

/** Which version a call gets by an alias, and who may call by one. */
class AliasAccessTest {
    private static final TaskRef CHARGE = TaskRef.of("acme", "charge");
    private static final long CONTACT = 1_000_000_000L;

    private final CatalogOf catalog =
            new CatalogOf("eu-west")
                    .account("acme")
                    .account("beta")
                    .key("acme", KeyRights.ALL)
                    .key("beta", KeyRights.ALL)
                    .task(CHARGE, false, Optional.empty())
                    .version(CHARGE, 2)
                    .version(CHARGE, 3);

    private AccessDecision call(String account, Qualifier named, AccessRequest.Key key) {
        return new Access(CONTACT)
                .decide(
                        catalog.catalog(),
                        Contacts.NONE.with(catalog.home, CONTACT),
                        CONTACT,
                        new Proof.Proved(
                                new Caller.Keyed(new AccountId(account), CatalogOf.keyOf(account))),
                        new AccessRequest(CHARGE, named, "GET", "192.0.2.7", 0, key));
    }

    private Allowed owner(Qualifier named, AccessRequest.Key key) {
        return assertInstanceOf(Allowed.class, call("acme", named, key));
    }

    private int version(Qualifier named, String key) {
        return owner(named, header -> key).version().task().version();
    }

    private static AliasRecord alias(String name, int version, Canary canary) {
        return new AliasRecord(CHARGE, name, version, Optional.of(canary), Optional.empty());
    }

    /** A key that goes to the canary, or one that does not. */
    private static String key(String alias, Canary canary, boolean taken) {
        for (int i = 0; ; i++) {
            if (canary.takes("acme/charge@" + alias, "k" + i) == taken) {
                return "k" + i;
            }
        }
    }

    @Test
    void anAliasIsAVersion() {
        catalog.add(new AliasRecord(CHARGE, "stable", 2, Optional.empty(), Optional.empty()));
        assertEquals(2, version(Qualifier.of("stable"), ""));
        assertEquals(Optional.empty(), owner(Qualifier.of("stable"), h -> "").canary());
        assertEquals(1, version(Qualifier.NONE, ""));
        assertEquals(1, version(Qualifier.of("live"), ""), "whatever is live");
        assertEquals(new NotFound(), call("acme", Qualifier.of("other"), h -> ""));
        catalog.add(new AliasRecord(CHARGE, "stable", 9, Optional.empty(), Optional.empty()));
        assertEquals(new NotFound(), call("acme", Qualifier.of("stable"), h -> ""));
    }

    @Test
    void someOfAnAliassCallsGoToItsCanary() {
        Canary canary = new Canary(3, 100, Optional.empty());
        catalog.add(alias("stable", 2, canary));
        String taken = key("stable", canary, true);
        String other = key("stable", canary, false);
        assertEquals(3, version(Qualifier.of("stable"), taken));
        assertEquals(2, version(Qualifier.of("stable"), other));
        long seq = catalog.catalog().alias(CHARGE, "stable").orElseThrow().seq();
        assertEquals(
                Optional.of(new CanaryCall("stable", seq, true)),
                owner(Qualifier.of("stable"), header -> taken).canary());
        assertEquals(
                Optional.of(new CanaryCall("stable", seq, false)),
                owner(Qualifier.of("stable"), header -> other).canary());
        assertEquals(2, version(Qualifier.of(2), taken), "who names a version gets it");
    }

    @Test
    void callsWithoutANameAreThoseOfLive() {
        Canary canary = new Canary(3, 100, Optional.empty());
        catalog.add(alias("live", 1, canary));
        String taken = key("live", canary, true);
        assertEquals(3, version(Qualifier.NONE, taken));
        assertEquals(3, version(Qualifier.of("live"), taken));
        assertEquals(1, version(Qualifier.NONE, key("live", canary, false)));
        catalog.add(new TaskRecord(CHARGE, 2, 3, false, Optional.empty()));
        assertEquals(2, version(Qualifier.NONE, taken), "another is live than was compared with");
        assertEquals(Optional.empty(), owner(Qualifier.NONE, header -> taken).canary());
    }

    @Test
    void aCanaryThatIsGoneOrRolledBackGetsNothing() {
        Canary gone = new Canary(7, 999, Optional.empty());
        catalog.add(alias("live", 1, gone));
        Allowed allowed = owner(Qualifier.NONE, header -> key("live", gone, true));
        assertEquals(1, allowed.version().task().version());
        Canary canary = new Canary(3, 999, Optional.empty());
        catalog.add(alias("live", 1, canary).rolledBack(new RolledBack(3, Instant.EPOCH, "")));
        assertEquals(1, version(Qualifier.NONE, key("live", canary, true)));
    }

    @Test
    void whichCallsGoTogetherIsAskedByTheHeader() {
        Canary canary = new Canary(3, 100, Optional.of("X-User"));
        catalog.add(alias("live", 1, canary));
        String taken = key("live", canary, true);
        Allowed allowed =
                owner(Qualifier.NONE, header -> header.equals(Optional.of("X-User")) ? taken : "?");
        assertTrue(allowed.canary().orElseThrow().canary());
    }

    @Test
    void aGrantOfAnAliasIsForCallsThatNameIt() {
        catalog.add(new AliasRecord(CHARGE, "stable", 2, Optional.empty(), Optional.empty()));
        catalog.add(
                new GrantRecord(
                        CHARGE,
                        Grantee.of(new AccountId("beta")),
                        "a",
                        Qualifier.of("stable"),
                        GrantRecord.Effect.ALLOW,
                        false,
                        GrantRecord.Placement.CALLER,
                        GrantTerms.NONE));
        assertInstanceOf(Allowed.class, call("beta", Qualifier.of("stable"), h -> ""));
        assertEquals(new Denied(Why.TERMS), call("beta", Qualifier.NONE, h -> ""));
        assertEquals(new Denied(Why.TERMS), call("beta", Qualifier.of(2), h -> ""));
    }
}
