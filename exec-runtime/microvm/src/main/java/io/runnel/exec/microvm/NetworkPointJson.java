package io.runnel.exec.microvm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.network.NetworkPoint;
import io.runnel.exec.network.tcp.FlowKey;
import io.runnel.exec.network.tcp.FlowPoint;

import java.util.ArrayList;
import java.util.List;

/** Where a guest's network stood, as fields {@code names} and {@code flows} of a JSON object. */
final class NetworkPointJson {
    private static final int NUMBERS = 5;

    private NetworkPointJson() {}

    static void put(ObjectNode json, NetworkPoint network) {
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
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException if they say what cannot be
     */
    static NetworkPoint read(JsonNode json) {
        List<String> names = new ArrayList<>();
        json.path("names").forEach(name -> names.add(name.asText()));
        List<FlowPoint> flows = new ArrayList<>();
        for (JsonNode flow : json.path("flows")) {
            if (flow.size() != NUMBERS) {
                throw new IllegalArgumentException("a connection has five numbers");
            }
            FlowKey key =
                    new FlowKey(flow.get(0).asInt(), flow.get(1).asInt(), flow.get(2).asInt());
            flows.add(new FlowPoint(key, flow.get(3).asInt(), flow.get(4).asInt()));
        }
        return new NetworkPoint(flows, names);
    }
}
