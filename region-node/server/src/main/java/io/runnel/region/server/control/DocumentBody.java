package io.runnel.region.server.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.ByteSize;
import io.vertx.core.buffer.Buffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A request's JSON object of which one field is a document: it becomes a text, letter for letter as
 * it came, for who reads documents to judge. All else of it is as in any body.
 */
final class DocumentBody {
    /** The field. */
    static final String DOCUMENT = "document";

    /** Room for the largest document, indented as people write it. */
    static final ByteSize MOST = ByteSize.ofKiB(768);

    private static final int MOST_CHARACTERS_OF_OTHERS = 1_024;

    /** Documents' own reader has limits of its own; here nothing is kept of what is deep. */
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(1_000)
                                    .maxNumberLength(1_000)
                                    .build())
                    .build();

    private DocumentBody() {}

    /** Reads a body; blocks for what the size takes. */
    static JsonBody read(Buffer body) {
        String text = text(body);
        ObjectNode object = ControlJson.object();
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw notOne();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                put(object, parser, text);
            }
            if (parser.nextToken() != null) {
                throw notOne();
            }
        } catch (JsonProcessingException e) {
            throw notOne();
        } catch (IOException e) {
            throw new IllegalStateException("reading a text does no I/O", e);
        }
        return JsonBody.of(object);
    }

    private static String text(Buffer body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body.getBytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw RefusedException.invalid("body", "must be in UTF-8");
        }
    }

    private static void put(ObjectNode object, JsonParser parser, String text) throws IOException {
        String name = parser.currentName();
        if (object.has(name)) {
            throw notOne();
        }
        parser.nextToken();
        int from = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        parser.finishToken();
        String value = text.substring(from, (int) parser.currentLocation().getCharOffset());
        if (name.equals(DOCUMENT)) {
            object.put(name, value);
        } else if (value.length() > MOST_CHARACTERS_OF_OTHERS) {
            throw RefusedException.invalid(
                    "body",
                    "what is not the document must be at most %d characters"
                            .formatted(MOST_CHARACTERS_OF_OTHERS));
        } else {
            object.set(name, JsonBody.MAPPER.readTree(value));
        }
    }

    private static RefusedException notOne() {
        return RefusedException.invalid(
                "body", "must be one JSON object, no field twice, with the field " + DOCUMENT);
    }
}
