package io.runnel.topology;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** One reading of a status. What is wrong is an {@link IllegalArgumentException}. */
final class NodeStatusParser {
    private final JsonParser parser;
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, Long> numbers = new HashMap<>();
    private final List<CodeDigest> warm = new ArrayList<>();
    private final List<CanaryCount> canaries = new ArrayList<>();

    NodeStatusParser(JsonParser parser) {
        this.parser = parser;
    }

    NodeStatus status() throws IOException {
        readFields();
        return new NodeStatus(
                new NodeName(text("node")),
                constant("role", NodeStatus.Role.class),
                Optional.ofNullable(texts.get("region")).map(RegionId::new),
                constant("state", NodeStatus.State.class),
                count("slots"),
                count("freeSlots"),
                new ByteSize(number("memory")),
                new ByteSize(number("freeMemory")),
                warm,
                number("calls"),
                number("callsHere"),
                text("positions"),
                canaries,
                instant("at"));
    }

    private void readFields() throws IOException {
        require(parser.nextToken() == JsonToken.START_OBJECT, "must be an object");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            readField(parser.currentName());
        }
        require(parser.nextToken() == null, "must end after the object");
    }

    private void readField(String name) throws IOException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.VALUE_STRING) {
            texts.put(name, parser.getText());
        } else if (token == JsonToken.VALUE_NUMBER_INT) {
            numbers.put(name, parser.getLongValue());
        } else if (token == JsonToken.START_ARRAY && name.equals("warm")) {
            readTexts(name, text -> warm.add(new CodeDigest(text)));
        } else if (token == JsonToken.START_ARRAY && name.equals("canaries")) {
            readTexts(name, text -> canaries.add(CanaryCount.parse(text)));
        } else {
            parser.skipChildren();
        }
    }

    private void readTexts(String name, Consumer<String> each) throws IOException {
        while (parser.nextToken() == JsonToken.VALUE_STRING) {
            each.accept(parser.getText());
        }
        require(parser.currentToken() == JsonToken.END_ARRAY, "must list texts as " + name);
    }

    private String text(String name) {
        String value = texts.get(name);
        require(value != null, "must have the text " + name);
        return value;
    }

    private long number(String name) {
        Long value = numbers.get(name);
        require(value != null, "must have the number " + name);
        return value;
    }

    private int count(String name) {
        long value = number(name);
        require(value <= Integer.MAX_VALUE, name + " is too large: " + value);
        return (int) value;
    }

    private Instant instant(String name) {
        try {
            return Instant.parse(text(name));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("must have a time as " + name, e);
        }
    }

    private <E extends Enum<E>> E constant(String name, Class<E> type) {
        String value = text(name);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(value)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                "must have a known %s: '%s'".formatted(name, Shown.text(value)));
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
