package io.runnel.exec.microvm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.microvm.guest.MovePoint;
import io.runnel.exec.network.NetworkPoint;
import io.runnel.exec.task.StartKind;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/**
 * What of a function that has moved is not in its machine: where its agent's channel and its
 * connections stood, and what its call has taken so far.
 *
 * @param start how the call began
 * @param ranNanos it has run so long
 */
record MovedState(MovePoint agent, NetworkPoint network, StartKind start, long ranNanos) {
    private static final JsonMapper JSON = new JsonMapper();

    MovedState {
        if (ranNanos < 0) {
            throw new IllegalArgumentException("ranNanos must not be negative: " + ranNanos);
        }
    }

    byte[] toJson() throws IOException {
        ObjectNode json = JSON.createObjectNode().put("called", agent.called());
        json.put("guestCredit", agent.guestCredit()).put("bodyCredit", agent.bodyCredit());
        json.put("start", start.name().toLowerCase(Locale.ROOT)).put("ranNanos", ranNanos);
        NetworkPointJson.put(json, network);
        return JSON.writeValueAsBytes(json);
    }

    /**
     * Reads what another node says.
     *
     * @throws IOException if it is no JSON
     * @throws IllegalArgumentException if it says what cannot be
     */
    static MovedState ofJson(byte[] bytes) throws IOException {
        JsonNode json = JSON.readTree(bytes);
        return new MovedState(
                new MovePoint(
                        json.path("called").asBoolean(),
                        json.path("guestCredit").asLong(-1),
                        json.path("bodyCredit").asLong(-1)),
                NetworkPointJson.read(json),
                start(json.path("start").asText()),
                json.path("ranNanos").asLong(-1));
    }

    private static StartKind start(String text) {
        return Arrays.stream(StartKind.values())
                .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no kind of start"));
    }
}
