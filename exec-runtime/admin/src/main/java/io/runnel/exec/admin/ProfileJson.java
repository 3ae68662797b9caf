package io.runnel.exec.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import io.runnel.exec.isolate.GuestProfile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A profile as JSON. */
final class ProfileJson {
    private static final JsonFactory JSON = new JsonFactory();

    private ProfileJson() {}

    static byte[] of(GuestProfile profile) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("samples", profile.samples());
            json.writeArrayFieldStart("functions");
            for (GuestProfile.Function function : profile.functions()) {
                json.writeStartObject();
                json.writeStringField("name", function.name());
                json.writeNumberField("self", function.self());
                json.writeNumberField("total", function.total());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes every byte", e);
        }
        return out.toByteArray();
    }
}
