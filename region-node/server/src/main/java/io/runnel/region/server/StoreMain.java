package io.runnel.region.server;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.cluster.store.StoreException;
import io.runnel.exec.node.NodeArguments;
import io.runnel.topology.TopologyException;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A region's store in one file and back, as a process of its own: {@code backup|restore|check FILE
 * [--force] [--json] [--data DIR --node NAME]}. Exit 0 done, 1 failed, 2 wrong usage.
 */
public final class StoreMain {
    private static final String USAGE =
            "usage: backup|restore|check FILE [--force] [--json] [--data DIR --node NAME]";

    private StoreMain() {}

    /** Does it and ends the process. */
    public static void main(String[] words) {
        System.exit(run(List.of(words), System.out, System.err));
    }

    static int run(List<String> words, PrintStream out, PrintStream err) {
        List<String> rest = new ArrayList<>(words);
        boolean force = rest.remove("--force");
        boolean json = rest.remove("--json");
        if (rest.size() < 2) {
            err.println("runnel: " + USAGE);
            return 2;
        }
        Path file = Path.of(rest.get(1));
        List<String> node = rest.subList(2, rest.size());
        try {
            BackupProgress progress = new BackupProgress(err::println, System::nanoTime);
            switch (rest.getFirst()) {
                case "backup" -> backup(facts(node), file, force, progress, new Report(out, json));
                case "restore" -> restore(facts(node), file, progress, new Report(out, json));
                case "check" -> check(file, new Report(out, json));
                default -> throw new IllegalArgumentException(USAGE);
            }
            return 0;
        } catch (IllegalArgumentException e) {
            err.println("runnel: " + e.getMessage());
            return 2;
        } catch (BackupException | StoreException | TopologyException e) {
            err.println("runnel: " + e.getMessage());
            return 1;
        } catch (IOException | UncheckedIOException e) {
            err.println("runnel: %s: %s".formatted(file, e));
            return 1;
        }
    }

    private static RegionFacts facts(List<String> node) {
        return RegionFacts.read(NodeArguments.parse(node));
    }

    /** What is printed at the end. */
    private record Report(PrintStream out, boolean json) {
        void print(ObjectNode tree, String text) {
            out.println(json ? tree.toPrettyString() : text);
        }
    }

    private static void backup(
            RegionFacts facts, Path file, boolean force, BackupProgress progress, Report report)
            throws IOException {
        StoreBackup.Made made =
                new StoreBackup(facts, progress, System::nanoTime)
                        .write(file, force, Instant.now());
        ObjectNode json =
                made.manifest().json().put("file", file.toString()).put("bytes", made.bytes());
        report.print(json, "%s: %d bytes, %s".formatted(file, made.bytes(), text(made.manifest())));
    }

    private static void restore(
            RegionFacts facts, Path file, BackupProgress progress, Report report)
            throws IOException {
        StoreRestore.Restored restored =
                new StoreRestore(facts, progress, System::nanoTime).from(file, Instant.now());
        ObjectNode json = restored.manifest().json().put("kept", restored.kept());
        String kept =
                restored.kept().isEmpty() ? "" : "; what it replaced is kept: " + restored.kept();
        report.print(json, "restored %s%s".formatted(text(restored.manifest()), kept));
    }

    private static void check(Path file, Report report) throws IOException {
        try (BackupFile backup = BackupFile.verified(file)) {
            report.print(
                    backup.manifest().json().put("file", file.toString()),
                    "%s: whole, %s".formatted(file, text(backup.manifest())));
        }
    }

    private static String text(BackupManifest manifest) {
        String missing =
                manifest.missing() == 0
                        ? ""
                        : ", %d more were not at the node".formatted(manifest.missing());
        return "region %s of network %s at %s, its log %s up to %d, %d pieces of code%s"
                .formatted(
                        manifest.region(),
                        manifest.network(),
                        manifest.madeAt(),
                        manifest.log(),
                        manifest.seq(),
                        manifest.codes(),
                        missing);
    }
}
