package io.runnel.routing.journal;

import io.runnel.exec.admin.AdminPage;
import io.runnel.exec.admin.JsonWriting;

import java.util.Optional;

/** Who was denied what at a node lately: {@code /v1/access}. Safe for any thread. */
public final class AccessPage implements AdminPage {
    private static final String PATH = "/v1/access";

    private final AccessAudit audit;

    /** Reads this. */
    public AccessPage(AccessAudit audit) {
        this.audit = audit;
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
                                    json.writeArrayFieldStart("access");
                                    for (AccessLine line : audit.last()) {
                                        line.write(json);
                                    }
                                    json.writeEndArray();
                                    json.writeEndObject();
                                })));
    }
}
