package io.runnel.exec.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import io.vertx.core.http.HttpServerRequest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/**
 * What a Lambda Invoke call says of its client by {@code X-Amz-Client-Context}: a JSON object in
 * Base64, which the guest sees as a variable. Pure.
 *
 * @param json as the guest sees it; empty if nothing is said
 */
public record ClientContext(String json) {
    /** The guest's variable. */
    static final String VARIABLE = "RUNNEL_CLIENT_CONTEXT";

    /** The header that says it. */
    public static final String HEADER = "X-Amz-Client-Context";

    /** Of the header, as AWS Lambda has it. */
    private static final int MOST_CHARACTERS = 3583;

    static final ClientContext NONE = new ClientContext("");
    private static final JsonFactory JSON = new JsonFactory();

    /** The header as it came, a text without characters if there is none; empty if it is none. */
    public static Optional<String> shown(HttpServerRequest request) {
        String said = Objects.requireNonNullElse(request.getHeader(HEADER), "");
        return of(request).map(context -> said);
    }

    /** Reads the header; hostile. Empty if it is there and none. */
    static Optional<ClientContext> of(HttpServerRequest request) {
        String said = request.getHeader(HEADER);
        if (said == null) {
            return Optional.of(NONE);
        }
        return said.length() > MOST_CHARACTERS ? Optional.empty() : read(said);
    }

    private static Optional<ClientContext> read(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            String json =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return isObject(json) ? Optional.of(new ClientContext(json)) : Optional.empty();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static boolean isObject(String json) {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }
}
