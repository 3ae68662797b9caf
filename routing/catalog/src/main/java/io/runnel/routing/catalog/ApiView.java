package io.runnel.routing.catalog;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/** One API as one origin tells it, with the revisions that are kept. */
record ApiView(
        Optional<Stamped<ApiRecord>> api,
        SortedMap<Integer, Stamped<ApiRevisionRecord>> revisions) {
    static final ApiView EMPTY = new ApiView(Optional.empty(), Collections.emptySortedMap());

    boolean isEmpty() {
        return api.isEmpty() && revisions.isEmpty();
    }

    /** All that it tells, what is named before what names it. */
    Stream<CatalogRecord> records() {
        return Stream.concat(
                revisions.values().stream().map(Stamped::value), api.stream().map(Stamped::value));
    }
}
