package io.runnel.cluster.store;

import io.runnel.routing.catalog.RecordKind;

/**
 * What must hold when a batch is written, else nothing of it is.
 *
 * @param key a record's, or what keys begin with
 * @param isPrefix whether it is about all whose keys begin so: about the newest of them that stands
 * @param expectedSeq the number of the own log's last record of this key; {@link #ABSENT} if there
 *     must be none, or the last one is a deletion
 */
public record Precondition(RecordKind kind, String key, boolean isPrefix, long expectedSeq) {
    /** There is no such thing, or no more. */
    public static final long ABSENT = 0;

    /** About one record. */
    public Precondition(RecordKind kind, String key, long expectedSeq) {
        this(kind, key, false, expectedSeq);
    }

    /** That there is no such thing, or no more. */
    public static Precondition absent(RecordKind kind, String key) {
        return new Precondition(kind, key, ABSENT);
    }

    /**
     * That none was written since, of all that a writer looked through: none that it knew, and none
     * that it could not know. Looks at each of the kind.
     *
     * @param prefix of their keys
     * @param newestSeq of those that stand; {@link #ABSENT} if there are none
     */
    public static Precondition newest(RecordKind kind, String prefix, long newestSeq) {
        return new Precondition(kind, prefix, true, newestSeq);
    }
}
