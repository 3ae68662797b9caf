package io.runnel.exec.microvm.guest;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Base64;
import java.util.Map;

/**
 * What a machine is told when it starts or goes on as another one.
 *
 * @param timeMillis since 1970 in UTC
 * @param entropy for its random generator: base64 of 16 to 509 bytes, for this machine alone
 */
public record GuestWake(long timeMillis, String entropy) {
    private static final int LEAST = 16;
    private static final int MOST = 509;

    /** Checks both. */
    public GuestWake {
        if (timeMillis < 1) {
            throw new IllegalArgumentException("timeMillis must be positive: " + timeMillis);
        }
        int length = Base64.getDecoder().decode(entropy).length;
        if (length < LEAST || length > MOST) {
            throw new IllegalArgumentException(
                    "entropy must have %d to %d bytes: %d".formatted(LEAST, MOST, length));
        }
    }

    /** Of bytes that nobody else has. */
    public static GuestWake of(long timeMillis, byte[] entropy) {
        return new GuestWake(timeMillis, Base64.getEncoder().encodeToString(entropy));
    }

    /** Not the entropy. */
    @Override
    public String toString() {
        return "GuestWake[timeMillis=%d]".formatted(timeMillis);
    }

    ObjectNode json() {
        return GuestJson.newObject().put("timeMillis", timeMillis).put("entropy", entropy);
    }

    byte[] elsewhere() {
        return GuestJson.bytes(json());
    }

    byte[] restored(Map<String, String> environment) {
        ObjectNode json = json();
        ObjectNode changes = json.putObject("environment");
        environment.forEach(changes::put);
        return GuestJson.bytes(json);
    }
}
