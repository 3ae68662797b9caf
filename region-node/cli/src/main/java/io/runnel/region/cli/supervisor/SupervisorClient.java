package io.runnel.region.cli.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.NodeName;
import io.runnel.region.cli.supervisor.SupervisorException.Code;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Speaks to the supervisor of a data folder. Each question is a connection; any thread. */
public final class SupervisorClient {
    /** What it knows it says at once; a machine may be busy. */
    private static final Duration TO_TELL = Duration.ofSeconds(20);

    /** It answers at once, or its process is being taken apart, which takes less. */
    private static final Duration TO_BE_SEEN = Duration.ofSeconds(2);

    /** What it does is over in less: all nodes start, and all end, at once. */
    private static final Duration TO_DO =
            Patience.TRAINING.toStart().plus(Patience.TRAINING.toStop()).plus(TO_TELL);

    private final UnixDomainSocketAddress address;
    private final Duration toTell;

    /**
     * The one behind this socket.
     *
     * @param toTell how long it may take to answer what needs no waiting
     */
    SupervisorClient(UnixDomainSocketAddress address, Duration toTell) {
        this.address = address;
        this.toTell = toTell;
    }

    /** The running supervisor; empty if none answers there, be it that a crash left its socket. */
    public static Optional<SupervisorClient> find(DataFolder data) {
        if (!Files.exists(data.socket())) {
            return Optional.empty();
        }
        return Optional.of(new SupervisorClient(UnixDomainSocketAddress.of(data.socket()), TO_TELL))
                .filter(client -> client.isThere(TO_BE_SEEN));
    }

    /**
     * Whether somebody answers, or at least does not hang up. That there is a connection says
     * little: one that was killed is connected to until the system has taken its process apart.
     *
     * @param most how long it is waited for; one that hangs is there, which whoever asks it hears
     */
    boolean isThere(Duration most) {
        CompletableFuture<Void> answered = new CompletableFuture<>();
        try {
            return ask(question("status"), most, answered, event -> {}).has("pid");
        } catch (SupervisorException e) {
            return answered.isCompletedExceptionally();
        }
    }

    /**
     * What the supervisor says of itself and the nodes.
     *
     * @param pid of the supervisor's process
     */
    public record Status(long pid, List<NodeReport> nodes) {
        public Status {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * Which nodes there are and how they are.
     *
     * @throws SupervisorException if it does not answer
     */
    public Status status() {
        JsonNode answer = ask(question("status"), toTell, event -> {});
        List<NodeReport> nodes = new ArrayList<>();
        answer.path("nodes").forEach(n -> nodes.add(SupervisorMessages.decodeReport(n)));
        return new Status(answer.path("pid").asLong(), nodes);
    }

    /**
     * Waits until every node was ready.
     *
     * @throws SupervisorException if one failed, or the supervisor does not answer
     */
    public void awaitReady(Consumer<SupervisorEvent> watcher) {
        ask(question("ready"), TO_DO, watcher);
    }

    /** Tells what happens until the supervisor has ended all nodes, or is gone itself. */
    public void watch(Consumer<SupervisorEvent> watcher) {
        try (JsonLines lines = new JsonLines(SocketChannel.open(address))) {
            answer(lines, question("watch"), watcher);
        } catch (IOException e) {
            throw noAnswer(e.getMessage(), e);
        }
    }

    /**
     * Starts a node and waits until it is ready.
     *
     * @throws SupervisorException if it fails
     */
    public Duration start(NodeName node, Consumer<SupervisorEvent> watcher) {
        return took(ask(question("start").put("node", node.value()), TO_DO, watcher));
    }

    /**
     * Ends a node and waits until it has ended.
     *
     * @throws SupervisorException if there is no such node
     */
    public Duration stop(NodeName node, Consumer<SupervisorEvent> watcher) {
        return took(ask(question("stop").put("node", node.value()), TO_DO, watcher));
    }

    /**
     * Puts a new process in a node's place and waits until it serves and the old one has ended.
     *
     * @param undrain whether it takes calls then even if it is drained now
     * @throws SupervisorException if it fails; a POP goes on as it was then
     */
    public Duration restart(NodeName node, boolean undrain, Consumer<SupervisorEvent> watcher) {
        ObjectNode question = question("restart").put("node", node.value()).put("undrain", undrain);
        return took(ask(question, TO_DO, watcher));
    }

    /**
     * Has the supervisor read which nodes there are to be; those that are new are stopped, those
     * that are gone forgotten once they have no process.
     *
     * @throws SupervisorException if it does not answer
     */
    public void reload() {
        ask(question("reload"), toTell, event -> {});
    }

    /** Ends all nodes and the supervisor; done when the nodes have ended. */
    public void down(Consumer<SupervisorEvent> watcher) {
        ask(question("down"), TO_DO, watcher);
    }

    private static ObjectNode question(String ask) {
        return SupervisorMessages.object().put("ask", ask);
    }

    private static Duration took(JsonNode answer) {
        return Duration.ofMillis(answer.path("tookMs").asLong());
    }

    private JsonNode ask(ObjectNode question, Duration most, Consumer<SupervisorEvent> watcher) {
        return ask(question, most, new CompletableFuture<>(), watcher);
    }

    /**
     * One that hangs would hold whoever asks for ever: a local socket knows no time limit.
     *
     * @param answered fails if it took longer than {@code most}
     */
    private JsonNode ask(
            ObjectNode question,
            Duration most,
            CompletableFuture<Void> answered,
            Consumer<SupervisorEvent> watcher) {
        try (JsonLines lines = new JsonLines(SocketChannel.open(address))) {
            var unused =
                    answered.orTimeout(most.toMillis(), TimeUnit.MILLISECONDS)
                            .exceptionally(late -> hangUp(lines));
            return answer(lines, question, watcher);
        } catch (IOException e) {
            throw answered.isCompletedExceptionally()
                    ? noAnswer("nothing within %d ms".formatted(most.toMillis()), e)
                    : noAnswer(e.getMessage(), e);
        } finally {
            answered.complete(null);
        }
    }

    private static Void hangUp(JsonLines lines) {
        try {
            lines.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return null;
    }

    private static JsonNode answer(
            JsonLines lines, ObjectNode question, Consumer<SupervisorEvent> watcher)
            throws IOException {
        lines.write(question);
        JsonNode line = lines.read();
        while (line.has("event")) {
            watcher.accept(SupervisorMessages.decodeEvent(line.get("event")));
            line = lines.read();
        }
        if (line.has("error")) {
            throw failure(line);
        }
        return line;
    }

    private static SupervisorException noAnswer(String why, IOException cause) {
        return new SupervisorException(
                Code.NO_ANSWER, "the supervisor does not answer: " + why, cause);
    }

    private static SupervisorException failure(JsonNode line) {
        Code code = Code.NO_ANSWER;
        for (Code known : Code.values()) {
            code = known.name().equals(line.path("code").asText()) ? known : code;
        }
        return new SupervisorException(code, line.path("error").asText());
    }
}
