package io.runnel.exec.microvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.OutboundHost;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

final class TaskDestinationsTest {
    private static TaskDestinations of(NameLookup lookup, String... hosts) {
        return new TaskDestinations(Stream.of(hosts).map(OutboundHost::parse).toList(), lookup);
    }

    @Test
    void aHostIsThereAtItsPortsOnly() {
        try (NameLookup lookup = new NameLookup(address -> true)) {
            TaskDestinations some = of(lookup, "api.example", "db.example:5432", "*.below.example");
            assertTrue(some.knows("api.example"));
            assertTrue(some.allows("api.example", 80));
            assertTrue(some.allows("api.example", 443));
            assertFalse(some.allows("api.example", 5432));
            assertTrue(some.allows("db.example", 5432));
            assertFalse(some.allows("db.example", 443));
            assertTrue(some.knows("a.b.below.example"));
            assertTrue(some.allows("a.b.below.example", 443));
            assertFalse(some.knows("below.example"));
            assertFalse(some.knows("notbelow.example"));
            assertFalse(some.knows("x.api.example"));
            assertFalse(of(lookup).knows("api.example"));
        }
    }

    @Test
    void addressesThatNobodyMayReachAreNone() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (NameLookup all = new NameLookup(address -> true);
                NameLookup none = new NameLookup(address -> !address.isLoopbackAddress())) {
            assertEquals(List.of(loopback), of(all).addresses("127.0.0.1"));
            assertThrows(UnknownHostException.class, () -> of(none).addresses("127.0.0.1"));
            assertThrows(UnknownHostException.class, () -> of(all).addresses("no.such.invalid"));
        }
    }
}
