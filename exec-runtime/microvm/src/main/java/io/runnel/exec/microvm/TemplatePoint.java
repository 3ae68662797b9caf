package io.runnel.exec.microvm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.microvm.guest.SnapshotPoint;
import io.runnel.exec.network.NetworkPoint;

import java.io.IOException;

/**
 * Where both ends of a guest stood when its snapshot was taken: the agent's channel, and what its
 * kernel believes to have on the network. As JSON it lies beside the snapshot.
 */
record TemplatePoint(SnapshotPoint agent, NetworkPoint network) {
    private static final JsonMapper JSON = new JsonMapper();

    /** One that has nothing on the network. */
    static TemplatePoint of(SnapshotPoint agent) {
        return new TemplatePoint(agent, NetworkPoint.NONE);
    }

    byte[] toJson() throws IOException {
        ObjectNode json = JSON.createObjectNode().put("atRestore", agent.atRestore());
        json.put("guestCredit", agent.guestCredit()).put("bodyCredit", agent.bodyCredit());
        NetworkPointJson.put(json, network);
        return JSON.writeValueAsBytes(json);
    }

    /**
     * Reads one.
     *
     * @throws IOException if it is no JSON
     * @throws IllegalArgumentException if it says what cannot be
     */
    static TemplatePoint ofJson(byte[] bytes) throws IOException {
        JsonNode json = JSON.readTree(bytes);
        return new TemplatePoint(
                new SnapshotPoint(
                        json.path("atRestore").asBoolean(),
                        json.path("guestCredit").asLong(-1),
                        json.path("bodyCredit").asLong(-1)),
                NetworkPointJson.read(json));
    }
}
