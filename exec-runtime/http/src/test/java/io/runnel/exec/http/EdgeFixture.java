package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.isolate.FakeRuntime;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.Reservation;
import io.runnel.exec.isolate.RunnerSettings;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Mobility;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A node in small: a listener, the paths of the edge, and a runner with guests in Java. */
final class EdgeFixture {
    private static final Duration LONG = Duration.ofSeconds(20);

    final Vertx vertx;
    private static final Duration SOON = Duration.ofMillis(3);

    final FakeRuntime fake = new FakeRuntime(RuntimeKind.WASM);
    final TaskRunner runner;
    final TaskExchange tasks;
    final NodeListener listener;

    /** How calls ended, in the order they did. */
    final BlockingQueue<Outcome> ends = new LinkedBlockingQueue<>();

    /** How many bytes of their requests runs were told to have taken. */
    final BlockingQueue<Long> metered = new LinkedBlockingQueue<>();

    /** What is set in every call. */
    volatile SetParameters parameters = SetParameters.NONE;

    /** Who calls. */
    volatile Caller caller = Caller.ANONYMOUS;

    /** By how much the listener's clock is ahead. */
    final AtomicLong aheadNanos = new AtomicLong();

    private final CodeStore codes;
    private final Map<TaskName, Task> deployed = new ConcurrentHashMap<>();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    EdgeFixture(Path folder) throws Exception {
        this(folder, ListenerSettings.at("127.0.0.1", 0).withLoops(1));
    }

    EdgeFixture(Path folder, ListenerSettings settings) throws Exception {
        this(folder, settings, ConnectionLimits.DEFAULT);
    }

    EdgeFixture(Path folder, ListenerSettings settings, ConnectionLimits limits) throws Exception {
        vertx = NodeVertx.create(new VertxOptions(), limits);
        codes = new CodeStore(folder.resolve("code"));
        runner =
                new TaskRunner(
                        new RunnerSettings(2, ByteSize.ofMiB(512), 16, LONG),
                        java.util.List.of(fake),
                        codes,
                        System::nanoTime);
        tasks = new TaskExchange(runner, InstantSource.system());
        listener =
                await(
                        NodeListener.start(
                                vertx,
                                settings,
                                new RequestIds(InstantSource.system(), ThreadLocalRandom::current),
                                () -> System.nanoTime() + aheadNanos.get(),
                                this::handle));
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    int port() {
        return listener.port();
    }

    RawClient client() throws Exception {
        return new RawClient(port());
    }

    /** What guests wrote to their logs. */
    String logged() {
        synchronized (log) {
            return log.toString(StandardCharsets.UTF_8);
        }
    }

    Outcome nextEnd() throws InterruptedException {
        Outcome end = ends.poll(60, TimeUnit.SECONDS);
        assertTrue(end != null, "no call ends: free slots " + runner.freeSlots());
        return end;
    }

    /** Waits until no call is in flight. */
    void awaitQuiet() {
        awaitInFlight(0);
    }

    /** Waits until so many calls are in flight. */
    void awaitInFlight(int count) {
        await(() -> listener.inFlight() == count, () -> "in flight: " + listener.inFlight());
    }

    /** Waits until so many connections that have sent a request are open. */
    void awaitConnections(int count) {
        await(
                () -> listener.connections() == count,
                () -> "connections: " + listener.connections());
    }

    /** Waits until so many calls run or wait. */
    void awaitLoad(int count) {
        await(
                () -> runner.loadReport().running() + runner.loadReport().waiting() == count,
                () -> runner.loadReport().toString());
    }

    /** Waits until so much memory for bodies is free. */
    void awaitFreeBodies(ByteSize size) {
        await(
                () -> listener.freeBodyBytes() == size.bytes(),
                () -> "free: " + listener.freeBodyBytes());
    }

    private static void await(BooleanSupplier done, Supplier<String> state) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!done.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, state);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** A guest that writes this. */
    static FakeRuntime.Guest saying(String output) {
        byte[] bytes = output.getBytes(StandardCharsets.ISO_8859_1);
        return (call, in, out, log) -> {
            out.write(bytes, 0, bytes.length);
            return 0;
        };
    }

    static void say(OutputSink out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
    }

    void deploy(String name, FakeRuntime.Guest guest) throws Exception {
        deploy(name, HandlerKind.HTTP, Limits.DEFAULT, guest);
    }

    void deploy(String name, HandlerKind handler, Limits limits, FakeRuntime.Guest guest)
            throws Exception {
        byte[] code = fake.define(name, guest);
        codes.put(code);
        Task task =
                new Task(
                        TaskRef.of("demo", name),
                        3,
                        RuntimeKind.WASM,
                        handler,
                        CodeDigest.of(code),
                        limits,
                        Map.of("OWN", "variable"));
        runner.prepare(task).get(60, TimeUnit.SECONDS);
        deployed.put(task.ref().name(), task);
    }

    private void handle(Exchange exchange) {
        EdgeTarget target = EdgePath.parse(exchange.request().method(), exchange.request().path());
        switch (target) {
            case EdgeTarget.TaskCall(TaskRef ref, Qualifier named, String rest) ->
                    call(exchange, deployed.get(ref.name()), rest);
            case EdgeTarget.Invoke(FunctionName function) -> {
                exchange.shape(ErrorShape.LAMBDA);
                invoke(exchange, deployed.get(function.task()), InvokeReply.WHOLE);
            }
            case EdgeTarget.InvokeStream(FunctionName function) -> {
                exchange.shape(ErrorShape.LAMBDA);
                invoke(exchange, deployed.get(function.task()), InvokeReply.STREAMED);
            }
            case EdgeTarget.Health health -> exchange.response().end("well\n");
            case EdgeTarget.Nonce nonce -> exchange.response().end("nonce\n");
            case EdgeTarget.Keys keys -> exchange.response().end("{\"keys\":[]}\n");
            case EdgeTarget.Ready ready ->
                    throw new IllegalStateException("a secret of the inside");
            case EdgeTarget.ApiCall api -> exchange.refuse(ErrorCode.NOT_FOUND);
            case EdgeTarget.Unknown unknown -> exchange.refuse(ErrorCode.NOT_FOUND);
            case EdgeTarget.Malformed malformed -> exchange.refuse(ErrorCode.BAD_REQUEST);
            case EdgeTarget.TooLong tooLong -> exchange.refuse(ErrorCode.URI_TOO_LONG);
        }
    }

    private void call(Exchange exchange, Task task, String rest) {
        if (task == null) {
            exchange.refuse(ErrorCode.TASK_NOT_FOUND);
            return;
        }
        if (tasks.mayRefuseAtHead(exchange)
                && tasks.refuseAtHead(exchange, facts(exchange, task, rest))) {
            return;
        }
        exchange.gather(
                BodyLimits.of(task),
                body -> {
                    CallFacts facts = facts(exchange, task, rest);
                    Optional<Reservation> slot = runner.tryReserve(task);
                    if (slot.isPresent()) {
                        tasks.run(exchange, facts, body, slot.get());
                    } else if (rest.equals("/soon")) {
                        tasks.runSoon(exchange, facts, body, SOON, () -> elsewhere(exchange, body));
                    } else {
                        tasks.run(exchange, facts, body);
                    }
                });
    }

    /** As a POP would have a region answer. */
    private static void elsewhere(Exchange exchange, GatheredBody body) {
        exchange.response().end("elsewhere: " + body.head());
    }

    private void invoke(Exchange exchange, Task task, InvokeReply reply) {
        if (task == null) {
            exchange.refuse(ErrorCode.TASK_NOT_FOUND);
            return;
        }
        exchange.gather(
                BodyLimits.ofInvoke(task),
                body -> tasks.invoke(exchange, facts(exchange, task, ""), body, reply));
    }

    private CallFacts facts(Exchange exchange, Task task, String rest) {
        return new CallFacts(
                task,
                Map.of(),
                caller,
                Origin.of(exchange.request()),
                rest,
                Optional.empty(),
                parameters,
                System.nanoTime() + LONG.toNanos(),
                (headers, outcome) -> headers.set(RunnelHeaders.RAN_AT, "pop/test"),
                this::keep,
                (outcome, bytes) -> metered.add(bytes),
                Mobility.FIXED,
                ends::add,
                ends::add);
    }

    private void keep(byte[] bytes, int offset, int length) {
        synchronized (log) {
            log.write(bytes, offset, length);
        }
    }

    void close() throws Exception {
        await(listener.drain(Duration.ofMillis(100)));
        runner.close();
        await(vertx.close());
    }
}
