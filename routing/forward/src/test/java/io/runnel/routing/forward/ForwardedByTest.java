package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.http.Origin;
import io.runnel.exec.task.NodeName;

import org.junit.jupiter.api.Test;

class ForwardedByTest {
    private static final NodeName AMS = new NodeName("ams");

    @Test
    void saysWhoCalledAndByWhichName() {
        assertEquals(
                "for=192.0.2.7;host=\"edge.example:8081\";proto=http;by=_ams",
                ForwardedBy.element(new Origin("192.0.2.7", "edge.example", 8081, "http"), AMS));
        assertEquals(
                "for=\"[2001:db8::1]\";host=\"[::1]\";proto=https;by=_ams",
                ForwardedBy.element(new Origin("2001:db8::1", "[::1]", 443, "https"), AMS));
    }

    @Test
    void aNameThatCouldEndTheQuotesIsLeftOut() {
        assertEquals(
                "for=unknown;proto=http;by=_ams",
                ForwardedBy.element(new Origin("", "a\";for=1.1.1.1", 80, "http"), AMS));
    }
}
