package io.runnel.routing.cache;

/**
 * What a cache did since it was made, and what it holds now.
 *
 * @param hits lookups that found a fresh answer
 * @param stale lookups that found a stale one
 * @param misses lookups that found none that the caller would take; those that bypass the cache
 *     count nowhere
 * @param stored answers that were kept, new ones in place of old ones included
 * @param evicted answers that had to make room
 * @param bytes of all that is kept and of what is being gathered
 * @param entries answers that are kept
 */
public record CacheCounts(
        long hits, long stale, long misses, long stored, long evicted, long bytes, long entries) {}
