package io.runnel.routing.catalog;

import io.runnel.exec.task.CodeDigest;

import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * A sum over a set of records that does not depend on their order: what is overwritten is taken
 * out, what is new is put in, and nobody finds another set of true records with the same sum. So an
 * origin that signs it with each record says which records stand, and a snapshot that leaves one
 * out is found.
 *
 * <p>It is LtHash (Bellare and Micciancio, 1997; the parameters of Lewi and others, 2019): each
 * record's hash is stretched to 1024 numbers of 16 bits by SHA-256 of the hash and a counter, and
 * these are added up. Not safe for several threads.
 */
public final class LiveSum {
    private static final int LANES = 1024;
    private static final int BLOCKS = 64;
    private static final int LANES_A_BLOCK = LANES / BLOCKS;
    private static final int MASK = 0xffff;

    private final char[] lanes;

    /** Of no records. */
    public LiveSum() {
        this(new char[LANES]);
    }

    private LiveSum(char[] lanes) {
        this.lanes = lanes;
    }

    /** Puts a record in. */
    public void add(String hash) {
        change(hash, 1);
    }

    /** Takes out a record that was put in. */
    public void remove(String hash) {
        change(hash, -1);
    }

    private void change(String hash, int sign) {
        byte[] seed = HexFormat.of().parseHex(hash);
        MessageDigest digest = CodeDigest.newHash();
        for (int block = 0; block < BLOCKS; block++) {
            digest.update(seed);
            digest.update((byte) block);
            byte[] stretched = digest.digest();
            for (int i = 0; i < LANES_A_BLOCK; i++) {
                int lane = (stretched[2 * i] & 0xff) << 8 | (stretched[2 * i + 1] & 0xff);
                int at = block * LANES_A_BLOCK + i;
                lanes[at] = (char) ((lanes[at] + sign * lane) & MASK);
            }
        }
    }

    /** SHA-256 of the sum, in lower-case hexadecimal. */
    public String digest() {
        return CodeDigest.of(bytes()).value();
    }

    /** All of it as a text, for {@link #parse}. */
    public String format() {
        return HexFormat.of().formatHex(bytes());
    }

    private byte[] bytes() {
        byte[] bytes = new byte[2 * LANES];
        for (int i = 0; i < LANES; i++) {
            bytes[2 * i] = (byte) (lanes[i] >> 8);
            bytes[2 * i + 1] = (byte) lanes[i];
        }
        return bytes;
    }

    /**
     * Reads what {@link #format} wrote.
     *
     * @throws IllegalArgumentException if it is not of that form
     */
    public static LiveSum parse(String text) {
        byte[] bytes = HexFormat.of().parseHex(text);
        if (bytes.length != 2 * LANES) {
            throw new IllegalArgumentException(
                    "a sum of records must be %d bytes: %d".formatted(2 * LANES, bytes.length));
        }
        LiveSum sum = new LiveSum();
        for (int i = 0; i < LANES; i++) {
            sum.lanes[i] = (char) ((bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff));
        }
        return sum;
    }

    /** That of these records. */
    public static LiveSum of(List<FeedRecord> records) {
        return new LiveSum(
                records.parallelStream()
                        .collect(
                                LiveSum::new,
                                (sum, record) -> sum.add(record.hash()),
                                LiveSum::addAll)
                        .lanes);
    }

    private void addAll(LiveSum other) {
        for (int i = 0; i < LANES; i++) {
            lanes[i] = (char) (lanes[i] + other.lanes[i]);
        }
    }

    /**
     * Checks that a snapshot's records are all that stood when the last of them was signed. The
     * signatures are not checked.
     *
     * @throws CatalogException with {@link CatalogException.Code#FORGED}
     */
    static void requireWhole(List<FeedRecord> snapshot) {
        if (snapshot.isEmpty()) {
            return;
        }
        FeedRecord head = snapshot.getLast();
        Set<String> subjects = new HashSet<>();
        boolean isSet = snapshot.stream().allMatch(r -> subjects.add(r.kind() + " " + r.key()));
        boolean isWhole =
                isSet
                        && head.seal()
                                .filter(seal -> seal.live().equals(of(snapshot).digest()))
                                .isPresent();
        if (!isWhole) {
            throw new CatalogException(
                    CatalogException.Code.FORGED,
                    "snapshot of %s/%s up to %d: it is not all that its origin wrote"
                            .formatted(head.origin(), head.log(), head.seq()));
        }
    }
}
