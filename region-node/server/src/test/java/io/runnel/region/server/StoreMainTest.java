package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.attestation.NetworkToken;
import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.cluster.store.Draft;
import io.runnel.cluster.store.StoreException;
import io.runnel.exec.node.NodeArguments;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskOptions;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Back up and restore as an operator's command does it, on a node's own folder. */
class StoreMainTest {
    private static final String TOPOLOGY =
            """
            network: demo
            regions:
              - name: eu-west
                registry: true
                location: {lat: 53.35, lon: -6.26}
                store: sqlite
                nodes:
                  - {name: eu-west-1, zone: a, listen: 127.0.0.1:1, internal: 127.0.0.1:2, cluster: 127.0.0.1:3, admin: 127.0.0.1:4, slots: 4, memory: 256MiB}
            """;
    private static final byte[] CODE = {0, 'a', 's', 'm'};
    private static final AccountId DEMO = new AccountId("demo");
    private static final TaskRef HELLO = TaskRef.of("demo", "hello");

    private final SecureRandom random = new SecureRandom();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    @TempDir private Path folder;
    private Path data;
    private Path file;

    @BeforeEach
    void prepare() throws IOException {
        data = network("data", TOPOLOGY);
        file = folder.resolve("eu-west.backup");
    }

    private Path network(String name, String topology) throws IOException {
        Path made = Files.createDirectory(folder.resolve(name));
        Files.writeString(made.resolve("topology.yaml"), topology);
        NetworkToken unused = NetworkToken.readOrCreate(made.resolve("network.token"), random);
        List<RegionId> missing =
                new AuthorityFolder(made)
                        .ensure("demo", List.of(new RegionId("eu-west")), Instant.now(), random);
        assertEquals(List.of(), missing);
        return made;
    }

    private RegionFacts facts() {
        return RegionFacts.read(NodeArguments.parse(node(data)));
    }

    private static List<String> node(Path data) {
        return List.of("--data", data.toString(), "--node", "eu-west-1");
    }

    /** A node's state without its servers. */
    private RegionState open() throws IOException {
        RegionFacts facts = facts();
        facts.folder().create();
        NodeTrust trust = NodeTrust.of(new AuthorityFolder(facts.folder().data()));
        return RegionState.open(
                facts, RegionSeals.of(facts, trust, random), System::nanoTime, random);
    }

    private static void deploy(RegionState state, int version) throws IOException {
        Task task =
                new Task(
                        HELLO,
                        version,
                        RuntimeKind.WASM,
                        HandlerKind.HTTP,
                        state.codes().put(CODE),
                        Limits.DEFAULT,
                        Map.of(),
                        TaskOptions.DEFAULT);
        state.store()
                .append(
                        List.of(
                                Draft.of(new AccountRecord(DEMO, state.store().origin(), false)),
                                Draft.of(
                                        new VersionRecord(
                                                task, ByteSize.ofKiB(1), List.of(), Instant.EPOCH)),
                                Draft.of(
                                        new TaskRecord(
                                                HELLO, version, version, true, Optional.empty()))),
                        List.of())
                .join();
    }

    private int run(Path data, String... words) {
        out.reset();
        err.reset();
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(node(data));
        return StoreMain.run(
                line, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    }

    private int backup() {
        return run(data, "backup", file.toString(), "--json");
    }

    private void mustWork(int exit) {
        assertEquals(0, exit, () -> out.toString(UTF_8) + err.toString(UTF_8));
    }

    /** While a node has the store open: what it writes later is not in the file. */
    private void backedUpWhileItRuns() throws IOException {
        try (var store = writtenTo(1)) {
            mustWork(backup());
            assertEquals(1, live(store));
        }
    }

    private RegionStoreOf writtenTo(int version) throws IOException {
        RegionState state = open();
        state.store().putSecret("RNLA", state.seal().seal("RNLA", "secret")).join();
        deploy(state, version);
        return new RegionStoreOf(state);
    }

    /** Closed with its store. */
    private record RegionStoreOf(RegionState state) implements AutoCloseable {
        @Override
        public void close() {
            state.store().close();
        }
    }

    private static int live(RegionStoreOf opened) {
        return opened.state().catalog().current().live(HELLO).orElseThrow().task().version();
    }

    @Test
    void whatWasLostComesBackFromAFile() throws IOException {
        backedUpWhileItRuns();
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        delete(facts().folder().own());

        mustWork(run(data, "restore", file.toString()));

        try (RegionStoreOf restored = new RegionStoreOf(open())) {
            assertEquals(1, live(restored));
            RegionState state = restored.state();
            assertArrayEquals(CODE, state.codes().read(CodeDigest.of(CODE)).orElseThrow());
            byte[] sealed = state.store().secret("RNLA").join().orElseThrow();
            assertEquals(Optional.of("secret"), state.seal().open("RNLA", sealed));
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> found = Files.walk(folder)) {
            all = found.sorted((a, b) -> b.compareTo(a)).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }

    @Test
    void whatIsReplacedIsKeptAside() throws IOException {
        backedUpWhileItRuns();
        try (RegionStoreOf later = new RegionStoreOf(open())) {
            deploy(later.state(), 2);
        }

        mustWork(run(data, "restore", file.toString(), "--json"));

        try (RegionStoreOf restored = new RegionStoreOf(open())) {
            assertEquals(1, live(restored));
        }
        Path kept =
                Path.of(out.toString(UTF_8).replaceAll("(?s).*\"kept\" : \"([^\"]*)\".*", "$1"));
        for (String name : List.of("store.db", "store.key")) {
            Files.copy(
                    kept.resolve(name),
                    facts().folder().own().resolve(name),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        try (RegionStoreOf before = new RegionStoreOf(open())) {
            assertEquals(2, live(before));
        }
    }

    @Test
    void aRunningNodeIsNotRestored() throws IOException {
        backedUpWhileItRuns();
        try (RegionStoreOf running = new RegionStoreOf(open())) {
            deploy(running.state(), 2);
            assertEquals(1, run(data, "restore", file.toString()));
            assertTrue(err.toString(UTF_8).contains("stop it first"), () -> err.toString(UTF_8));
            assertEquals(2, live(running));
        }
        assertFalse(Files.exists(facts().folder().own().resolve("restore.new")));
    }

    @Test
    void aFileIsOverwrittenOnlyByForce() throws IOException {
        try (RegionStoreOf store = writtenTo(1)) {
            mustWork(backup());
            byte[] first = Files.readAllBytes(file);
            deploy(store.state(), 2);
            assertEquals(1, backup());
            assertTrue(err.toString(UTF_8).contains("--force"), () -> err.toString(UTF_8));
            assertArrayEquals(first, Files.readAllBytes(file));
            mustWork(run(data, "backup", file.toString(), "--force"));
        }
        mustWork(run(data, "check", file.toString(), "--json"));
        assertTrue(out.toString(UTF_8).contains("\"seq\" : 6"), () -> out.toString(UTF_8));
        try (Stream<Path> all = Files.list(folder)) {
            assertEquals(List.of(data, file), all.sorted().toList());
        }
    }

    /** Wherever its rows are changed or it is cut off: nothing of the store is touched. */
    @Test
    void aDamagedFileIsRefused() throws IOException {
        backedUpWhileItRuns();
        byte[] whole = Files.readAllBytes(file);
        for (int at = whole.length / 8; at < whole.length; at += whole.length / 8) {
            Files.write(file, java.util.Arrays.copyOf(whole, at));
            assertEquals(1, run(data, "restore", file.toString()), () -> err.toString(UTF_8));
            assertTrue(err.toString(UTF_8).contains(file.toString()), () -> err.toString(UTF_8));
        }
        changeEveryByteOfAStoredPart(whole);
        try (Stream<Path> all = Files.list(facts().folder().own())) {
            assertEquals(
                    List.of(),
                    all.filter(path -> path.getFileName().toString().startsWith("re")).toList());
        }
    }

    /**
     * In the middle of the rows, where it matters. Where that is differs from file to file, and a
     * ZIP has bytes of no meaning: those are passed over whose change changes nothing that it
     * holds.
     */
    private void changeEveryByteOfAStoredPart(byte[] whole) throws IOException {
        Optional<List<String>> contents = contents(whole);
        int tried = 0;
        for (int at = 100; at < 160; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 0x10;
            if (contents(changed).equals(contents)) {
                continue;
            }
            tried++;
            Files.write(file, changed);
            assertEquals(1, run(data, "restore", file.toString()), "byte " + at);
        }
        assertTrue(tried > 20, tried + " bytes have a meaning");
    }

    /** What a ZIP holds; empty if that cannot be read. */
    private static Optional<List<String>> contents(byte[] bytes) {
        List<String> all = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry one = zip.getNextEntry(); one != null; one = zip.getNextEntry()) {
                all.add(one.getName() + " " + HexFormat.of().formatHex(zip.readAllBytes()));
            }
            return Optional.of(all);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Test
    void anotherRegionsFileIsRefused() throws IOException {
        backedUpWhileItRuns();
        Path other = network("other", TOPOLOGY.replace("network: demo", "network: other"));
        assertEquals(1, run(other, "restore", file.toString()));
        assertTrue(
                err.toString(UTF_8).contains("demo/eu-west, not of other/eu-west"),
                () -> err.toString(UTF_8));
        assertFalse(Files.exists(other.resolve("nodes")));
    }

    @Test
    void aNodeDoesNotStartOnWhatARestoreLeftHalfDone() throws IOException {
        backedUpWhileItRuns();
        Files.createFile(facts().folder().restoring());
        StoreException e = assertThrows(StoreException.class, this::open);
        assertFalse(e.retryable());
        mustWork(run(data, "restore", file.toString()));
        open().store().close();
    }

    @Test
    void aStoreThatIsNotThereIsNoBackup() throws IOException {
        Files.createDirectories(facts().folder().own());
        assertEquals(1, backup());
        assertFalse(Files.exists(file));
    }
}
