package io.runnel.exec.http;

import io.vertx.core.MultiMap;

import java.util.function.BiConsumer;

/** Which headers pass our border, and in which direction. Pure. */
public final class HeaderRules {
    private HeaderRules() {}

    /**
     * What of a request reaches a guest: nothing hop-by-hop (RFC 9110 section 7.6.1, those that
     * {@code Connection} names too), no {@code Proxy}, no {@code Runnel-*}, nothing that proved the
     * caller. A header that came several times is joined.
     */
    public static void eachForGuest(MultiMap headers, BiConsumer<String, String> out) {}

    /**
     * What of a request is forwarded to another of our nodes: as for a guest, but with what proves
     * the caller, which that node checks again.
     */
    public static void eachForNode(MultiMap headers, BiConsumer<String, String> out) {}

    /**
     * What of another node's answer reaches the client: nothing hop-by-hop; {@code Runnel-*} stays,
     * for it is our own. {@code Set-Cookie} may come several times.
     */
    public static void eachFromNode(MultiMap headers, BiConsumer<String, String> out) {}

    /** Whether a guest's answer may carry this header. */
    public static boolean mayLeaveGuest(String name, String value) {
        return !name.isEmpty();
    }
}
