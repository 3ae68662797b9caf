package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.identity.Identity;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Which node may ask a region's node for what. */
class NodeRightsTest {
    private static final RegionId WEST = new RegionId("eu-west");
    private static final Identity MATE =
            new Identity.RegionNode("net", WEST, new NodeName("eu-west-2"));
    private static final Identity OTHER =
            new Identity.RegionNode("net", new RegionId("us-east"), new NodeName("us-east-1"));
    private static final Identity POP = new Identity.Pop("net", new PopId("ams"));
    private static final List<Identity> NODES = List.of(MATE, OTHER, POP);

    private final NodeRights rights = new NodeRights(WEST);

    @Test
    void eachMayWhatIsForIt() {
        Map<String, List<Identity>> mayAsk =
                Map.ofEntries(
                        Map.entry("/v1/ping", NODES),
                        Map.entry("/v1/feed", NODES),
                        Map.entry("/v1/logs", NODES),
                        Map.entry("/v1/code/sha256", NODES),
                        Map.entry("/fn/demo/hello", NODES),
                        Map.entry("/v1x", NODES),
                        Map.entry("", NODES),
                        Map.entry("/v1/statuses", List.of(MATE, OTHER)),
                        Map.entry("/v1/accounts", List.of(MATE, OTHER)),
                        Map.entry("/v1/accounts/shop/keys", List.of(MATE, OTHER)),
                        Map.entry("/v1/regions/eu-west/revocations/ams", List.of(MATE, OTHER)),
                        Map.entry("/v1/audit", List.of(MATE, OTHER)),
                        Map.entry("/v1/pings", List.of(MATE, OTHER)),
                        Map.entry("/v1/here/eu-west-2", List.of(MATE)),
                        Map.entry("/v1/keep/sha256", List.of(MATE)),
                        Map.entry("/v1/events/id", List.of(MATE)));
        mayAsk.forEach(
                (path, may) ->
                        assertEquals(
                                may,
                                NODES.stream().filter(who -> rights.may(who, path)).toList(),
                                path));
    }

    @Test
    void whoIsNoNodeMayNothing() {
        for (Identity who :
                List.of(
                        new Identity.Root("net"),
                        new Identity.Authority("net", WEST),
                        new Identity.Supervisor("net", new NodeName("here")))) {
            assertFalse(rights.may(who, "/v1/ping"), who::uri);
            assertFalse(rights.may(who, "/fn/demo/hello"), who::uri);
            assertFalse(rights.isItself(who, "/v1/feed", "ams"), who::uri);
        }
    }

    /** A node that begins a feed ends the one that it had: nobody does that to another. */
    @Test
    void aFeedIsAskedForInOnesOwnNameOnly() {
        assertTrue(rights.isItself(POP, "/v1/feed", "ams"));
        assertTrue(rights.isItself(MATE, "/v1/feed", "eu-west-2"));
        assertTrue(rights.isItself(POP, "/v1/feed", null));
        assertFalse(rights.isItself(POP, "/v1/feed", "lhr"));
        assertFalse(rights.isItself(OTHER, "/v1/feed", "eu-west-2"));
        assertTrue(rights.isItself(POP, "/fn/demo/hello", "lhr"), "it is the task's own");
    }
}
