package io.runnel.cluster.store;

import io.runnel.routing.catalog.RecordKind;

/**
 * What must hold when a batch is written, else nothing of it is.
 *
 * @param expectedSeq the number of the own log's last record of this key; {@link #ABSENT} if there
 *     must be none, or the last one is a deletion
 */
public record Precondition(RecordKind kind, String key, long expectedSeq) {
    /** There is no such thing, or no more. */
    public static final long ABSENT = 0;

    /** That there is no such thing, or no more. */
    public static Precondition absent(RecordKind kind, String key) {
        return new Precondition(kind, key, ABSENT);
    }
}
