package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.cluster.store.PostgresServer;
import io.runnel.exec.task.PopId;
import io.runnel.topology.Topology;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** A region that lost all it had comes back from a file, on each engine. */
final class StoreBackupIT {
    private static final String TOPOLOGY =
            """
            network: backup
            regions:
              - name: eu-west
                registry: true
                location: {lat: 53.35, lon: -6.26}
                store: %s
                nodes:
                  - {name: eu-west-1, zone: a, listen: 127.0.0.1:0, internal: 127.0.0.1:0, cluster: 127.0.0.1:0, admin: 127.0.0.1:0, slots: 4, memory: 256MiB}
            pops:
              - name: ams
                location: {lat: 52.37, lon: 4.90}
                listen: 127.0.0.1:0
                admin: 127.0.0.1:0
                region: eu-west
                slots: 4
                memory: 512MiB
                restrictions: {maxMemory: 256MiB, maxDuration: 30s, runtimes: [wasm]}
            """;
    private static final String HELLO =
            RealNetwork.TOP.resolve("exec-runtime/samples/hello/hello.wasm").toString();
    @TempDir private Path folder;

    /** Destroys all that the region has kept, its node being stopped. */
    private interface Loss {
        void happen() throws IOException;
    }

    @Test
    void onSqlite() throws IOException {
        comesBack("sqlite", () -> {});
    }

    @Test
    void onPostgresql() throws IOException {
        try (PostgresServer database = PostgresServer.startOrSkip()) {
            comesBack(
                    database.newDatabase("backup", folder),
                    () -> database.sql("backup", "DROP SCHEMA runnel CASCADE"));
        }
    }

    private void comesBack(String store, Loss loss) throws IOException {
        Path data = folder.resolve("data");
        Path topology =
                Files.writeString(folder.resolve("network.yaml"), TOPOLOGY.formatted(store));
        String file = folder.resolve("eu-west.backup").toString();
        AtomicReference<Topology> started = new AtomicReference<>();
        try (RealNetwork network = RealNetwork.start(data, topology, started::set)) {
            int ams = started.get().pop(new PopId("ams")).orElseThrow().listen().port();
            network.runnel("store", "backup", "eu-west", "-o", file).mustWork();
            network.runnel("deploy", "later", HELLO, "--public").mustWork();
            RealNetwork.Said refused = network.runnel("store", "restore", "eu-west-1", file);
            assertEquals(1, refused.exit(), refused::toString);
            assertTrue(refused.err().contains("stop"), refused::toString);

            network.runnel("stop", "eu-west-1").mustWork();
            delete(data.resolve("nodes/eu-west-1"));
            loss.happen();
            network.runnel("store", "restore", "eu-west", file).mustWork();
            network.runnel("start", "eu-west-1").mustWork();

            network.await(
                    "what came after the copy is gone everywhere",
                    () -> network.call(ams, "later").statusCode() == 404);
            assertEquals(200, network.call(ams, "hello").statusCode());
            network.runnel("deploy", "after", HELLO, "--public").mustWork();
            assertEquals(200, network.call(ams, "after").statusCode());
        }
    }

    private static void delete(Path node) throws IOException {
        try (Stream<Path> all = Files.walk(node)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
