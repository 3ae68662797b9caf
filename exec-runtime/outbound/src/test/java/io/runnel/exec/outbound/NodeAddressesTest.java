package io.runnel.exec.outbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

class NodeAddressesTest {
    private final Map<String, String> names = new ConcurrentHashMap<>(Map.of("a", "8.8.8.8"));
    private long nowNanos = 5;
    private int lookups;

    private InetAddress[] resolve(String host) throws UnknownHostException {
        lookups++;
        if (!names.containsKey(host)) {
            throw new UnknownHostException(host);
        }
        return InetAddress.getAllByName(names.get(host));
    }

    private static InetAddress at(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }

    @Test
    void nodesAndThisMachineAreKnown() throws Exception {
        var nodes = new NodeAddresses(List.of("a"), () -> nowNanos, this::resolve);
        assertTrue(nodes.contains(at("8.8.8.8")));
        assertTrue(nodes.contains(at("127.0.0.1")), "an interface of this machine");
        assertFalse(nodes.contains(at("8.8.4.4")));
        AddressPolicy policy = AddressPolicy.publicExcept(nodes);
        assertFalse(policy.allows(at("8.8.8.8")));
        assertTrue(policy.allows(at("8.8.4.4")));
        assertFalse(policy.allows(at("169.254.169.254")));
    }

    @Test
    void namesAreLookedUpEachMinuteAndWhatTheyHadIsKept() throws Exception {
        var nodes = new NodeAddresses(List.of("a", "none"), () -> nowNanos, this::resolve);
        assertTrue(nodes.contains(at("8.8.8.8")));
        names.put("a", "8.8.4.4");
        nowNanos += Duration.ofMinutes(1).toNanos() - 1;
        assertFalse(nodes.contains(at("8.8.4.4")));
        assertEquals(2, lookups);
        nowNanos++;
        assertTrue(nodes.contains(at("8.8.4.4")));
        assertTrue(nodes.contains(at("8.8.8.8")), "it may be a node's still");
        names.remove("a");
        nowNanos += Duration.ofMinutes(2).toNanos();
        assertTrue(nodes.contains(at("8.8.4.4")));
    }
}
