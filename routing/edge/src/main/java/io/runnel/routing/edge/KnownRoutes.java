package io.runnel.routing.edge;

import io.runnel.routing.catalog.Catalog;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What calls lately led to, for those that ask for the very same in the same catalog. Any thread.
 */
final class KnownRoutes {
    /** So many are known; then all are forgotten. */
    static final int MOST = 4096;

    /** Longer paths are seldom asked for twice. */
    private static final int LONGEST = 256;

    private volatile Of known = new Of(Catalog.EMPTY, new ConcurrentHashMap<>());

    /** As one catalog has them. */
    private record Of(Catalog catalog, Map<String, ApiFront.Found> routes) {}

    /**
     * What such a call led to; empty if it is not known any more.
     *
     * @param asked by which all calls that ask for the same are known: one text, which is hashed
     *     and compared sooner than the parts of it
     */
    Optional<ApiFront.Found> find(Catalog now, String asked) {
        Of all = known;
        return isSame(all.catalog(), now)
                ? Optional.ofNullable(all.routes().get(asked))
                : Optional.empty();
    }

    /** Remembers what a call led to. */
    void keep(Catalog now, String asked, ApiFront.Found found) {
        if (asked.length() > LONGEST) {
            return;
        }
        Of all = known;
        if (!isSame(all.catalog(), now) || all.routes().size() >= MOST) {
            all = new Of(now, new ConcurrentHashMap<>());
            known = all;
        }
        all.routes().put(asked, found);
    }

    /** The very same: to be equal would cost more than to find a route. */
    private static boolean isSame(Object one, Object other) {
        return one == other;
    }
}
