package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.http.Origin;

import org.junit.jupiter.api.Test;

class ForwardedCallTest {
    private static final Origin DIRECT = new Origin("127.0.0.9", "region", 9181, "http");

    @Test
    void saysWhereTheCallCameIn() {
        assertEquals(
                new Origin("192.0.2.7", "edge.example", 8081, "http"),
                ForwardedCall.origin(
                        "for=192.0.2.7;host=\"edge.example:8081\";proto=http;by=_ams", DIRECT));
        assertEquals(
                new Origin("2001:db8::1", "edge.example", 443, "https"),
                ForwardedCall.origin(
                        "For=\"[2001:db8::1]\"; Proto=https; Host=edge.example", DIRECT));
    }

    @Test
    void onlyTheLastElementCounts() {
        assertEquals(
                new Origin("192.0.2.7", "region", 9181, "http"),
                ForwardedCall.origin("for=198.51.100.1;host=evil, for=192.0.2.7", DIRECT));
    }

    @Test
    void whatIsMalformedSaysNothing() {
        for (String header : new String[] {"", ";;;", "for=", "by=\"x", "hostile", "for"}) {
            assertEquals(DIRECT, ForwardedCall.origin(header, DIRECT), header);
        }
        assertEquals(
                new Origin("127.0.0.9", "h:99999999", 80, "http"),
                ForwardedCall.origin("host=\"h:99999999\"", DIRECT));
    }

    @Test
    void aNameIsTheWholeName() {
        assertEquals(
                new Origin("192.0.2.7", "region", 9181, "http"),
                ForwardedCall.origin("x-for=198.51.100.1;before=1;  FOR=\"192.0.2.7\"", DIRECT));
        assertEquals(DIRECT, ForwardedCall.origin("for=\"192.0.2.7", DIRECT));
    }
}
