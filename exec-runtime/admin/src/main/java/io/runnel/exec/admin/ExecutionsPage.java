package io.runnel.exec.admin;

import com.fasterxml.jackson.core.JsonGenerator;

import io.runnel.exec.isolate.CallMoves;
import io.runnel.exec.isolate.NotMovedException;
import io.runnel.exec.isolate.RunningExecution;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RequestId;
import io.vertx.core.http.HttpMethod;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The calls that run in a node's machines, and their moves: {@code GET /v1/executions}; {@code POST
 * /v1/executions/ID/to/NODE} begins to move one, {@code GET} of the same tells how that goes. The
 * last 64 moves are known. Safe for any thread.
 */
public final class ExecutionsPage implements AdminPage {
    private static final String PATH = "/v1/executions";
    private static final String TO = "to";
    private static final int PARTS = 4;
    private static final int MOST_MOVES = 64;

    private final Optional<CallMoves> moves;

    /** What was asked for, and how far that is; guarded by itself. */
    private final Map<Wanted, Move> asked =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Wanted, Move> eldest) {
                    return size() > MOST_MOVES;
                }
            };

    private record Wanted(RequestId call, NodeName to) {
        /** Of {@code /ID/to/NODE}. */
        static Optional<Wanted> parse(String rest) {
            String[] parts = rest.split("/", -1);
            return parts.length == PARTS
                            && RequestId.isValid(parts[1])
                            && parts[2].equals(TO)
                            && NodeName.isValid(parts[3])
                    ? Optional.of(new Wanted(new RequestId(parts[1]), new NodeName(parts[3])))
                    : Optional.empty();
        }
    }

    /** How far a move is: under way if neither is there. */
    private record Move(Optional<CallMoves.Report> done, Optional<String> failed) {
        static final Move UNDER_WAY = new Move(Optional.empty(), Optional.empty());

        String state() {
            return done.isPresent() ? "moved" : failed.isPresent() ? "not-moved" : "moving";
        }
    }

    /** Of one node; empty if it has no machines. */
    public ExecutionsPage(Optional<CallMoves> moves) {
        this.moves = moves;
    }

    @Override
    public boolean serves(String path) {
        return path.equals(PATH) || path.startsWith(PATH + "/");
    }

    @Override
    public List<HttpMethod> changes() {
        return List.of(HttpMethod.POST);
    }

    @Override
    public Optional<Document> document(String path) {
        if (path.equals(PATH)) {
            return Optional.of(Document.json(JsonWriting.bytes(this::writeAll)));
        }
        return Wanted.parse(path.substring(PATH.length())).flatMap(this::known);
    }

    private Optional<Document> known(Wanted wanted) {
        Move move;
        synchronized (asked) {
            move = asked.get(wanted);
        }
        return Optional.ofNullable(move)
                .map(it -> Document.json(JsonWriting.bytes(json -> write(json, wanted, it))));
    }

    @Override
    public Optional<Document> change(HttpMethod method, String path) {
        Optional<Wanted> wanted = Wanted.parse(path.substring(PATH.length()));
        if (wanted.isEmpty() || moves.isEmpty()) {
            return Optional.empty();
        }
        boolean begins;
        synchronized (asked) {
            Move before = asked.get(wanted.get());
            // It may have come back since, and be moved there once more.
            begins =
                    before == null
                            || before.failed().isPresent()
                            || (before.done().isPresent() && runsHere(wanted.get().call()));
            if (begins) {
                asked.put(wanted.get(), Move.UNDER_WAY);
            }
        }
        if (begins) {
            Thread.ofVirtual().name("move").start(() -> move(wanted.get(), moves.get()));
        }
        return known(wanted.get());
    }

    private boolean runsHere(RequestId call) {
        return moves.stream()
                .flatMap(by -> by.running().stream())
                .anyMatch(one -> one.call().equals(call));
    }

    private void move(Wanted wanted, CallMoves by) {
        Move end;
        try {
            end = new Move(Optional.of(by.move(wanted.call(), wanted.to())), Optional.empty());
        } catch (NotMovedException | RuntimeException e) {
            end = new Move(Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            end = new Move(Optional.empty(), Optional.of("the node stops"));
        }
        synchronized (asked) {
            asked.put(wanted, end);
        }
    }

    private void writeAll(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("executions");
        for (RunningExecution one : moves.map(CallMoves::running).orElse(List.of())) {
            json.writeStartObject();
            json.writeStringField("call", one.call().value());
            json.writeStringField("account", one.task().account().value());
            json.writeStringField("task", one.task().name().value());
            json.writeNumberField("version", one.version());
            json.writeNumberField("ranMillis", one.ran().toMillis());
            json.writeNumberField("memoryBytes", one.memoryBytes());
            json.writeBooleanField("movable", one.movable());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Wanted wanted, Move move) throws IOException {
        json.writeStartObject();
        json.writeStringField("call", wanted.call().value());
        json.writeStringField("to", wanted.to().value());
        json.writeStringField("state", move.state());
        if (move.failed().isPresent()) {
            json.writeStringField("why", move.failed().get());
        }
        if (move.done().isPresent()) {
            json.writeNumberField("bytes", move.done().get().bytes());
            json.writeNumberField("tookMillis", move.done().get().took().toMillis());
            json.writeNumberField("stoodMillis", move.done().get().stood().toMillis());
        }
        json.writeEndObject();
    }
}
