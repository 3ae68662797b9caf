package io.runnel.exec.microvm.machine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * QEMU's control channel: one JSON document a line, a question and its answer (QEMU Machine
 * Protocol). QEMU may have been taken over by its guest, so its answers are bounded in length,
 * depth and time; events are read and forgotten, and too many of them are an error.
 *
 * <p>Safe for any thread, one question at a time; a channel that failed once stays failed.
 */
final class Qmp implements Closeable {
    /** The longest line; QEMU's longest to us have 2 KiB. */
    static final int MOST_LINE_BYTES = 64 << 10;

    /** The most events before an answer. */
    static final int MOST_EVENTS = 256;

    private static final int MOST_DEPTH = 16;
    private static final int SHOWN_CHARACTERS = 200;
    private static final ObjectMapper JSON = mapper();

    private final SocketChannel channel;
    private final Duration patience;
    private final TimedChannel.Doom doom;
    private final ByteBuffer line = ByteBuffer.allocate(MOST_LINE_BYTES);
    private long questions;
    private boolean broken;

    private Qmp(SocketChannel channel, Duration patience, TimedChannel.Doom doom) {
        this.channel = channel;
        this.patience = patience;
        this.doom = doom;
        line.limit(0);
    }

    private static ObjectMapper mapper() {
        JsonMapper mapper = new JsonMapper();
        mapper.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(MOST_DEPTH).build());
        return mapper;
    }

    /**
     * Greets QEMU.
     *
     * @param channel owned by the new object, also if this fails
     * @param patience for each answer
     * @throws IOException if what is there does not talk as QEMU
     */
    static Qmp open(SocketChannel channel, Duration patience, TimedChannel.Doom doom)
            throws IOException {
        Qmp qmp = new Qmp(channel, patience, doom);
        try {
            channel.configureBlocking(false);
            JsonNode greeting = qmp.readLine(System.nanoTime() + patience.toNanos());
            if (!greeting.path("QMP").isObject()) {
                throw new MachineException("no greeting of QEMU: " + shown(greeting));
            }
            qmp.ask("qmp_capabilities");
            return qmp;
        } catch (IOException | RuntimeException e) {
            qmp.close();
            throw e;
        }
    }

    /** Stops the guest's processor. */
    void stop() throws IOException {
        ask("stop");
    }

    /** Lets the guest's processor go on. */
    void cont() throws IOException {
        ask("cont");
    }

    /** QEMU's word for the machine's state: {@code running}, {@code paused}, … */
    String status() throws IOException {
        return ask("query-status").path("status").asText("");
    }

    /** Whether shared memory is left out of migrations. */
    void ignoreSharedMemory(boolean ignored) throws IOException {
        ObjectNode arguments = JSON.createObjectNode();
        arguments
                .putArray("capabilities")
                .addObject()
                .put("capability", "x-ignore-shared")
                .put("state", ignored);
        ask("migrate-set-capabilities", Optional.of(arguments));
    }

    /** How fast a migration may be, and for how long the guest may stand still at its end. */
    void migrationLimits(long bytesPerSecond, Duration pause) throws IOException {
        ObjectNode arguments = JSON.createObjectNode();
        arguments.put("max-bandwidth", bytesPerSecond).put("downtime-limit", pause.toMillis());
        ask("migrate-set-parameters", Optional.of(arguments));
    }

    /** For how long the guest has stood still for a migration that is over. */
    Duration migrationPause() throws IOException {
        return Duration.ofMillis(Math.max(0, ask("query-migrate").path("downtime").asLong(0)));
    }

    /** Ends a migration that is under way; nothing happens if there is none. */
    void cancelMigration() throws IOException {
        ask("migrate_cancel");
    }

    /** Starts to send the machine's state to an address of QEMU's. */
    void migrate(String address) throws IOException {
        ask("migrate", Optional.of(JSON.createObjectNode().put("uri", address)));
    }

    /** Starts to read a machine's state from a descriptor that QEMU has. */
    void migrateIncoming(int descriptor) throws IOException {
        ask(
                "migrate-incoming",
                Optional.of(JSON.createObjectNode().put("uri", "fd:" + descriptor)));
    }

    /** QEMU's word for a migration's state, with its reason if it failed; empty: none yet. */
    String migration() throws IOException {
        JsonNode answer = ask("query-migrate");
        String status = answer.path("status").asText("");
        String reason = answer.path("error-desc").asText("");
        return reason.isEmpty() ? status : status + ": " + bounded(reason);
    }

    /** Ends QEMU. */
    void quit() throws IOException {
        ask("quit");
    }

    /** What QEMU returns to a command without arguments. */
    JsonNode ask(String command) throws IOException {
        return ask(command, Optional.empty());
    }

    private synchronized JsonNode ask(String command, Optional<JsonNode> arguments)
            throws IOException {
        if (broken) {
            throw new MachineException("QEMU's control channel failed before");
        }
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        broken = true;
        JsonNode answer = exchange(command, arguments, deadlineNanos);
        broken = false;
        JsonNode error = answer.path("error");
        if (!error.isMissingNode()) {
            throw new MachineException(
                    "QEMU refuses %s: %s".formatted(command, bounded(error.path("desc").asText())));
        }
        return answer.path("return");
    }

    private JsonNode exchange(String command, Optional<JsonNode> arguments, long deadlineNanos)
            throws IOException {
        long id = ++questions;
        ObjectNode question = JSON.createObjectNode().put("execute", command).put("id", id);
        arguments.ifPresent(a -> question.set("arguments", a));
        byte[] text = (question + "\n").getBytes(StandardCharsets.UTF_8);
        TimedChannel.write(channel, ByteBuffer.wrap(text), deadlineNanos, doom);
        for (int events = 0; events <= MOST_EVENTS; events++) {
            JsonNode answer = readLine(deadlineNanos);
            if (answer.has("event")) {
                continue;
            }
            if (answer.path("id").asLong(-1) != id) {
                throw new MachineException(
                        "not an answer to %s: %s".formatted(command, shown(answer)));
            }
            return answer;
        }
        throw new MachineException("QEMU has more than %d events to tell".formatted(MOST_EVENTS));
    }

    private JsonNode readLine(long deadlineNanos) throws IOException {
        int seen = line.position();
        while (true) {
            for (int at = seen; at < line.limit(); at++) {
                if (line.get(at) == '\n') {
                    return takeLine(at);
                }
            }
            line.compact();
            seen = line.position();
            if (!line.hasRemaining()) {
                throw new MachineException(
                        "QEMU says a line of more than %d bytes".formatted(MOST_LINE_BYTES));
            }
            int count = TimedChannel.read(channel, line, deadlineNanos, doom);
            line.flip();
            if (count < 0) {
                throw new MachineException("QEMU closed its control channel");
            }
        }
    }

    private JsonNode takeLine(int end) throws IOException {
        byte[] bytes = new byte[end - line.position()];
        line.get(bytes).get();
        try {
            return JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new MachineException("QEMU says no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static String shown(JsonNode node) {
        return bounded(node.toString());
    }

    private static String bounded(String text) {
        return text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) + "…" : text;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
