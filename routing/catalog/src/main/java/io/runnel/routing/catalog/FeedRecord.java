package io.runnel.routing.catalog;

import io.runnel.exec.task.RegionId;

import java.time.Instant;

/**
 * One change, as the feed carries it: written once by its origin region, copied verbatim by the
 * others.
 *
 * @param origin the region that wrote it
 * @param log the random name of the origin's store
 * @param seq counted from 1 within the log, without gaps
 * @param at when it was written, by the origin's clock, in milliseconds
 * @param kind what it is about
 * @param key which one
 * @param record its new state as compact JSON; {@code null} written as JSON when it is deleted
 * @param prev the hash of the record before, 64 zeros for the first
 * @param hash SHA-256 over all of the above: see {@link HashChain}
 */
public record FeedRecord(
        RegionId origin,
        String log,
        long seq,
        Instant at,
        RecordKind kind,
        String key,
        String record,
        String prev,
        String hash) {}
