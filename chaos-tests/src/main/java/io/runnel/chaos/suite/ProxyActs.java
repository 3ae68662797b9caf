package io.runnel.chaos.suite;

import java.util.HashMap;
import java.util.Map;

/**
 * What the fault proxy did to links, by the kinds of toxics and for connections that ended when a
 * link was cut.
 *
 * @param isCounted whether this proxy says it; Toxiproxy does not
 * @param counts what did nothing may be missing
 */
record ProxyActs(boolean isCounted, Map<LinkName, Map<String, Long>> counts) {
    /** Connections that ended when their link was cut. */
    static final String CUT = "cut";

    ProxyActs {
        counts = Map.copyOf(counts);
    }

    /** Of a proxy that does not say it. */
    static ProxyActs unknown() {
        return new ProxyActs(false, Map.of());
    }

    long of(LinkName link, String did) {
        return counts.getOrDefault(link, Map.of()).getOrDefault(did, 0L);
    }

    /** What was done since then. */
    ProxyActs since(ProxyActs before) {
        Map<LinkName, Map<String, Long>> since = new HashMap<>();
        counts.forEach(
                (link, kinds) -> {
                    Map<String, Long> more = new HashMap<>();
                    kinds.forEach((kind, now) -> more.put(kind, now - before.of(link, kind)));
                    since.put(link, Map.copyOf(more));
                });
        return new ProxyActs(isCounted && before.isCounted, since);
    }
}
