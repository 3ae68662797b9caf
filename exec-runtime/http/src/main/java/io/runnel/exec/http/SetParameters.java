package io.runnel.exec.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Parameters that are set in a call, whatever it says of them itself: in the query of a request, or
 * as fields of an event's payload. Pure.
 *
 * @param values by name
 */
public record SetParameters(Map<String, String> values) {
    /** None. */
    public static final SetParameters NONE = new SetParameters(Map.of());

    /** The largest payload that fields are set in: it is read on the event loop. */
    static final int MOST_PAYLOAD_BYTES = 256 * 1024;

    private static final JsonFactory JSON = new JsonFactory();

    /** The map is copied. */
    public SetParameters {
        values = Map.copyOf(values);
    }

    /** These. */
    public static SetParameters of(Map<String, String> values) {
        return values.isEmpty() ? NONE : new SetParameters(values);
    }

    boolean areNone() {
        return values.isEmpty();
    }

    /**
     * A query with these in it, and nothing else by their names.
     *
     * @param query without the question mark
     */
    String inQuery(String query) {
        if (values.isEmpty()) {
            return query;
        }
        StringBuilder made = new StringBuilder();
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty() && !values.containsKey(name(pair))) {
                append(made, pair);
            }
        }
        new TreeMap<>(values)
                .forEach((name, value) -> append(made, encode(name) + "=" + encode(value)));
        return made.toString();
    }

    private static void append(StringBuilder made, String pair) {
        if (!made.isEmpty()) {
            made.append('&');
        }
        made.append(pair);
    }

    /** What stands before the equals sign; what cannot be decoded is no name of ours. */
    private static String name(String pair) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * A payload with these as fields, and nothing else by their names; an empty one is an object
     * without any.
     *
     * @throws IOException if it is no JSON object
     */
    byte[] inPayload(byte[] payload) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 256);
        try (JsonParser in = JSON.createParser(payload);
                JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            if (payload.length > 0) {
                copyOthers(in, json);
            }
            for (Map.Entry<String, String> one : new TreeMap<>(values).entrySet()) {
                json.writeStringField(one.getKey(), one.getValue());
            }
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private void copyOthers(JsonParser in, JsonGenerator json) throws IOException {
        if (in.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("the payload is no JSON object");
        }
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            in.nextToken();
            if (values.containsKey(name)) {
                in.skipChildren();
            } else {
                json.writeFieldName(name);
                json.copyCurrentStructureExact(in);
            }
        }
        if (in.currentToken() != JsonToken.END_OBJECT || in.nextToken() != null) {
            throw new IOException("the payload is not one JSON object");
        }
    }
}
