package io.runnel.region.server;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import io.runnel.cluster.store.StoreRows;
import io.runnel.cluster.store.StoreTable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Rows as JSON, each an array on a line of its own: the table's name, then the values in the order
 * of its columns; bytes are {@code {"base64":...}}.
 */
final class BackupRows {
    private static final String BYTES = "base64";
    private static final JsonFactory JSON = new JsonFactory();

    private BackupRows() {}

    /** Writes rows; the caller closes the generator, which leaves the stream open. */
    static JsonGenerator writer(OutputStream to) throws IOException {
        JsonGenerator json = JSON.createGenerator(to, JsonEncoding.UTF8);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.setRootValueSeparator(null);
        return json;
    }

    static void write(JsonGenerator json, StoreTable table, List<Object> values) {
        try {
            json.writeStartArray();
            json.writeString(table.label());
            for (Object value : values) {
                switch (value) {
                    case String text -> json.writeString(text);
                    case Long number -> json.writeNumber(number);
                    case byte[] bytes -> {
                        json.writeStartObject();
                        json.writeBinaryField(BYTES, bytes);
                        json.writeEndObject();
                    }
                    default -> throw new IllegalStateException("a " + value.getClass());
                }
            }
            json.writeEndArray();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads all rows.
     *
     * @throws BackupException if a row is none of a store
     */
    static void read(InputStream from, StoreRows rows) {
        try (JsonParser json = JSON.createParser(from)) {
            while (json.nextToken() != null) {
                require(json.currentToken() == JsonToken.START_ARRAY, json);
                require(json.nextToken() == JsonToken.VALUE_STRING, json);
                StoreTable table = table(json);
                List<Object> values = values(json);
                require(values.size() == table.columns().size(), json);
                rows.row(table, values);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StoreTable table(JsonParser json) throws IOException {
        try {
            return StoreTable.valueOf(json.getText().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw wrong(json);
        }
    }

    private static List<Object> values(JsonParser json) throws IOException {
        List<Object> values = new ArrayList<>();
        JsonToken token = json.nextToken();
        while (token != JsonToken.END_ARRAY) {
            values.add(value(json, token));
            token = json.nextToken();
        }
        return values;
    }

    private static Object value(JsonParser json, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return json.getLongValue();
        }
        require(token == JsonToken.START_OBJECT && BYTES.equals(json.nextFieldName()), json);
        require(json.nextToken() == JsonToken.VALUE_STRING, json);
        byte[] bytes = json.getBinaryValue();
        require(json.nextToken() == JsonToken.END_OBJECT, json);
        return bytes;
    }

    private static void require(boolean holds, JsonParser json) {
        if (!holds) {
            throw wrong(json);
        }
    }

    private static BackupException wrong(JsonParser json) {
        return new BackupException(
                BackupException.Code.DAMAGED,
                "its rows are not a store's, from line " + json.currentLocation().getLineNr());
    }
}
