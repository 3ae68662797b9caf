package io.runnel.region.cli.supervisor;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.NodeName;
import io.runnel.region.cli.supervisor.SupervisorException.Code;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Answers those who come to the supervisor's socket: one question a connection, each on a virtual
 * thread of its own.
 */
final class SupervisorServer implements AutoCloseable {
    private static final int MOST_AT_ONCE = 32;
    private static final int MOST_EVENTS_WAITING = 1000;
    private static final int EVENT_WAIT_MILLIS = 50;
    private static final int MOST_MILLIS_TO_FINISH = 2000;

    private final Supervisor supervisor;
    private final Supplier<List<LocalNode>> nodes;
    private final ServerSocketChannel channel;
    private final Path socket;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    private SupervisorServer(
            Supervisor supervisor,
            Supplier<List<LocalNode>> nodes,
            ServerSocketChannel channel,
            Path socket) {
        this.supervisor = supervisor;
        this.nodes = nodes;
        this.channel = channel;
        this.socket = socket;
    }

    /**
     * Opens the socket, in place of one that a crash left.
     *
     * @param nodes reads which nodes there are to be
     * @throws IOException if it cannot be opened
     */
    static SupervisorServer open(
            Path socket, Supervisor supervisor, Supplier<List<LocalNode>> nodes)
            throws IOException {
        Files.deleteIfExists(socket);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(socket));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        return new SupervisorServer(supervisor, nodes, channel, socket);
    }

    /** Answers from now on. */
    void answerAll() {
        Thread.ofVirtual().name("accept").start(this::acceptAll);
    }

    private void acceptAll() {
        try {
            while (true) {
                SocketChannel caller = channel.accept();
                if (places.tryAcquire()) {
                    Thread.startVirtualThread(() -> serve(caller));
                } else {
                    caller.close();
                }
            }
        } catch (IOException e) {
            // Closed: the supervisor ends.
        }
    }

    private void serve(SocketChannel caller) {
        try (JsonLines lines = new JsonLines(caller)) {
            JsonNode question = lines.read();
            try {
                answer(question, lines);
            } catch (SupervisorException e) {
                lines.write(error(e));
            }
        } catch (IOException | SupervisorException e) {
            // The caller left, or spoke something else: nobody is there to be told.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            places.release();
        }
    }

    private void answer(JsonNode question, JsonLines lines)
            throws IOException, InterruptedException {
        String ask = question.path("ask").asText();
        switch (ask) {
            case "status" -> lines.write(done().set("nodes", reports()));
            case "ready" -> tellAllUntil(supervisor.allReady(), lines);
            case "watch" -> tellUntil(supervisor.ended(), lines);
            case "start" -> tellUntil(supervisor.start(node(question)), lines);
            case "stop" -> tellUntil(supervisor.stop(node(question)), lines);
            case "restart" ->
                    tellUntil(
                            supervisor.restart(
                                    node(question), question.path("undrain").asBoolean()),
                            lines);
            case "reload" -> tellUntil(supervisor.reload(nodes.get()), lines);
            case "down" -> tellUntil(supervisor.stopAll(), lines);
            default -> throw new SupervisorException(Code.NO_ANSWER, "unknown question: " + ask);
        }
    }

    private void tellAllUntil(CompletableFuture<?> wish, JsonLines lines)
            throws IOException, InterruptedException {
        BlockingQueue<SupervisorEvent> events = new ArrayBlockingQueue<>(MOST_EVENTS_WAITING);
        Consumer<SupervisorEvent> watcher = events::offer;
        supervisor.watchFromStart(watcher);
        tellUntil(wish, lines, events, watcher);
    }

    private void tellUntil(CompletableFuture<?> wish, JsonLines lines)
            throws IOException, InterruptedException {
        BlockingQueue<SupervisorEvent> events = new ArrayBlockingQueue<>(MOST_EVENTS_WAITING);
        Consumer<SupervisorEvent> watcher = events::offer;
        supervisor.watch(watcher);
        tellUntil(wish, lines, events, watcher);
    }

    /** Passes on what happens until the wish is fulfilled. */
    private void tellUntil(
            CompletableFuture<?> wish,
            JsonLines lines,
            BlockingQueue<SupervisorEvent> events,
            Consumer<SupervisorEvent> watcher)
            throws IOException, InterruptedException {
        try {
            while (!wish.isDone() || !events.isEmpty()) {
                SupervisorEvent event = events.poll(EVENT_WAIT_MILLIS, MILLISECONDS);
                if (event != null) {
                    lines.write(
                            SupervisorMessages.object()
                                    .set("event", SupervisorMessages.encode(event)));
                }
            }
            lines.write(result(wish));
        } finally {
            supervisor.unwatch(watcher);
        }
    }

    private static ObjectNode result(CompletableFuture<?> wish) throws InterruptedException {
        try {
            return wish.get() instanceof Duration took
                    ? done().put("tookMs", took.toMillis())
                    : done();
        } catch (ExecutionException e) {
            return error(known(e));
        }
    }

    /** Why something could not be done. */
    static SupervisorException known(ExecutionException e) {
        Throwable cause =
                e.getCause() instanceof CompletionException wrapped
                        ? wrapped.getCause()
                        : e.getCause();
        return cause instanceof SupervisorException known
                ? known
                : new SupervisorException(Code.NO_ANSWER, cause.toString(), e);
    }

    private ArrayNode reports() throws InterruptedException {
        try {
            List<NodeReport> reports = supervisor.reports().get();
            ArrayNode nodes = SupervisorMessages.object().arrayNode();
            reports.forEach(r -> nodes.add(SupervisorMessages.encode(r)));
            return nodes;
        } catch (ExecutionException e) {
            throw new SupervisorException(Code.NO_ANSWER, e.getMessage(), e);
        }
    }

    private static NodeName node(JsonNode question) {
        String name = question.path("node").asText();
        if (!NodeName.isValid(name)) {
            throw new SupervisorException(Code.NO_SUCH_NODE, "no node name: '%s'".formatted(name));
        }
        return new NodeName(name);
    }

    private static ObjectNode done() {
        return SupervisorMessages.object()
                .put("done", true)
                .put("pid", ProcessHandle.current().pid());
    }

    private static ObjectNode error(SupervisorException e) {
        return SupervisorMessages.object()
                .put("error", e.getMessage())
                .put("code", e.code().name());
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(socket);
        awaitAnswers();
    }

    /** Those who are being answered get the end of their answer. */
    private void awaitAnswers() {
        try {
            var unused = places.tryAcquire(MOST_AT_ONCE, MOST_MILLIS_TO_FINISH, MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
