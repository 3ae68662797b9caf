package io.runnel.exec.admin;

import io.runnel.exec.isolate.GuestProfile;

/** A profile as JSON. */
final class ProfileJson {

    private ProfileJson() {}

    static byte[] of(GuestProfile profile) {
        return JsonWriting.bytes(
                json -> {
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
                });
    }
}
