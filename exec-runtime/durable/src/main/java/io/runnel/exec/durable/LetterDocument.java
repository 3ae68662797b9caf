package io.runnel.exec.durable;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * How the end of an event is told to a task: the document that AWS Lambda sends to destinations.
 * Pure.
 *
 * @param region where the event was kept, as it stands in the task's name
 */
record LetterDocument(String region) {
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Tells it.
     *
     * @param answer of the last run, if anybody knows it
     */
    byte[] of(KeptEvent event, EventEnd end, Optional<RunAnswer> answer, Instant now) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512 + event.payload().length);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("version", "1.0");
            json.writeStringField("timestamp", now.toString());
            request(json, event, end, answer);
            payload(json, "requestPayload", event.payload());
            if (answer.isPresent()) {
                response(json, answer.get());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes every byte", e);
        }
        return out.toByteArray();
    }

    private void request(
            JsonGenerator json, KeptEvent event, EventEnd end, Optional<RunAnswer> answer)
            throws IOException {
        boolean ran = answer.filter(RunAnswer::hasRun).isPresent();
        json.writeObjectFieldStart("requestContext");
        json.writeStringField("requestId", event.id().value());
        json.writeStringField("functionArn", name(event, answer));
        json.writeStringField("condition", end.condition());
        json.writeNumberField("approximateInvokeCount", event.progress().runs() + (ran ? 1 : 0));
        json.writeEndObject();
    }

    private String name(KeptEvent event, Optional<RunAnswer> answer) {
        return "arn:runnel:lambda:%s:%s:function:%s:%s"
                .formatted(
                        region,
                        event.task().account(),
                        event.task().name(),
                        answer.flatMap(RunAnswer::version).orElse("$LATEST"));
    }

    private static void response(JsonGenerator json, RunAnswer answer) throws IOException {
        json.writeObjectFieldStart("responseContext");
        json.writeNumberField("statusCode", answer.status());
        if (answer.version().isPresent()) {
            json.writeStringField("executedVersion", answer.version().get());
        }
        if (answer.functionError().isPresent()) {
            json.writeStringField("functionError", answer.functionError().get());
        }
        json.writeEndObject();
        if (answer.payload().isPresent()) {
            payload(json, "responsePayload", answer.payload().get());
        }
    }

    /** As JSON if it is some, else as a string. */
    private static void payload(JsonGenerator json, String name, byte[] bytes) throws IOException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        json.writeFieldName(name);
        if (isValue(text)) {
            json.writeRawValue(text);
        } else {
            json.writeString(text);
        }
    }

    private static boolean isValue(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            // Strings and numbers are read only when somebody asks for them.
            parser.finishToken();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }
}
