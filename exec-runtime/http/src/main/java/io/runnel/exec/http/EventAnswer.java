package io.runnel.exec.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import io.runnel.exec.task.Outcome;
import io.vertx.core.buffer.Buffer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads what an event's guest gave back over {@code /fn}: an API Gateway response, payload format
 * 2.0, if it is a JSON object with {@code statusCode}; else any JSON, which is the body itself.
 * Pure.
 */
final class EventAnswer {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Answer.Header OF_JSON =
            new Answer.Header("Content-Type", "application/json");
    private static final int MOST_HEADERS = 256;

    /** What makes an output no answer; the message is for the task's owner. */
    private static final class InvalidOutputException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidOutputException(String message) {
            super(message, null, false, false);
        }
    }

    private final List<Answer.Header> headers = new ArrayList<>();
    private int status;
    private String body = "";
    private boolean base64;
    private boolean hasType;

    private EventAnswer() {}

    /** An {@link EventReply}. */
    static EventReply.Told make(Outcome outcome, WholeOutput output) {
        Optional<ErrorCode> error = OutcomeStatus.of(outcome);
        if (error.isPresent()) {
            return new EventReply.Failed(error.get(), "");
        }
        try {
            return new EventReply.Answered(read(output));
        } catch (InvalidOutputException e) {
            return new EventReply.Failed(ErrorCode.INVALID_OUTPUT, e.getMessage());
        } catch (IOException e) {
            return new EventReply.Failed(ErrorCode.INVALID_OUTPUT, "output is not JSON");
        }
    }

    private static Answer read(WholeOutput output) throws IOException, InvalidOutputException {
        if (output.length() == 0) {
            return new Answer(200, List.of(), OptionalLong.empty(), Buffer.buffer(0));
        }
        EventAnswer answer = new EventAnswer();
        try (JsonParser json = JSON.createParser(output.toBytes())) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                answer.readObject(json);
            } else {
                json.skipChildren();
            }
            if (json.nextToken() != null) {
                throw new InvalidOutputException("output is more than one JSON value");
            }
        }
        return answer.status == 0 ? plain(output) : answer.enveloped();
    }

    private static Answer plain(WholeOutput output) {
        return new Answer(200, List.of(OF_JSON), OptionalLong.empty(), output.toBuffer());
    }

    private Answer enveloped() throws InvalidOutputException {
        if (!hasType) {
            headers.add(OF_JSON);
        }
        return new Answer(status, List.copyOf(headers), OptionalLong.empty(), bodyBytes());
    }

    private Buffer bodyBytes() throws InvalidOutputException {
        if (!base64) {
            return Buffer.buffer(body.getBytes(StandardCharsets.UTF_8));
        }
        try {
            return Buffer.buffer(Base64.getMimeDecoder().decode(body));
        } catch (IllegalArgumentException e) {
            throw new InvalidOutputException("body is not base64, but isBase64Encoded is true");
        }
    }

    private void readObject(JsonParser json) throws IOException, InvalidOutputException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "statusCode" -> status = status(json.getText());
                case "headers" -> readHeaders(json, value);
                case "cookies" -> readCookies(json, value);
                case "body" -> body = value == JsonToken.VALUE_NULL ? "" : text(json, value);
                case "isBase64Encoded" -> base64 = value == JsonToken.VALUE_TRUE;
                default -> json.skipChildren();
            }
        }
    }

    private static int status(String text) throws InvalidOutputException {
        boolean number = text.length() == 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int status = number ? Integer.parseInt(text) : 0;
        if (status < 200 || status > 599) {
            throw new InvalidOutputException("statusCode must be one of 200 to 599");
        }
        return status;
    }

    /** A body that is an object is taken as its own JSON would be: it is not an envelope's. */
    private static String text(JsonParser json, JsonToken value)
            throws IOException, InvalidOutputException {
        if (!value.isScalarValue()) {
            throw new InvalidOutputException("body must be a string");
        }
        return json.getText();
    }

    private void readHeaders(JsonParser json, JsonToken value)
            throws IOException, InvalidOutputException {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            if (!token.isScalarValue()) {
                throw new InvalidOutputException("a header must be a string");
            }
            add(name, json.getText());
        }
    }

    private void readCookies(JsonParser json, JsonToken value)
            throws IOException, InvalidOutputException {
        if (value != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (!json.currentToken().isScalarValue()) {
                throw new InvalidOutputException("a cookie must be a string");
            }
            add("Set-Cookie", json.getText());
        }
    }

    private void add(String name, String value) throws InvalidOutputException {
        if (!HeaderRules.isName(name) || !HeaderRules.isValue(value)) {
            throw new InvalidOutputException("a header has characters that no header may have");
        }
        if (headers.size() >= MOST_HEADERS) {
            throw new InvalidOutputException("more than %d headers".formatted(MOST_HEADERS));
        }
        hasType |= name.equalsIgnoreCase("Content-Type");
        if (HeaderRules.mayLeaveGuest(name) && !name.equalsIgnoreCase("Content-Length")) {
            headers.add(new Answer.Header(name, latin1(value)));
        }
    }

    /** On the wire a header has one byte a character: what is beyond goes as UTF-8's bytes. */
    private static String latin1(String value) {
        return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
