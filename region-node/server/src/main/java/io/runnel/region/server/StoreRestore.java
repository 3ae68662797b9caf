package io.runnel.region.server;

import io.runnel.cluster.store.PostgresStore;
import io.runnel.cluster.store.SqliteStore;
import io.runnel.cluster.store.StoreRows;
import io.runnel.cluster.store.StoreSummary;
import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.task.CodeDigest;
import io.runnel.topology.StoreSetting;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Puts a backup in the place of a region's store while its nodes are stopped. The new store is made
 * beside the one in use and takes its place when it is whole; that one is kept.
 *
 * @param nanoClock monotonic, in nanoseconds
 */
record StoreRestore(RegionFacts facts, BackupProgress progress, LongSupplier nanoClock) {
    private static final List<String> STORE_FILES =
            List.of("store.db", "store.db-wal", "store.db-shm", "store.key", SealedOnce.NAME);

    /**
     * What was done.
     *
     * @param kept where the store is that was replaced: a folder, or a schema of the database;
     *     empty if there was none
     */
    record Restored(BackupManifest manifest, String kept) {}

    /**
     * Does it; blocks. Checks everything first: what is refused has changed nothing.
     *
     * @throws BackupException if the file is damaged or of another region
     * @throws io.runnel.cluster.store.StoreException if a node has the store open
     */
    Restored from(Path file, Instant now) throws IOException {
        try (BackupFile backup = BackupFile.verified(file)) {
            progress.done("checked; parts of code", backup.codes().size());
            requireOurs(file, backup);
            String stamp = now.toString().replaceAll("[^0-9TZ]", "");
            String kept =
                    switch (facts.region().store()) {
                        case StoreSetting.Sqlite own -> sqlite(backup, stamp);
                        case StoreSetting.Postgresql shared ->
                                postgresql(backup, shared, stamp.toLowerCase(Locale.ROOT));
                    };
            return new Restored(backup.manifest(), kept);
        }
    }

    private void requireOurs(Path file, BackupFile backup) throws IOException {
        BackupManifest manifest = backup.manifest();
        String ours = facts.topology().network() + "/" + facts.region().name();
        String its = manifest.network() + "/" + manifest.region();
        if (!its.equals(ours)) {
            throw foreign("%s: is of region %s, not of %s".formatted(file, its, ours));
        }
        String engine = SealKey.engine(facts);
        if (!manifest.engine().equals(engine)) {
            throw foreign(
                    "%s: is of a store on %s; this region's is on %s"
                            .formatted(file, manifest.engine(), engine));
        }
        byte[] key = backup.key().orElseGet(() -> SealKey.derived(facts));
        if (!manifest.seal().equals(SealKey.mark(key))) {
            throw foreign(
                    ("%s: was made when the network had another network.token, without which its"
                                    + " secrets cannot be read: put that back first")
                            .formatted(file));
        }
    }

    private static BackupException foreign(String text) {
        return new BackupException(BackupException.Code.FOREIGN, text);
    }

    private String sqlite(BackupFile backup, String stamp) throws IOException {
        facts.folder().create();
        Path own = facts.folder().own();
        Path made = own.resolve("restore.new");
        Path kept = own.resolve("replaced-" + stamp);
        delete(made);
        Files.createDirectory(
                made,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            SqliteStore.make(
                    facts.folder().store(),
                    made.resolve("store.db"),
                    backup.manifest().schema(),
                    rows(backup),
                    summary -> {
                        requireSame(backup, summary);
                        takePlace(backup, made, kept);
                    });
        } finally {
            delete(made);
        }
        return Files.exists(kept) ? kept.toString() : "";
    }

    /** While the store is kept from the node. */
    private void takePlace(BackupFile backup, Path made, Path kept) {
        try {
            write(made.resolve("store.key"), backup.key().orElseThrow());
            code(backup);
            Path own = facts.folder().own();
            Path mark = facts.folder().restoring();
            write(mark, new byte[0]);
            for (String name : STORE_FILES) {
                if (Files.exists(own.resolve(name))) {
                    Files.createDirectories(kept);
                    Files.move(
                            own.resolve(name), kept.resolve(name), StandardCopyOption.ATOMIC_MOVE);
                }
            }
            for (String name : STORE_FILES) {
                if (Files.exists(made.resolve(name))) {
                    Files.move(
                            made.resolve(name), own.resolve(name), StandardCopyOption.ATOMIC_MOVE);
                }
            }
            sync(own);
            Files.delete(mark);
            sync(own);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.deleteIfExists(file);
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
        sync(file.toAbsolutePath().getParent());
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private String postgresql(BackupFile backup, StoreSetting.Postgresql shared, String stamp)
            throws IOException {
        facts.folder().create();
        String aside = "runnel_replaced_" + stamp;
        Files.deleteIfExists(facts.folder().own().resolve(SealedOnce.NAME));
        boolean wasThere =
                PostgresStore.replace(
                        StoreOpening.settings(facts, shared),
                        nanoClock,
                        backup.manifest().schema(),
                        rows(backup),
                        summary -> {
                            requireSame(backup, summary);
                            code(backup);
                        },
                        aside);
        return wasThere ? aside : "";
    }

    private Consumer<StoreRows> rows(BackupFile backup) {
        return to -> {
            AtomicLong count = new AtomicLong();
            backup.rows(
                    (table, values) -> {
                        to.row(table, values);
                        progress.now("rows written", count.incrementAndGet());
                    });
            progress.done("rows written", count.get());
        };
    }

    private static void requireSame(BackupFile backup, StoreSummary made) {
        BackupManifest said = backup.manifest();
        boolean same =
                made.origin().value().equals(said.region())
                        && made.log().equals(said.log())
                        && made.seq() == said.seq();
        if (!same) {
            throw new BackupException(
                    BackupException.Code.DAMAGED,
                    "its rows make log %s of %s up to %d, it says log %s of %s up to %d"
                            .formatted(
                                    made.log(),
                                    made.origin(),
                                    made.seq(),
                                    said.log(),
                                    said.region(),
                                    said.seq()));
        }
    }

    /** Adds what is missing; what is there by its digest is the same. */
    private void code(BackupFile backup) {
        try {
            CodeStore store = new CodeStore(facts.folder().code());
            int count = 0;
            for (CodeDigest digest : backup.codes()) {
                if (store.read(digest).isEmpty()) {
                    CodeDigest unused = store.put(backup.code(digest));
                }
                count++;
                progress.now("pieces of code", count);
            }
            progress.done("pieces of code", count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all = new ArrayList<>();
        try (Stream<Path> found = Files.walk(folder)) {
            found.sorted(Comparator.reverseOrder()).forEach(all::add);
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
