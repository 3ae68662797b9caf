package io.runnel.exec.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Something that is written as JSON. */
@FunctionalInterface
public interface JsonWriting {
    /** Writes all of it. */
    void to(JsonGenerator json) throws IOException;

    /** What it writes. */
    static byte[] bytes(JsonWriting writing) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = Factory.JSON.createGenerator(out)) {
            writing.to(json);
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes every byte", e);
        }
        return out.toByteArray();
    }

    /** Made once. */
    final class Factory {
        private static final JsonFactory JSON = new JsonFactory();

        private Factory() {}
    }
}
