package io.runnel.exec.admin;

import io.vertx.core.http.HttpMethod;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Empties a node of calls and says how far that is: {@code GET /v1/drain}; {@code PUT} begins, for
 * as long as it takes, {@code DELETE} lets calls in again. Safe for any thread.
 */
public final class DrainPage implements AdminPage {
    private static final String PATH = "/v1/drain";

    /** A node that can be emptied. */
    public interface Node {
        /** Whether it asks for no more calls. */
        boolean isDraining();

        /** Asks for no more calls from now on; goes on with those that it has. */
        void drain();

        /** Asks for calls again. */
        void resume();

        /** Calls that it has. */
        int left();

        /** What it knows of the regions' reach, by their names; empty if it asks none. */
        Map<String, String> regions();
    }

    private final Node node;

    /** Of this node. */
    public DrainPage(Node node) {
        this.node = node;
    }

    @Override
    public boolean serves(String path) {
        return path.equals(PATH);
    }

    @Override
    public List<HttpMethod> changes() {
        return List.of(HttpMethod.PUT, HttpMethod.DELETE);
    }

    @Override
    public Optional<Document> change(HttpMethod method, String path) {
        if (method.equals(HttpMethod.PUT)) {
            node.drain();
        } else {
            node.resume();
        }
        return document(path);
    }

    @Override
    public Optional<Document> document(String path) {
        // Asked in this order: what comes between is counted.
        boolean draining = node.isDraining();
        int left = node.left();
        return Optional.of(
                Document.json(
                        JsonWriting.bytes(
                                json -> {
                                    json.writeStartObject();
                                    json.writeStringField("state", state(draining, left));
                                    json.writeNumberField("left", left);
                                    json.writeNumberField("pid", ProcessHandle.current().pid());
                                    json.writeObjectFieldStart("regions");
                                    for (var region : node.regions().entrySet()) {
                                        json.writeStringField(region.getKey(), region.getValue());
                                    }
                                    json.writeEndObject();
                                    json.writeEndObject();
                                })));
    }

    private static String state(boolean draining, int left) {
        if (!draining) {
            return "ready";
        }
        return left == 0 ? "drained" : "draining";
    }
}
