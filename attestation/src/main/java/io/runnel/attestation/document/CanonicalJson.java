package io.runnel.attestation.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;

import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Verdict;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * JSON in the one way to write it: RFC 8785, of which numbers are whole and at most 2^53 - 1 from
 * zero. Two that differ in a byte differ in what they say.
 */
public final class CanonicalJson {
    /** The largest text that is read. */
    public static final int MOST_BYTES = 16 << 10;

    private static final int MOST_DEPTH = 8;
    private static final int MOST_DIGITS = 16;
    private static final long MOST_NUMBER = (1L << 53) - 1;
    private static final char FIRST_PRINTABLE = ' ';

    private static final ObjectMapper STRICT =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MOST_DEPTH)
                                                    .maxNumberLength(MOST_DIGITS + 1)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private CanonicalJson() {}

    /** Reads what may come from anybody. */
    public static Verdict<JsonNode> read(byte[] text) {
        return switch (readAny(text)) {
            case Verdict.Trusted<JsonNode>(JsonNode tree) -> canonical(tree, text);
            case Verdict.Rejected<JsonNode> rejected -> rejected;
        };
    }

    /** Reads what may come from anybody, and may be written in other ways. */
    static Verdict<JsonNode> readAny(byte[] text) {
        if (text.length > MOST_BYTES) {
            return Verdict.rejected(Reason.TOO_LARGE, "%d bytes".formatted(text.length));
        }
        try {
            JsonNode tree = STRICT.readTree(text);
            return tree.isMissingNode()
                    ? Verdict.rejected(Reason.MALFORMED, "it is empty")
                    : Verdict.trusted(tree);
        } catch (StreamConstraintsException e) {
            return Verdict.rejected(
                    e.getMessage().contains("nesting")
                            ? Reason.TOO_DEEP
                            : Reason.NUMBER_OUT_OF_RANGE,
                    e.getOriginalMessage());
        } catch (MismatchedInputException e) {
            return Verdict.rejected(Reason.TRAILING_DATA, e.getOriginalMessage());
        } catch (StreamReadException e) {
            return Verdict.rejected(
                    e.getOriginalMessage().startsWith("Duplicate")
                            ? Reason.DUPLICATE_KEY
                            : Reason.MALFORMED,
                    e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            return Verdict.rejected(Reason.MALFORMED, e.getOriginalMessage());
        } catch (IOException e) {
            return Verdict.rejected(Reason.MALFORMED, e.toString());
        }
    }

    private static Verdict<JsonNode> canonical(JsonNode tree, byte[] text) {
        if (!isWritable(tree)) {
            return Verdict.rejected(
                    Reason.NUMBER_OUT_OF_RANGE, "a number that is not whole, or beyond 2^53 - 1");
        }
        return Arrays.equals(write(tree), text)
                ? Verdict.trusted(tree)
                : Verdict.rejected(Reason.NOT_CANONICAL, "RFC 8785 writes it otherwise");
    }

    private static boolean isWritable(JsonNode node) {
        if (node.isNumber()) {
            return node.isIntegralNumber()
                    && node.canConvertToLong()
                    && Math.abs(node.longValue()) <= MOST_NUMBER;
        }
        for (JsonNode child : node) {
            if (!isWritable(child)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Writes a tree.
     *
     * @throws IllegalArgumentException if it holds a number that is not whole or too large
     */
    public static byte[] write(JsonNode tree) {
        if (!isWritable(tree)) {
            throw new IllegalArgumentException("a number that is not written");
        }
        StringBuilder text = new StringBuilder(512);
        write(tree, text);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(JsonNode node, StringBuilder to) {
        if (node.isObject()) {
            writeObject(node, to);
        } else if (node.isArray()) {
            writeArray(node, to);
        } else if (node.isTextual()) {
            writeText(node.textValue(), to);
        } else {
            to.append(node.asText());
        }
    }

    private static void writeObject(JsonNode node, StringBuilder to) {
        Map<String, JsonNode> sorted = new TreeMap<>();
        node.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
        char before = '{';
        for (Map.Entry<String, JsonNode> field : sorted.entrySet()) {
            to.append(before);
            before = ',';
            writeText(field.getKey(), to);
            to.append(':');
            write(field.getValue(), to);
        }
        to.append(before == '{' ? "{}" : "}");
    }

    private static void writeArray(JsonNode node, StringBuilder to) {
        to.append('[');
        Iterator<JsonNode> elements = node.elements();
        while (elements.hasNext()) {
            write(elements.next(), to);
            if (elements.hasNext()) {
                to.append(',');
            }
        }
        to.append(']');
    }

    private static void writeText(String text, StringBuilder to) {
        to.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> to.append("\\\"");
                case '\\' -> to.append("\\\\");
                case '\b' -> to.append("\\b");
                case '\f' -> to.append("\\f");
                case '\n' -> to.append("\\n");
                case '\r' -> to.append("\\r");
                case '\t' -> to.append("\\t");
                default -> {
                    if (c < FIRST_PRINTABLE) {
                        to.append("\\u%04x".formatted((int) c));
                    } else {
                        to.append(c);
                    }
                }
            }
        }
        to.append('"');
    }
}
