package io.runnel.region.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.DateTimeException;
import java.time.Instant;

/**
 * What a backup says of itself.
 *
 * @param node which node it was made at
 * @param engine {@code sqlite} or {@code postgresql}
 * @param schema of the tables
 * @param log the name of the region's own log, and {@code seq} its length
 * @param madeAt when reading began
 * @param seal tells the keys apart that secrets are sealed by, without telling them
 * @param codes how many pieces of code are in it
 * @param missing how many that versions name were not at the node
 */
record BackupManifest(
        String network,
        String region,
        String node,
        String engine,
        int schema,
        String log,
        long seq,
        Instant madeAt,
        String seal,
        int codes,
        int missing) {
    private static final String FORMAT = "runnel-backup/1";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** As a tree, for the file and for programs. */
    ObjectNode json() {
        return MAPPER.createObjectNode()
                .put("format", FORMAT)
                .put("network", network)
                .put("region", region)
                .put("node", node)
                .put("engine", engine)
                .put("schema", schema)
                .put("log", log)
                .put("seq", seq)
                .put("madeAt", madeAt.toString())
                .put("seal", seal)
                .put("codes", codes)
                .put("missingCodes", missing);
    }

    /**
     * Reads what {@link #json} wrote.
     *
     * @throws BackupException if it is not that
     */
    static BackupManifest read(String text) {
        try {
            JsonNode json = MAPPER.readTree(text);
            if (!FORMAT.equals(json.path("format").asText())) {
                throw new BackupException(
                        BackupException.Code.DAMAGED,
                        "its format is '%s', this version of runnel reads '%s'"
                                .formatted(json.path("format").asText(), FORMAT));
            }
            return new BackupManifest(
                    json.path("network").asText(),
                    json.path("region").asText(),
                    json.path("node").asText(),
                    json.path("engine").asText(),
                    json.path("schema").asInt(),
                    json.path("log").asText(),
                    json.path("seq").asLong(),
                    Instant.parse(json.path("madeAt").asText()),
                    json.path("seal").asText(),
                    json.path("codes").asInt(),
                    json.path("missingCodes").asInt());
        } catch (JsonProcessingException | DateTimeException e) {
            throw new BackupException(
                    BackupException.Code.DAMAGED, "what it says of itself is unreadable", e);
        }
    }
}
