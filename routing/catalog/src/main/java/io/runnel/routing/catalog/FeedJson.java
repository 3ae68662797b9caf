package io.runnel.routing.catalog;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.runnel.exec.task.RegionId;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A feed record as one line of JSON: {@code
 * {"origin":"eu-west","log":"LOG","seq":41,"at":1767225600000,"kind":"task","key":"demo/hello","record":{...},"prev":"...","hash":"...","signer":"...","signedAt":1767225600000,"live":"...","signature":"..."}}.
 * The last four are left out of a record that nobody signed. The record stands in it as it is, and
 * is read as it stands, byte for byte: nothing is parsed and written anew before its hash is
 * checked.
 */
public final class FeedJson {
    /** The longest line that is read. */
    public static final int MOST_LINE_CHARACTERS = FeedRecord.MOST_RECORD_CHARACTERS + 4096;

    private static final List<String> SEAL = List.of("signer", "signedAt", "live", "signature");

    private FeedJson() {}

    /** The record as one line, without the line's end. */
    public static String write(FeedRecord record) {
        StringBuilder line = new StringBuilder(record.record().length() + 800);
        line.append("{\"origin\":").append(quoted(record.origin().value()));
        line.append(",\"log\":").append(quoted(record.log()));
        line.append(",\"seq\":").append(record.seq());
        line.append(",\"at\":").append(record.at().toEpochMilli());
        line.append(",\"kind\":").append(quoted(record.kind()));
        line.append(",\"key\":").append(quoted(record.key()));
        line.append(",\"record\":").append(record.record());
        line.append(",\"prev\":").append(quoted(record.prev()));
        line.append(",\"hash\":").append(quoted(record.hash()));
        record.seal().ifPresent(seal -> write(seal, line));
        return line.append('}').toString();
    }

    private static void write(RecordSeal seal, StringBuilder line) {
        line.append(",\"signer\":").append(quoted(seal.signer()));
        line.append(",\"signedAt\":").append(seal.at().toEpochMilli());
        line.append(",\"live\":").append(quoted(seal.live()));
        line.append(",\"signature\":").append(quoted(seal.signature()));
    }

    private static String quoted(String text) {
        return JsonText.write(JsonNodeFactory.instance.textNode(text));
    }

    /**
     * Reads a line that {@link #write} made, here or at a newer peer, which may have added fields.
     * Its hash is not checked.
     *
     * @throws CatalogException with {@link CatalogException.Code#MALFORMED}
     */
    public static FeedRecord read(String line) {
        if (line.length() > MOST_LINE_CHARACTERS) {
            throw malformed("longer than %d characters".formatted(MOST_LINE_CHARACTERS));
        }
        Map<String, String> found = new HashMap<>();
        try (JsonParser parser = JsonText.MAPPER.getFactory().createParser(line)) {
            collect(parser, line, found);
        } catch (JsonProcessingException e) {
            throw new CatalogException(
                    CatalogException.Code.MALFORMED, "feed record: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalStateException("reading a text does no I/O", e);
        }
        return build(found);
    }

    private static void collect(JsonParser parser, String line, Map<String, String> found)
            throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw malformed("must be a JSON object");
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            int start = (int) parser.currentTokenLocation().getCharOffset();
            if (name.equals("record")) {
                require(
                        token == JsonToken.START_OBJECT || token == JsonToken.VALUE_NULL,
                        "record must be an object or null");
                parser.skipChildren();
                found.put(name, line.substring(start, (int) end(parser)));
            } else if (token.isScalarValue()) {
                found.put(name, parser.getText());
            } else {
                parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw malformed("something stands behind its end");
        }
    }

    private static long end(JsonParser parser) {
        return parser.currentLocation().getCharOffset();
    }

    private static FeedRecord build(Map<String, String> found) {
        try {
            FeedRecord record =
                    new FeedRecord(
                            new RegionId(text(found, "origin")),
                            text(found, "log"),
                            Long.parseLong(text(found, "seq")),
                            Instant.ofEpochMilli(Long.parseLong(text(found, "at"))),
                            text(found, "kind"),
                            text(found, "key"),
                            text(found, "record"),
                            text(found, "prev"),
                            text(found, "hash"),
                            seal(found));
            RecordShape.broken(record)
                    .ifPresent(
                            rule -> {
                                throw malformed(rule);
                            });
            return record;
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new CatalogException(
                    CatalogException.Code.MALFORMED, "feed record: " + e.getMessage(), e);
        }
    }

    private static Optional<RecordSeal> seal(Map<String, String> found) {
        return SEAL.stream().anyMatch(found::containsKey)
                ? Optional.of(
                        new RecordSeal(
                                text(found, "signer"),
                                Instant.ofEpochMilli(Long.parseLong(text(found, "signedAt"))),
                                text(found, "live"),
                                text(found, "signature")))
                : Optional.empty();
    }

    private static String text(Map<String, String> found, String name) {
        String value = found.get(name);
        if (value == null) {
            throw malformed(name + " is missing");
        }
        return value;
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw malformed(rule);
        }
    }

    private static CatalogException malformed(String what) {
        return new CatalogException(CatalogException.Code.MALFORMED, "feed record: " + what);
    }
}
