package io.runnel.routing.catalog;

import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.RegionId;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The chain that holds a log together: each record's hash covers the record and the hash before it,
 * so that a log's last hash stands for all of its history.
 *
 * <p>The hash is SHA-256, in lower-case hexadecimal, over origin, log, seq, at (milliseconds since
 * 1970), kind, key, record and prev, in this order: each as UTF-8 text, numbers in decimal, each
 * behind its length in bytes as four bytes, big-endian. Lengths make two different records never
 * the same bytes.
 */
public final class HashChain {
    /** What the first record of a log names as the hash before it: 64 zeros. */
    public static final String START = "0".repeat(64);

    private HashChain() {}

    /** The next record of a log, with its hash, unsigned; {@code at} is cut to milliseconds. */
    public static FeedRecord next(
            RegionId origin, Position head, Instant at, String kind, String key, String record) {
        Instant cut = Instant.ofEpochMilli(at.toEpochMilli());
        FeedRecord open =
                new FeedRecord(
                        origin,
                        head.log(),
                        head.seq() + 1,
                        cut,
                        kind,
                        key,
                        record,
                        head.hash(),
                        START,
                        Optional.empty());
        return new FeedRecord(
                origin,
                open.log(),
                open.seq(),
                cut,
                kind,
                key,
                record,
                open.prev(),
                hashOf(open),
                Optional.empty());
    }

    /** The hash that this record should have. */
    public static String hashOf(FeedRecord record) {
        MessageDigest digest = CodeDigest.newHash();
        add(digest, record.origin().value());
        add(digest, record.log());
        add(digest, Long.toString(record.seq()));
        add(digest, Long.toString(record.at().toEpochMilli()));
        add(digest, record.kind());
        add(digest, record.key());
        add(digest, record.record());
        add(digest, record.prev());
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, String field) {
        byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(0, bytes.length));
        digest.update(bytes);
    }

    /**
     * Checks that the record is what its hash says.
     *
     * @throws CatalogException with {@link CatalogException.Code#TAMPERED}
     */
    public static void requireTrue(FeedRecord record) {
        if (!hashOf(record).equals(record.hash())) {
            throw refused(CatalogException.Code.TAMPERED, record, "its hash is not of its content");
        }
    }

    /**
     * Checks that the record is true and follows {@code head}.
     *
     * @throws CatalogException with any code but {@link CatalogException.Code#MALFORMED}
     */
    public static void requireNext(Position head, FeedRecord record) {
        if (!head.log().equals(record.log())) {
            throw refused(CatalogException.Code.UNKNOWN_LOG, record, "known is log " + head.log());
        }
        if (record.seq() != head.seq() + 1) {
            throw refused(CatalogException.Code.GAP, record, "expected is " + (head.seq() + 1));
        }
        requireLinked(head, record);
        requireTrue(record);
    }

    /**
     * Checks that the record is true and may come after {@code head} in a snapshot, where records
     * that were overwritten since are left out.
     *
     * @throws CatalogException with any code but {@link CatalogException.Code#MALFORMED}
     */
    public static void requireLater(Position head, FeedRecord record) {
        if (record.seq() == head.seq() + 1) {
            requireNext(head, record);
            return;
        }
        if (!head.log().equals(record.log())) {
            throw refused(CatalogException.Code.UNKNOWN_LOG, record, "known is log " + head.log());
        }
        if (record.seq() <= head.seq()) {
            throw refused(CatalogException.Code.GAP, record, "known is " + head.seq());
        }
        requireTrue(record);
    }

    private static void requireLinked(Position head, FeedRecord record) {
        if (!record.prev().equals(head.hash())) {
            throw refused(
                    CatalogException.Code.BROKEN_CHAIN,
                    record,
                    "it does not name the hash of the record before it");
        }
    }

    private static CatalogException refused(
            CatalogException.Code code, FeedRecord record, String why) {
        return new CatalogException(
                code,
                "record %d of %s/%s: %s"
                        .formatted(record.seq(), record.origin(), record.log(), why));
    }
}
