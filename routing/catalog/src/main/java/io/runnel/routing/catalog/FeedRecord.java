package io.runnel.routing.catalog;

import io.runnel.exec.task.RegionId;

import java.time.Instant;
import java.util.Optional;

/**
 * One change, as the feed carries it: written once by its origin region, copied verbatim by the
 * others.
 *
 * @param origin the region that wrote it
 * @param log the random name of the origin's store
 * @param seq counted from 1 within the log, without gaps
 * @param at when it was written, by the origin's clock, in milliseconds
 * @param kind what it is about, as a label: a newer peer may know more kinds than {@link
 *     RecordKind}, and its records are kept and passed on all the same
 * @param key which one
 * @param record its new state as compact JSON, verbatim; {@link #DELETED} when it is gone
 * @param prev the hash of the record before, {@link HashChain#START} for the first
 * @param hash SHA-256 over all of the above: see {@link HashChain}
 * @param seal its origin's signature; empty only where it is yet to be signed, or was written by a
 *     version that signed nothing
 */
public record FeedRecord(
        RegionId origin,
        String log,
        long seq,
        Instant at,
        String kind,
        String key,
        String record,
        String prev,
        String hash,
        Optional<RecordSeal> seal) {

    /** The state of what is no more. */
    public static final String DELETED = "null";

    /** The longest {@code record}. */
    public static final int MOST_RECORD_CHARACTERS = 256 * 1024;

    /** The longest {@code key}. */
    public static final int MOST_KEY_CHARACTERS = 256;

    /** The same, signed. */
    public FeedRecord sealed(RecordSeal by) {
        return new FeedRecord(origin, log, seq, at, kind, key, record, prev, hash, Optional.of(by));
    }

    /** The kind, if this node knows it. */
    public Optional<RecordKind> knownKind() {
        return RecordKind.ofLabel(kind);
    }

    /** Whether it says that its subject is no more. */
    public boolean isDeletion() {
        return record.equals(DELETED);
    }
}
