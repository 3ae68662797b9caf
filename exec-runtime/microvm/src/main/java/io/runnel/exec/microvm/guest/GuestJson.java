package io.runnel.exec.microvm.guest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The JSON object of one frame of a guest: flat, no key twice, nothing behind its end, and no key
 * that is not asked for.
 */
final class GuestJson {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(4)
                                                    .maxNumberLength(20)
                                                    .maxNameLength(256)
                                                    .maxStringLength(GuestFrame.MOST_PAYLOAD)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final FrameType type;
    private final ObjectNode object;

    private GuestJson(FrameType type, ObjectNode object) {
        this.type = type;
        this.object = object;
    }

    /**
     * Reads a frame's payload.
     *
     * @throws BrokenFrameException if it is no such object
     */
    static GuestJson of(GuestFrame frame) {
        try {
            if (MAPPER.readTree(frame.payload()) instanceof ObjectNode object) {
                return new GuestJson(frame.type(), object);
            }
        } catch (IOException e) {
            // Not what the parser says: it quotes the guest.
            throw new BrokenFrameException(frame.type() + " is no JSON that is allowed");
        }
        throw new BrokenFrameException(frame.type() + " must be a JSON object");
    }

    static ObjectNode newObject() {
        return MAPPER.createObjectNode();
    }

    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON nodes can always be written", e);
        }
    }

    /** Takes a text out. */
    Optional<String> optionalText(String key) {
        JsonNode node = object.remove(key);
        if (node == null) {
            return Optional.empty();
        }
        if (!node.isTextual()) {
            throw new BrokenFrameException("%s.%s must be a text".formatted(type, key));
        }
        return Optional.of(node.textValue());
    }

    String text(String key) {
        return optionalText(key)
                .orElseThrow(() -> new BrokenFrameException("%s has no %s".formatted(type, key)));
    }

    boolean flag(String key) {
        JsonNode node = object.remove(key);
        if (node == null || !node.isBoolean()) {
            throw new BrokenFrameException("%s.%s must be true or false".formatted(type, key));
        }
        return node.booleanValue();
    }

    OptionalInt optionalNumber(String key) {
        JsonNode node = object.remove(key);
        if (node == null) {
            return OptionalInt.empty();
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw new BrokenFrameException("%s.%s must be a whole number".formatted(type, key));
        }
        return OptionalInt.of(node.intValue());
    }

    /** Refuses what has not been taken out. */
    void end() {
        if (!object.isEmpty()) {
            throw new BrokenFrameException(type + " has a key that it should not have");
        }
    }
}
