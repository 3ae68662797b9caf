package io.runnel.routing.journal;

import com.fasterxml.jackson.core.JsonGenerator;

import io.runnel.exec.admin.AdminPage;
import io.runnel.exec.admin.JsonWriting;
import io.runnel.exec.task.RequestId;

import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** What a node noted of one call, by its id: {@code /v1/calls/ID}. Safe for any thread. */
public final class CallPage implements AdminPage {
    private static final String CALLS = "/v1/calls/";
    private static final double NANOS_PER_MILLI = 1e6;

    private final CallJournal journal;

    /** Reads this journal. */
    public CallPage(CallJournal journal) {
        this.journal = journal;
    }

    @Override
    public boolean serves(String path) {
        return path.startsWith(CALLS);
    }

    @Override
    public Optional<Document> document(String path) {
        String id = path.substring(CALLS.length());
        return RequestId.isValid(id)
                ? journal.find(new RequestId(id)).map(note -> Document.json(json(note)))
                : Optional.empty();
    }

    private static byte[] json(CallNote note) {
        return JsonWriting.bytes(
                json -> {
                    json.writeStartObject();
                    json.writeStringField("id", note.id().value());
                    json.writeStringField(
                            "arrived", Instant.ofEpochMilli(note.arrivedMillis()).toString());
                    json.writeStringField("task", note.task().toString());
                    json.writeNumberField("version", note.version());
                    if (note.decided().isPresent()) {
                        json.writeObjectFieldStart("decided");
                        write(json, note.decided().get());
                        json.writeEndObject();
                    }
                    write(json, note.ended());
                    json.writeEndObject();
                });
    }

    private static void write(JsonGenerator json, Decided decided) throws IOException {
        json.writeStringField("reason", decided.reason().label());
        json.writeStringField("fit", label(decided.fit()));
        json.writeStringField("limit", decided.limit().label());
        json.writeNumberField("recentCalls", decided.recentCalls());
        json.writeStringField("code", label(decided.replica()));
        json.writeStringField("room", label(decided.room()));
        json.writeNumberField("freeSlots", decided.freeSlots());
        json.writeNumberField("expectedWaitMs", decided.waitNanos() / NANOS_PER_MILLI);
        json.writeNumberField("hereMs", decided.hereNanos() / NANOS_PER_MILLI);
        json.writeStringField("regionCopy", label(decided.regionCopy()));
        json.writeStringField("regionBy", label(decided.regionReason()));
        json.writeNumberField("thereMs", decided.thereNanos() / NANOS_PER_MILLI);
    }

    private static void write(JsonGenerator json, Ended ended) throws IOException {
        json.writeStringField("place", ended.place().label());
        if (ended.region().isPresent()) {
            json.writeStringField("region", ended.region().get().value());
        }
        json.writeNumberField("regionsAsked", ended.tries());
        json.writeNumberField("status", ended.status());
        json.writeBooleanField("whole", ended.whole());
        if (ended.problem().isPresent()) {
            json.writeStringField("problem", ended.problem().get().label());
        }
        json.writeNumberField("queueMs", ended.queueNanos() / NANOS_PER_MILLI);
        json.writeNumberField("startMs", ended.startNanos() / NANOS_PER_MILLI);
        json.writeNumberField("runMs", ended.runNanos() / NANOS_PER_MILLI);
        json.writeNumberField("totalMs", ended.totalNanos() / NANOS_PER_MILLI);
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
