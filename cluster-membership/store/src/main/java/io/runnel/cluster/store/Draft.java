package io.runnel.cluster.store;

import io.runnel.routing.catalog.CatalogRecord;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.RecordJson;
import io.runnel.routing.catalog.RecordKind;

/**
 * A record to be written: it gets its place in the log and its hash from the store.
 *
 * @param json the new state as one line of JSON, {@link FeedRecord#DELETED} for a deletion
 */
public record Draft(RecordKind kind, String key, String json) {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if key or state is longer than a record's may be, or not one
     *     line
     */
    public Draft {
        if (key.isEmpty() || key.length() > FeedRecord.MOST_KEY_CHARACTERS) {
            throw new IllegalArgumentException(
                    "key must be 1 to %d characters: %d"
                            .formatted(FeedRecord.MOST_KEY_CHARACTERS, key.length()));
        }
        if (json.length() > FeedRecord.MOST_RECORD_CHARACTERS) {
            throw new IllegalArgumentException(
                    "record of %s must be at most %d characters: %d"
                            .formatted(key, FeedRecord.MOST_RECORD_CHARACTERS, json.length()));
        }
        if (json.indexOf('\n') >= 0 || json.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("record of %s must be one line".formatted(key));
        }
    }

    /** That this is how it is now. */
    public static Draft of(CatalogRecord record) {
        return new Draft(record.kind(), record.key(), RecordJson.write(record));
    }

    /** That it is no more. */
    public static Draft deletion(RecordKind kind, String key) {
        return new Draft(kind, key, FeedRecord.DELETED);
    }
}
