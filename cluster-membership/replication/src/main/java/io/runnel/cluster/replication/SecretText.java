package io.runnel.cluster.replication;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.task.SecretBundle;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The values of a bundle of secrets as bytes: an object of JSON. What is read is not told. */
public final class SecretText {
    /** The most bytes of one: 32,768 characters, each of which JSON may write in six. */
    public static final int MOST_BYTES = 256 * 1024;

    private SecretText() {}

    /** As bytes. */
    public static byte[] write(Map<String, String> values) {
        JsonObject json = new JsonObject();
        new TreeMap<>(values).forEach(json::put);
        return json.encode().getBytes(UTF_8);
    }

    /** What such bytes say; empty if they are none. */
    public static Optional<Map<String, String>> read(byte[] text) {
        if (text.length > MOST_BYTES) {
            return Optional.empty();
        }
        try {
            Map<String, String> values = new LinkedHashMap<>();
            for (Map.Entry<String, Object> entry : new JsonObject(Buffer.buffer(text))) {
                if (!(entry.getValue() instanceof String value)) {
                    return Optional.empty();
                }
                values.put(entry.getKey(), value);
            }
            return values.isEmpty() || values.size() > SecretBundle.MOST
                    ? Optional.empty()
                    : Optional.of(values);
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }
}
