package io.runnel.routing.edge;

import io.runnel.routing.catalog.Catalog;

import java.lang.ref.WeakReference;
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

    private volatile Of known = Of.first(Catalog.EMPTY);

    /**
     * As one catalog has them.
     *
     * @param catalog not kept for this alone: it may be large, and no call may come any more
     */
    private record Of(WeakReference<Catalog> catalog, Map<String, ApiFront.Found> routes) {
        static Of first(Catalog catalog) {
            return new Of(new WeakReference<>(catalog), new ConcurrentHashMap<>());
        }

        /** Of the very same one: to be equal would cost more than to find a route. */
        boolean isOf(Catalog now) {
            return catalog.refersTo(now);
        }
    }

    /**
     * What such a call led to; empty if it is not known any more.
     *
     * @param asked by which all calls that ask for the same are known: one text, which is hashed
     *     and compared sooner than the parts of it
     */
    Optional<ApiFront.Found> find(Catalog now, String asked) {
        Of all = known;
        return all.isOf(now) ? Optional.ofNullable(all.routes().get(asked)) : Optional.empty();
    }

    /** Remembers what a call led to. */
    void keep(Catalog now, String asked, ApiFront.Found found) {
        if (asked.length() > LONGEST) {
            return;
        }
        Of all = known;
        if (!all.isOf(now) || all.routes().size() >= MOST) {
            all = Of.first(now);
            known = all;
        }
        all.routes().put(asked, found);
    }
}
