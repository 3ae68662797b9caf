package io.runnel.exec.microvm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.microvm.guest.SnapshotPoint;
import io.runnel.exec.network.NetworkPoint;
import io.runnel.exec.network.tcp.FlowKey;
import io.runnel.exec.network.tcp.FlowPoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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
        network.names().forEach(json.putArray("names")::add);
        ArrayNode flows = json.putArray("flows");
        for (FlowPoint flow : network.flows()) {
            flows.addArray()
                    .add(flow.key().guestPort())
                    .add(flow.key().remoteAddress())
                    .add(flow.key().remotePort())
                    .add(flow.toGuest())
                    .add(flow.fromGuest());
        }
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
        List<String> names = new ArrayList<>();
        json.path("names").forEach(name -> names.add(name.asText()));
        List<FlowPoint> flows = new ArrayList<>();
        for (JsonNode flow : json.path("flows")) {
            if (flow.size() != 5) {
                throw new IllegalArgumentException("a connection has five numbers");
            }
            FlowKey key =
                    new FlowKey(flow.get(0).asInt(), flow.get(1).asInt(), flow.get(2).asInt());
            flows.add(new FlowPoint(key, flow.get(3).asInt(), flow.get(4).asInt()));
        }
        return new TemplatePoint(
                new SnapshotPoint(
                        json.path("atRestore").asBoolean(),
                        json.path("guestCredit").asLong(-1),
                        json.path("bodyCredit").asLong(-1)),
                new NetworkPoint(flows, names));
    }
}
