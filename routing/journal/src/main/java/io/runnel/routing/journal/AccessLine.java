package io.runnel.routing.journal;

import com.fasterxml.jackson.core.JsonGenerator;

import io.runnel.exec.task.RequestId;
import io.runnel.routing.edge.AccessNote;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Calls of about one second that were allowed or denied alike.
 *
 * @param at when they were written down
 * @param first one of them
 * @param calls how many
 */
record AccessLine(Instant at, AccessNote.Kind kind, RequestId first, long calls) {
    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("at", at.truncatedTo(ChronoUnit.SECONDS).toString());
        json.writeStringField("decision", kind.allowed() ? "allowed" : "denied");
        json.writeStringField("reason", kind.reason());
        json.writeStringField("task", kind.task().toString());
        if (kind.account().isPresent()) {
            json.writeStringField("account", kind.account().get().value());
        }
        if (kind.key().isPresent()) {
            json.writeStringField("key", kind.key().get());
        }
        json.writeStringField("method", kind.method());
        json.writeStringField("source", kind.source());
        json.writeStringField("request", first.value());
        json.writeNumberField("calls", calls);
        json.writeEndObject();
    }
}
