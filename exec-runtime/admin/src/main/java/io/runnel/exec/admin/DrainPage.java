package io.runnel.exec.admin;

import io.runnel.exec.node.Intake;
import io.vertx.core.http.HttpMethod;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Empties a node of calls and says how far that is: {@code GET /v1/drain}; {@code PUT} begins, for
 * as long as it takes, {@code DELETE} lets calls in again. Safe for any thread.
 */
public final class DrainPage implements AdminPage {
    private static final String PATH = "/v1/drain";

    private final Intake intake;
    private final IntSupplier calls;
    private final Supplier<Map<String, String>> regions;

    /**
     * Of one node.
     *
     * @param calls that it has, be they run here or forwarded
     * @param regions what it knows of the regions' reach, by their names; empty if it asks none
     */
    public DrainPage(Intake intake, IntSupplier calls, Supplier<Map<String, String>> regions) {
        this.intake = intake;
        this.calls = calls;
        this.regions = regions;
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
            intake.drain();
        } else {
            intake.open();
        }
        return document(path);
    }

    @Override
    public Optional<Document> document(String path) {
        // Asked in this order: what comes between is counted.
        boolean draining = !intake.isOpen();
        int left = calls.getAsInt();
        return Optional.of(
                Document.json(
                        JsonWriting.bytes(
                                json -> {
                                    json.writeStartObject();
                                    json.writeStringField("state", state(draining, left));
                                    json.writeNumberField("left", left);
                                    json.writeNumberField("pid", ProcessHandle.current().pid());
                                    json.writeObjectFieldStart("regions");
                                    for (var region : regions.get().entrySet()) {
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
