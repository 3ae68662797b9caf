package io.runnel.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.NetworkToken;
import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.join.JoinToken;
import io.runnel.attestation.join.JoinTokenFile;
import io.runnel.exec.http.ListenerSettings.PortSharing;
import io.runnel.exec.isolate.MovedTime;
import io.runnel.exec.node.FolderLock;
import io.runnel.exec.node.NodeArguments;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A POP with all its parts before a {@link TestRegion}. All that a test does or learns goes over
 * HTTP; only the time of demand is the test's own.
 */
final class TestPop implements AutoCloseable {
    /** What an answer says of its call. */
    record Answer(String placed, String ranAt, String start) {
        /** That of a call which ran here and found its isolate ready. */
        static Answer warmHere(String placed) {
            return new Answer(placed, "pop/edge", "warm");
        }
    }

    private static final String TOPOLOGY =
            """
            network: test
            policies: [{action: receive-traffic, require: [{fact: role, in: [%s]}]}]
            regions:
              - name: north
                registry: true
                location: {lat: 1, lon: 1}
                store: sqlite
                devices: {sensor: /dev/zero}
                nodes:
                  - {name: north-1, zone: a, listen: 127.0.0.1:1, internal: 127.0.0.1:%d, cluster: 127.0.0.1:2, admin: 127.0.0.1:3, slots: 16, memory: 1GiB}
            pops:
              - name: edge
                location: {lat: 3, lon: 3}
                listen: 127.0.0.1:0
                %s
                admin: 127.0.0.1:0
                region: north
                slots: 16
                memory: 1GiB
                restrictions: {maxMemory: 256MiB, maxDuration: 30s, runtimes: [wasm]}
                devices: {%s}
            """;

    /** The guest starts when a MiB has come, and waits for the last byte; some wait on the way. */
    private static final int BODY_BYTES = (1 << 20) + (1 << 17);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final MovedTime time = new MovedTime();
    private final HttpClient client;
    private final String scheme;
    private final NetworkToken token;
    private final Path data;
    private TestRegion region;
    private final PopFacts facts;
    private PopNode pop;

    TestPop(Path data) throws Exception {
        this(data, "");
    }

    /** With these devices, as they stand in a topology. */
    TestPop(Path data, String devices) throws Exception {
        this(data, devices, "region, pop");
        awaitReady();
    }

    /**
     * With these devices, where nodes get calls that are of these roles; maybe not ready.
     *
     * @param roles as they stand in a topology's policy
     */
    TestPop(Path data, String devices, String roles) throws Exception {
        this(data, devices, roles, "", "http", null);
    }

    /** That speaks TLS with users. */
    TestPop(Path data, TestHostFiles host) throws Exception {
        this(data, "", "region, pop", "tls: " + host.inTopology(), "https", host.client());
        awaitReady();
    }

    private TestPop(
            Path data, String devices, String roles, String tls, String scheme, SSLContext secured)
            throws Exception {
        this.data = data;
        this.scheme = scheme;
        HttpClient.Builder builder = HttpClient.newBuilder();
        if (secured != null) {
            builder.sslContext(secured);
        }
        this.client = builder.version(HttpClient.Version.HTTP_1_1).build();
        token = NetworkToken.readOrCreate(data.resolve("network.token"), new SecureRandom());
        List<RegionId> missing =
                new AuthorityFolder(data)
                        .ensure(
                                "test",
                                List.of(TestRegion.NAME),
                                Instant.now(),
                                new SecureRandom());
        assertEquals(List.of(), missing);
        region = new TestRegion(data);
        Files.writeString(
                data.resolve("topology.yaml"),
                TOPOLOGY.formatted(roles, region.port(), tls, devices));
        NodeArguments arguments =
                NodeArguments.parse(List.of("--data", data.toString(), "--node", "edge"));
        facts = PopFacts.read(arguments);
        facts.folder().create();
        admit();
        pop = new PopNode(facts, time.clocks(), PortSharing.NONE);
    }

    void awaitReady() throws Exception {
        await("its catalog", this::isReady);
    }

    /** Until there is a region in which this task may run. */
    void awaitRegions(TaskRef task) throws Exception {
        await(
                "a region for " + task,
                () ->
                        explain(task.toString())
                                .filter(told -> told.getString("would").equals("forward"))
                                .isPresent());
    }

    boolean isReady() throws Exception {
        return send(get("/_runnel/ready")).statusCode() == 200;
    }

    /** It joins with a token, and is who it was when it starts again. */
    private void admit() {
        SecureRandom random = new SecureRandom();
        JoinToken token =
                JoinToken.create(
                        new Identity.Authority("test", TestRegion.NAME),
                        new Identity.Pop("test", facts.pop().name()),
                        Instant.now(),
                        JoinToken.LIFE,
                        random);
        CertificateAuthority authority =
                new AuthorityFolder(data).authority(TestRegion.NAME, random).orElseThrow();
        new JoinTokenFile(facts.folder().own()).write(List.of(token.signed(authority.key())));
    }

    /** Ends the POP and starts it on the same folder. */
    void startAgain() throws Exception {
        pop.close();
        pop = new PopNode(facts, time.clocks(), PortSharing.NONE);
    }

    /** Starts one more on the same folder. */
    void startAnother() throws Exception {
        new PopNode(facts, time.clocks(), PortSharing.NONE).close();
    }

    /** What operators are told when they ask for a drain this way. */
    JsonObject drain(String method) throws Exception {
        HttpResponse<String> answer =
                send(
                        HttpRequest.newBuilder(at(pop.adminPort(), "/v1/drain"))
                                .method(method, BodyPublishers.noBody())
                                .header("Authorization", "Bearer " + token.text())
                                .build());
        assertEquals(200, answer.statusCode(), answer::body);
        return new JsonObject(answer.body());
    }

    void letGo() {
        pop.letGo();
    }

    void takeBack() {
        pop.takeBack();
    }

    /** Whether another process could have the POP's folder. */
    boolean isFolderFree() throws Exception {
        try (FolderLock lock = FolderLock.take(facts.folder(), Duration.ZERO)) {
            return lock != null;
        }
    }

    /** Calls one after the other; what each of them found. */
    List<Answer> burst(TaskRef task, int calls) throws Exception {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            answers.add(answer(send(get("/fn/" + task))));
        }
        MovedTime.settle(pop.runner());
        return answers;
    }

    /** Calls that are sent at once; what each of them found. */
    List<Answer> rush(TaskRef task, int calls) throws Exception {
        List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            sent.add(client.sendAsync(get("/fn/" + task), BodyHandlers.ofString()));
        }
        return answers(sent);
    }

    /** Calls that all are there before the first of them ends; what each of them found. */
    List<Answer> together(TaskRef task, int calls) throws Exception {
        List<CompletableFuture<Void>> rests = new ArrayList<>();
        List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            HeldBody body = new HeldBody(BODY_BYTES);
            rests.add(body.rest());
            HttpRequest request =
                    request("/fn/" + task).POST(BodyPublishers.ofInputStream(() -> body)).build();
            sent.add(client.sendAsync(request, BodyHandlers.ofString()));
        }
        await("so many calls", () -> present(task) == calls);
        rests.forEach(rest -> rest.complete(null));
        return answers(sent);
    }

    private List<Answer> answers(List<CompletableFuture<HttpResponse<String>>> sent)
            throws Exception {
        List<Answer> answers = new ArrayList<>();
        for (CompletableFuture<HttpResponse<String>> each : sent) {
            answers.add(answer(each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)));
        }
        MovedTime.settle(pop.runner());
        return answers;
    }

    private static Answer answer(HttpResponse<String> response) {
        assertEquals(200, response.statusCode(), response::body);
        return new Answer(
                header(response, "Runnel-Placed"),
                header(response, "Runnel-Ran-At"),
                header(response, "Runnel-Start"));
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElseThrow();
    }

    /** Lets time pass. */
    void pass(long ms) {
        time.pass(pop.runner(), ms);
    }

    long nowMs() {
        return time.nowMs();
    }

    /** What operators are told of a task that was called. */
    JsonObject task(TaskRef task) throws Exception {
        return known(task).orElseThrow(() -> new AssertionError("nothing is known of " + task));
    }

    private Optional<JsonObject> known(TaskRef task) throws Exception {
        HttpResponse<String> answer = told("/v1/pool/tasks/" + task);
        return answer.statusCode() == 200
                ? Optional.of(new JsonObject(answer.body()))
                : Optional.empty();
    }

    private int present(TaskRef task) throws Exception {
        return known(task).map(known -> known.getInteger("present")).orElse(0);
    }

    /** A task's period that is acted on, if there is one. */
    Optional<JsonObject> period(TaskRef task) throws Exception {
        return task(task).getJsonArray("periods").stream()
                .map(JsonObject.class::cast)
                .filter(p -> List.of("periodic", "suspect").contains(p.getString("state")))
                .findFirst();
    }

    /** Isolates that wait for calls. */
    int idle() throws Exception {
        return pool().getInteger("idleIsolates");
    }

    long count(String what) throws Exception {
        return pool().getJsonObject("counts").getLong(what);
    }

    /** Isolates that were made while a call waited. */
    long madeForCalls() throws Exception {
        long made = pool().getJsonObject("phases").getJsonObject("instantiate").getLong("count");
        return made - count("prepared");
    }

    /** The longest that a part of a start took. */
    long mostMs(String phase) throws Exception {
        long nanos = pool().getJsonObject("phases").getJsonObject(phase).getLong("mostNanos");
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private JsonObject pool() throws Exception {
        return new JsonObject(told("/v1/pool").body());
    }

    /** One call, whatever comes of it. */
    HttpResponse<String> call(String path) throws Exception {
        return send(get(path));
    }

    /** One call that brings a body, whatever comes of it. */
    HttpResponse<byte[]> post(String path, String body) throws Exception {
        return client.send(
                request(path).POST(BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofByteArray());
    }

    /** One call by the way that AWS clients take. */
    HttpResponse<String> invoke(TaskRef task, String type) throws Exception {
        String path = "/2015-03-31/functions/%s:function:%s/invocations";
        return send(
                request(path.formatted(task.account(), task.name()))
                        .header("X-Amz-Invocation-Type", type)
                        .POST(BodyPublishers.ofString("{}"))
                        .build());
    }

    /** What operators are told of one call, once its answer is noted; empty if nothing is. */
    Optional<JsonObject> note(String id) throws Exception {
        HttpResponse<String> answer = told("/v1/calls/" + id);
        return answer.statusCode() == 200
                ? Optional.of(new JsonObject(answer.body()))
                : Optional.empty();
    }

    /** The note of one call, which may come a moment after its answer. */
    JsonObject awaitNote(String id) throws Exception {
        await("the note of " + id, () -> note(id).isPresent());
        return note(id).orElseThrow();
    }

    /** What operators are told of a call that would come now; empty if the task is not known. */
    Optional<JsonObject> explain(String task) throws Exception {
        HttpResponse<String> answer = told("/v1/explain/" + task);
        return answer.statusCode() == 200
                ? Optional.of(new JsonObject(answer.body()))
                : Optional.empty();
    }

    /** Who it says that it is, signed; waits until it is somebody. */
    JsonObject identity() throws Exception {
        await("its certificate", () -> told("/v1/identity").statusCode() == 200);
        return new JsonObject(told("/v1/identity").body());
    }

    /** What Prometheus reads. */
    HttpResponse<String> metrics() throws Exception {
        return told("/metrics");
    }

    /** The region. */
    TestRegion region() {
        return region;
    }

    /** Has the region come back. */
    void regainRegion() throws Exception {
        region = new TestRegion(data, region.port());
    }

    /** One call, under way. */
    CompletableFuture<HttpResponse<String>> begin(String path) {
        return client.sendAsync(get(path), BodyHandlers.ofString());
    }

    /** What the POP says of its region's reach. */
    void awaitReach(String reach) throws Exception {
        await(
                "region " + reach,
                () -> drain("GET").getJsonObject("regions").getString("north").equals(reach));
    }

    /** Ends the region. */
    void loseRegion() {
        region.close();
    }

    private HttpResponse<String> told(String path) throws Exception {
        return send(
                HttpRequest.newBuilder(at(pop.adminPort(), path))
                        .header("Authorization", "Bearer " + token.text())
                        .build());
    }

    /** Waits until the task's program is open here. */
    void awaitOpen(TaskRef task) throws Exception {
        await("the program", () -> task(task).getBoolean("open"));
    }

    private HttpRequest get(String path) {
        return request(path).build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(users(path)).timeout(PATIENCE);
    }

    /** Where users call it. */
    URI users(String path) {
        return URI.create("%s://127.0.0.1:%d%s".formatted(scheme, pop.port(), path));
    }

    /** Waits until who connects is shown this certificate. */
    void awaitShown(X509Certificate certificate) throws Exception {
        await("the certificate", () -> shown().equals(certificate));
    }

    private Certificate shown() throws Exception {
        try (SSLSocket socket =
                (SSLSocket)
                        client.sslContext()
                                .getSocketFactory()
                                .createSocket("127.0.0.1", pop.port())) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    private static URI at(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        return client.send(request, BodyHandlers.ofString());
    }

    static void await(String what, Callable<Boolean> isSo) throws Exception {
        long endNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!isSo.call()) {
            assertTrue(System.nanoTime() < endNanos, () -> what + " did not come");
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        pop.close();
        region.close();
    }
}
