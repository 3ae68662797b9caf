package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.Toxic;
import eu.rekawek.toxiproxy.model.ToxicDirection;

import io.runnel.chaos.proxy.FaultProxy;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.topology.RegionNode;
import io.runnel.topology.Topology;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A network of real processes under faults: slow and cut links by the fault proxy, driven by
 * Toxiproxy's own client, and processes that are killed. Each test leaves the network whole.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ChaosIT {
    private static final long SEED = 20_261_123L;
    private static final String AT_AMS = "pop/ams";
    private static final String AT_WEST = "region/eu-west/eu-west-1";
    private static final String AT_EAST = "region/us-east/us-east-1";

    /**
     * A task that no POP takes, for it may run longer than they allow: however often it is called.
     */
    private static final String FAR = "far";

    /** Where a link leads until the network's addresses are chosen: nobody listens there. */
    private static final String NOWHERE = "127.0.0.1:1";

    private FaultProxy faults;
    private Proxy internal;
    private Proxy cluster;
    private RealNetwork network;
    private int ams;
    private int iad;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        faults = FaultProxy.start(new InetSocketAddress(loopback, 0), SEED);
        ToxiproxyClient client =
                new ToxiproxyClient(loopback.getHostAddress(), faults.address().getPort());
        internal = client.createProxy("internal", "127.0.0.1:0", NOWHERE);
        cluster = client.createProxy("cluster", "127.0.0.1:0", NOWHERE);
        Path topology = folder.resolve("chaos.yaml");
        Files.writeString(topology, ChaosTopology.text(internal.getListen(), cluster.getListen()));
        network = RealNetwork.start(folder.resolve("data"), topology, this::lead);
        network.runnel("deploy", FAR, sample("hello"), "--public", "--timeout", "60s").mustWork();
    }

    /** Leads the links to their region, and learns where the POPs are. */
    private void lead(Topology chosen) {
        ams = chosen.pop(new PopId("ams")).orElseThrow().listen().port();
        iad = chosen.pop(new PopId("iad")).orElseThrow().listen().port();
        RegionNode west = chosen.regionNode(new NodeName("eu-west-1")).orElseThrow();
        try {
            internal.setUpstream(west.internal().toString());
            cluster.setUpstream(west.cluster().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void mend() throws IOException {
        for (Proxy proxy : List.of(internal, cluster)) {
            for (Toxic toxic : proxy.toxics().getAll()) {
                toxic.remove();
            }
            proxy.enable();
        }
        network.await(
                "calls of ams reach their region again",
                () -> RealNetwork.ranAt(network.call(ams, FAR)).equals(AT_WEST));
    }

    @AfterAll
    void stop() {
        network.close();
        faults.close();
        assertEquals(List.of(), network.processes(), "left after down");
    }

    @Test
    void aSlowLinkDelaysOnlyWhatCrossesIt() throws IOException {
        network.makePopular(ams, "hello", AT_AMS);
        internal.toxics().latency("slow", ToxicDirection.DOWNSTREAM, 400);
        long start = System.nanoTime();
        HttpResponse<String> rare = network.call(ams, FAR);
        long tookMs = (System.nanoTime() - start) / 1_000_000;
        assertEquals(200, rare.statusCode(), rare.body());
        // What a toxic delays is at least that late; how much more is the machine's business.
        assertTrue(
                tookMs >= 400 || RealNetwork.ranAt(rare).equals(AT_EAST),
                "%d ms at %s".formatted(tookMs, RealNetwork.ranAt(rare)));
        assertEquals(AT_AMS, RealNetwork.ranAt(network.call(ams, "hello")));
    }

    @Test
    void aRegionCutOffIsGoneRound() throws IOException {
        network.makePopular(ams, "hello", AT_AMS);
        internal.disable();
        cluster.disable();
        for (int i = 0; i < 20; i++) {
            HttpResponse<String> popular = network.call(ams, "hello");
            assertEquals(200, popular.statusCode(), popular.body());
            assertEquals(AT_AMS, RealNetwork.ranAt(popular));
            HttpResponse<String> rare = network.call(ams, FAR);
            assertEquals(AT_EAST, RealNetwork.ranAt(rare), rare.body());
        }
    }

    @Test
    void aLinkThatSwallowsEverythingIsFoundOut() throws IOException {
        internal.toxics().timeout("hole", ToxicDirection.UPSTREAM, 0);
        network.await(
                "calls go to the other region",
                () -> RealNetwork.ranAt(network.call(ams, FAR)).equals(AT_EAST));
    }

    @Test
    void aRegionKilledLosesNoCallAndComesBack() {
        network.makePopular(ams, "hello", AT_AMS);
        ProcessHandle killed = network.process("eu-west-1");
        killed.destroyForcibly();
        killed.onExit().join();
        List<String> lost = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            HttpResponse<String> popular = network.call(ams, "hello");
            if (popular.statusCode() != 200 || !RealNetwork.ranAt(popular).equals(AT_AMS)) {
                lost.add(popular.statusCode() + " " + RealNetwork.ranAt(popular));
            }
        }
        assertEquals(List.of(), lost);
        HttpResponse<String> rare = network.call(ams, FAR);
        assertEquals(200, rare.statusCode(), rare.body());
        network.await("eu-west-1 is back", () -> isReady("eu-west-1"));
    }

    @Test
    void aPopKilledComesBackWithWhatItKnew() {
        network.makePopular(ams, "hello", AT_AMS);
        network.runnel("stop", "eu-west-1").mustWork();
        network.runnel("stop", "us-east-1").mustWork();
        try {
            ProcessHandle killed = network.process("ams");
            killed.destroyForcibly();
            killed.onExit().join();
            network.await("ams is back", () -> isReady("ams"));
            HttpResponse<String> answer = network.call(ams, "hello");
            assertEquals(200, answer.statusCode(), answer.body());
            assertEquals(AT_AMS, RealNetwork.ranAt(answer));
            assertEquals("stale", answer.headers().firstValue("Runnel-Placed").orElse(""));
            network.await(
                    "it says how stale it is",
                    () ->
                            network.call(ams, "hello")
                                    .headers()
                                    .firstValue("Runnel-Stale")
                                    .isPresent());
        } finally {
            network.runnel("start", "eu-west-1").mustWork();
            network.runnel("start", "us-east-1").mustWork();
        }
    }

    @Test
    void whatWasAcknowledgedSurvivesTheEndOfEveryProcessAtOnce() {
        String module = RealNetwork.TOP.resolve("exec-runtime/samples/echo/echo.wasm").toString();
        network.runnel("deploy", "kept", module, "--public").mustWork();
        List<ProcessHandle> all = network.processes();
        assertTrue(all.size() >= 5, all.toString());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
        assertEquals(List.of(), network.processes());
        network.startAgain();
        // A POP that had not noted the deploy learns of it when its region has.
        for (int port : new int[] {ams, iad}) {
            network.await(
                    "kept is answered at " + port,
                    () -> network.call(port, "kept").statusCode() == 200);
        }
    }

    @Test
    void noEventLoopEverWaits() throws InterruptedException {
        network.makePopular(ams, "hello", AT_AMS);
        List<LoopWatch> nodes =
                List.of(
                        new LoopWatch(network.process("ams")),
                        new LoopWatch(network.process("eu-west-1")));
        nodes.forEach(node -> assertTrue(node.loops() > 0));
        AtomicBoolean over = new AtomicBoolean();
        Thread load = Thread.ofPlatform().start(() -> callAround(over));
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            nodes.forEach(node -> faults.addAll(node.faults()));
        }
        over.set(true);
        load.join();
        assertEquals(List.of(), faults);
    }

    private void callAround(AtomicBoolean over) {
        while (!over.get()) {
            for (String task : new String[] {"hello", FAR, "nothing"}) {
                network.call(ams, task);
            }
        }
    }

    @Test
    void theEndOfTheSupervisorIsTheEndOfAll() {
        List<ProcessHandle> all = network.processes();
        network.supervisor().destroyForcibly();
        all.forEach(process -> process.onExit().orTimeout(30, TimeUnit.SECONDS).join());
        assertEquals(List.of(), network.processes());
        network.startAgain();
    }

    private static String sample(String name) {
        String file = "exec-runtime/samples/%s/%s.wasm".formatted(name, name);
        return RealNetwork.TOP.resolve(file).toString();
    }

    private boolean isReady(String name) {
        return network.node(name)
                .filter(node -> node.path("state").asText().equals("ready"))
                .isPresent();
    }
}
