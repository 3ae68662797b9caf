package io.runnel.cluster.store;

import io.runnel.routing.catalog.CatalogRecord;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.RecordJson;
import io.runnel.routing.catalog.RecordKind;

/**
 * A record to be written: it gets its place in the log and its hash from the store, which takes
 * none that feeds would not.
 *
 * @param json the new state as one line of JSON, {@link FeedRecord#DELETED} for a deletion
 */
public record Draft(RecordKind kind, String key, String json) {
    /** That this is how it is now. */
    public static Draft of(CatalogRecord record) {
        return new Draft(record.kind(), record.key(), RecordJson.write(record));
    }

    /** That it is no more. */
    public static Draft deletion(RecordKind kind, String key) {
        return new Draft(kind, key, FeedRecord.DELETED);
    }
}
