package io.runnel.region.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;

import io.runnel.cluster.store.PostgresStore;
import io.runnel.cluster.store.SqliteStore;
import io.runnel.cluster.store.StoreRows;
import io.runnel.cluster.store.StoreSummary;
import io.runnel.exec.task.CodeDigest;
import io.runnel.topology.StoreSetting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Makes a backup of a region at one of its nodes, whether that runs or not: the store as it is at
 * one moment, the key of its secrets if the region keeps one of its own, and all code that its
 * catalog names. The network's token is not in it.
 *
 * @param nanoClock monotonic, in nanoseconds
 */
record StoreBackup(RegionFacts facts, BackupProgress progress, LongSupplier nanoClock) {
    /** What was made. */
    record Made(BackupManifest manifest, long bytes) {}

    /**
     * Makes it; blocks.
     *
     * @param force whether the file may take another one's place
     * @throws BackupException if it cannot be made of this region, or the file is there
     * @throws io.runnel.cluster.store.StoreException if the store cannot be read
     */
    Made write(Path file, boolean force, Instant now) throws IOException {
        Optional<byte[]> key = key();
        try (BackupWriter writer = new BackupWriter(file, force)) {
            StoreSummary[] summary = new StoreSummary[1];
            writer.add(
                    BackupFile.ROWS,
                    to -> {
                        try (JsonGenerator json = BackupRows.writer(to)) {
                            summary[0] = rows(json);
                        }
                    });
            if (key.isPresent()) {
                writer.add(BackupFile.KEY, to -> to.write(key.get()));
            }
            List<CodeDigest> named = named(summary[0]);
            int codes = codes(writer, named);
            BackupManifest manifest = manifest(summary[0], now, codes, named.size() - codes);
            writer.add(
                    BackupFile.MANIFEST,
                    to -> to.write((manifest.json().toPrettyString() + "\n").getBytes(UTF_8)));
            return new Made(manifest, writer.finish());
        }
    }

    private StoreSummary rows(JsonGenerator json) {
        AtomicLong count = new AtomicLong();
        StoreRows rows =
                (table, values) -> {
                    BackupRows.write(json, table, values);
                    progress.now("rows read", count.incrementAndGet());
                };
        StoreSummary summary =
                switch (facts.region().store()) {
                    case StoreSetting.Sqlite own -> SqliteStore.read(facts.folder().store(), rows);
                    case StoreSetting.Postgresql shared ->
                            PostgresStore.read(
                                    StoreOpening.settings(facts, shared), nanoClock, rows);
                };
        progress.done("rows read", count.get());
        if (!summary.origin().equals(facts.region().name())) {
            throw new BackupException(
                    BackupException.Code.FOREIGN,
                    "the store of %s is region %s's"
                            .formatted(facts.node().name(), summary.origin()));
        }
        return summary;
    }

    private static List<CodeDigest> named(StoreSummary summary) {
        return summary.catalog()
                .allVersions()
                .map(version -> version.task().code())
                .distinct()
                .sorted((a, b) -> a.value().compareTo(b.value()))
                .toList();
    }

    private int codes(BackupWriter writer, List<CodeDigest> named) throws IOException {
        int found = 0;
        for (CodeDigest digest : named) {
            Optional<byte[]> code = code(digest);
            if (code.isPresent()) {
                writer.add(BackupFile.CODE + digest.value(), to -> to.write(code.get()));
                found++;
                progress.now("pieces of code", found);
            }
        }
        progress.done("pieces of code", found);
        return found;
    }

    /** Without a {@code CodeStore}, which would clear away what the node is just writing. */
    private Optional<byte[]> code(CodeDigest digest) throws IOException {
        try {
            byte[] code = Files.readAllBytes(facts.folder().code().resolve(digest.value()));
            return CodeDigest.of(code).equals(digest) ? Optional.of(code) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Optional<byte[]> key() throws IOException {
        return switch (facts.region().store()) {
            case StoreSetting.Sqlite own -> Optional.of(ownKey());
            case StoreSetting.Postgresql shared -> Optional.empty();
        };
    }

    private byte[] ownKey() throws IOException {
        Path file = SealKey.file(facts);
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new BackupException(
                    BackupException.Code.NO_KEY,
                    "%s is not there: without it no secret of the store can be read"
                            .formatted(file),
                    e);
        }
    }

    private BackupManifest manifest(StoreSummary summary, Instant now, int codes, int missing)
            throws IOException {
        return new BackupManifest(
                facts.topology().network(),
                summary.origin().value(),
                facts.node().name().value(),
                SealKey.engine(facts),
                summary.schema(),
                summary.log(),
                summary.seq(),
                now,
                SealKey.mark(key().orElseGet(() -> SealKey.derived(facts))),
                codes,
                missing);
    }
}
