package io.runnel.routing.catalog;

import io.runnel.exec.task.CodeDigest;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Seals of tests that are not about signatures: each origin's key is its name. Immutable. */
public final class TestSeals implements RecordSeals {
    /** All of them are the same. */
    public static final TestSeals ALL = new TestSeals();

    private TestSeals() {}

    @Override
    public RecordSeal seal(FeedRecord record, String live, Instant at) {
        Instant cut = Instant.ofEpochMilli(at.toEpochMilli());
        return new RecordSeal(
                signer(record), cut, live, signature(record, live, cut.toEpochMilli()));
    }

    private static String signer(FeedRecord record) {
        return hash("key of " + record.origin());
    }

    private static String signature(FeedRecord record, String live, long atMs) {
        String text = "%s %s %d %s".formatted(record.hash(), live, atMs, signer(record));
        return hash(text) + hash("more " + text);
    }

    private static String hash(String text) {
        return CodeDigest.of(text.getBytes(StandardCharsets.UTF_8)).value();
    }

    @Override
    public void learn(List<String> certificates) {
        // Everybody knows how to check these.
    }

    @Override
    public void require(List<FeedRecord> records) {
        for (FeedRecord record : records) {
            HashChain.requireTrue(record);
            boolean isOwn =
                    record.seal()
                            .filter(s -> s.signer().equals(signer(record)))
                            .filter(
                                    s ->
                                            s.signature()
                                                    .equals(
                                                            signature(
                                                                    record,
                                                                    s.live(),
                                                                    s.at().toEpochMilli())))
                            .isPresent();
            if (!isOwn) {
                throw new CatalogException(
                        CatalogException.Code.FORGED,
                        "record %d of %s is not its origin's"
                                .formatted(record.seq(), record.origin()));
            }
        }
    }
}
