package io.runnel.exec.microvm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What a node says of a machine that it wants to move to another, before it sends it.
 *
 * @param code of the task's version
 * @param traits what the other has to have in common with this node, to the letter
 */
public record MoveOffer(TaskRef task, int version, CodeDigest code, Map<String, String> traits) {
    /** The longest as JSON. */
    public static final int MOST_BYTES = 16 * 1024;

    private static final int MOST_TRAITS = 64;
    private static final JsonMapper JSON = new JsonMapper();

    /** Keeps the traits. */
    public MoveOffer {
        traits = Map.copyOf(traits);
        if (traits.size() > MOST_TRAITS) {
            throw new IllegalArgumentException("more than %d traits".formatted(MOST_TRAITS));
        }
    }

    /** As JSON. */
    public byte[] toJson() throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("account", task.account().value()).put("task", task.name().value());
        json.put("version", version).put("code", code.value());
        ObjectNode all = json.putObject("traits");
        traits.forEach(all::put);
        return JSON.writeValueAsBytes(json);
    }

    /**
     * Reads what another node says.
     *
     * @throws IOException if it is no JSON
     * @throws IllegalArgumentException if it says what cannot be
     */
    public static MoveOffer ofJson(byte[] bytes) throws IOException {
        JsonNode json = JSON.readTree(bytes);
        Map<String, String> traits = new HashMap<>();
        json.path("traits").forEachEntry((name, value) -> traits.put(name, value.asText()));
        return new MoveOffer(
                new TaskRef(
                        new AccountId(json.path("account").asText()),
                        new TaskName(json.path("task").asText())),
                json.path("version").asInt(),
                new CodeDigest(json.path("code").asText()),
                traits);
    }
}
