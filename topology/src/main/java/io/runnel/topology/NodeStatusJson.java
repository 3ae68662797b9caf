package io.runnel.topology;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;

import io.runnel.exec.task.CodeDigest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A {@link NodeStatus} as compact JSON, for nodes to tell each other. Safe for any thread. */
public final class NodeStatusJson {
    /** The longest status that is read; a full one whose every character is escaped fits. */
    public static final int MOST_BYTES = 48 * 1024;

    private static final JsonFactory JSON =
            new JsonFactoryBuilder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(8)
                                    .maxNumberLength(20)
                                    .maxStringLength(MOST_BYTES)
                                    .build())
                    .build();

    private NodeStatusJson() {}

    /** The status as UTF-8 JSON. */
    public static byte[] encode(NodeStatus status) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            write(status, json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return out.toByteArray();
    }

    private static void write(NodeStatus status, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("node", status.node().value());
        json.writeStringField("role", status.role().name());
        if (status.region().isPresent()) {
            json.writeStringField("region", status.region().get().value());
        }
        json.writeStringField("state", status.state().name());
        json.writeNumberField("slots", status.slots());
        json.writeNumberField("freeSlots", status.freeSlots());
        json.writeNumberField("memory", status.memory().bytes());
        json.writeNumberField("freeMemory", status.freeMemory().bytes());
        json.writeArrayFieldStart("warm");
        for (CodeDigest digest : status.warm()) {
            json.writeString(digest.value());
        }
        json.writeEndArray();
        json.writeNumberField("calls", status.calls());
        json.writeNumberField("callsHere", status.callsHere());
        json.writeStringField("positions", status.positions());
        // Nearly no node has any.
        if (!status.canaries().isEmpty()) {
            json.writeArrayFieldStart("canaries");
            for (CanaryCount count : status.canaries()) {
                json.writeString(count.toString());
            }
            json.writeEndArray();
        }
        json.writeStringField("at", status.at().toString());
        json.writeEndObject();
    }

    /**
     * Reads what another node said: hostile. Unknown fields are left out, so that a newer node may
     * say more.
     *
     * @throws TopologyException with code {@code BAD_STATUS} if it is no status
     */
    public static NodeStatus decode(byte[] json) {
        if (json.length > MOST_BYTES) {
            throw bad("must be at most %d bytes long: %d".formatted(MOST_BYTES, json.length), null);
        }
        try (JsonParser parser = JSON.createParser(json)) {
            return new NodeStatusParser(parser).status();
        } catch (IOException | IllegalArgumentException e) {
            throw bad(Shown.line(e.getMessage()), e);
        }
    }

    private static TopologyException bad(String why, Throwable cause) {
        return new TopologyException(
                TopologyException.Code.BAD_STATUS, "node status " + why, cause);
    }
}
