package io.runnel.exec.admin;

import io.runnel.exec.isolate.NodeLimit;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The limits that a node keeps, as they are now: {@code /v1/limits}. Safe for any thread. */
public final class LimitPage implements AdminPage {
    private static final String PATH = "/v1/limits";

    private final Supplier<List<NodeLimit>> limits;

    /** Shows these, read anew each time. */
    public LimitPage(Supplier<List<NodeLimit>> limits) {
        this.limits = limits;
    }

    @Override
    public boolean serves(String path) {
        return path.equals(PATH);
    }

    @Override
    public Optional<Document> document(String path) {
        return Optional.of(
                Document.json(
                        JsonWriting.bytes(
                                json -> {
                                    json.writeStartObject();
                                    json.writeArrayFieldStart("limits");
                                    for (NodeLimit limit : limits.get()) {
                                        json.writeStartObject();
                                        json.writeStringField("name", limit.name());
                                        json.writeNumberField("value", limit.value());
                                        json.writeStringField("unit", limit.unit());
                                        json.writeStringField("raisedBy", limit.raisedBy());
                                        json.writeEndObject();
                                    }
                                    json.writeEndArray();
                                    json.writeEndObject();
                                })));
    }
}
