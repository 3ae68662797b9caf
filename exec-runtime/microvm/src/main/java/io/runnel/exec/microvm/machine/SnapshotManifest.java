package io.runnel.exec.microvm.machine;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.CodeDigest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a snapshot's folder says of itself, as JSON.
 *
 * <pre>{"format":1, "traits":{"qemu":"7.2.22 (Debian …)", …}, "bootId":"…",
 *  "state":"SHA-256", "chunkBytes":1048576, "chunks":["SHA-256", …]}</pre>
 *
 * @param bootId of the computer when it was written: what it had not yet on disk is lost when it
 *     starts again
 * @param state digest of the devices' state
 * @param chunks digests of the memory's parts of {@link MemoryCopy#CHUNK_BYTES}, in order
 */
record SnapshotManifest(
        SnapshotTraits traits, String bootId, CodeDigest state, List<CodeDigest> chunks) {
    /** Of the folder and of what is in it. */
    static final int FORMAT = 1;

    private static final int MOST_BYTES = 4 << 20;
    private static final int MOST_TRAITS = 32;
    private static final int MOST_DEPTH = 4;
    private static final ObjectMapper JSON = mapper();

    SnapshotManifest {
        chunks = List.copyOf(chunks);
    }

    private static JsonMapper mapper() {
        JsonMapper mapper = new JsonMapper();
        mapper.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(MOST_DEPTH).build());
        return mapper;
    }

    /** As it is written. */
    byte[] toJson() throws IOException {
        ObjectNode json = JSON.createObjectNode().put("format", FORMAT);
        ObjectNode named = json.putObject("traits");
        traits.values().forEach(named::put);
        json.put("bootId", bootId);
        json.put("state", state.value()).put("chunkBytes", MemoryCopy.CHUNK_BYTES);
        ArrayNode list = json.putArray("chunks");
        chunks.forEach(chunk -> list.add(chunk.value()));
        return JSON.writeValueAsBytes(json);
    }

    /**
     * Reads one.
     *
     * @throws MachineException if it is none, or of another format
     */
    static SnapshotManifest read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new MachineException("manifest of more than %d bytes".formatted(MOST_BYTES));
        }
        JsonNode json = JSON.readTree(Files.readAllBytes(file));
        if (json.path("format").asInt() != FORMAT
                || json.path("chunkBytes").asInt() != MemoryCopy.CHUNK_BYTES) {
            throw new MachineException("manifest is not of format %d".formatted(FORMAT));
        }
        Map<String, String> traits = new LinkedHashMap<>();
        json.path("traits")
                .properties()
                .forEach(trait -> traits.put(trait.getKey(), trait.getValue().asText()));
        if (traits.size() > MOST_TRAITS) {
            throw new MachineException("manifest with %d traits".formatted(traits.size()));
        }
        List<CodeDigest> chunks = new ArrayList<>();
        for (JsonNode chunk : json.path("chunks")) {
            chunks.add(digest(chunk));
        }
        return new SnapshotManifest(
                new SnapshotTraits(traits),
                json.path("bootId").asText(),
                digest(json.path("state")),
                chunks);
    }

    private static CodeDigest digest(JsonNode json) throws IOException {
        String text = json.asText();
        if (!CodeDigest.isValid(text)) {
            throw new MachineException("manifest with a digest that is none");
        }
        return new CodeDigest(text);
    }
}
