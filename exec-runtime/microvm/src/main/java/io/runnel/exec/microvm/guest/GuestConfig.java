package io.runnel.exec.microvm.guest;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Map;

/**
 * What a guest's function is started with. All together take at most 64 KiB as JSON.
 *
 * @param environment its variables; Lambda's own ({@code AWS_LAMBDA_FUNCTION_NAME}, {@code
 *     LAMBDA_TASK_ROOT}, {@code _HANDLER} and so on) are set by the agent and win
 * @param handler {@code _HANDLER}
 * @param memoryMiB {@code AWS_LAMBDA_FUNCTION_MEMORY_SIZE}
 * @param tmpMiB how much {@code /tmp} holds; it counts as memory
 * @param functionName {@code AWS_LAMBDA_FUNCTION_NAME}
 * @param functionVersion {@code AWS_LAMBDA_FUNCTION_VERSION}
 * @param initializationType {@code on-demand}, or {@code snap-start} if a snapshot will be taken
 * @param mostResponseBytes of an answer that is not streamed; beyond, the function gets 413
 */
public record GuestConfig(
        Map<String, String> environment,
        String handler,
        int memoryMiB,
        int tmpMiB,
        String functionName,
        String functionVersion,
        String initializationType,
        long mostResponseBytes) {
    /** Lambda's own limit of an answer: 6 MiB and 100 bytes. */
    public static final long LAMBDA_RESPONSE_BYTES = 6L * 1024 * 1024 + 100;

    private static final int MOST_VARIABLES = 480;
    private static final int MOST_NAME = 250;
    private static final int MOST_HANDLER = 1000;
    private static final int MOST_KIND = 50;

    /** Checks it. */
    public GuestConfig {
        environment = Map.copyOf(environment);
        if (environment.size() > MOST_VARIABLES) {
            throw new IllegalArgumentException(
                    "environment has %d variables; at most %d are allowed"
                            .formatted(environment.size(), MOST_VARIABLES));
        }
        environment.forEach(GuestConfig::checkVariable);
        Bounds.text("handler", handler, MOST_HANDLER);
        Bounds.text("functionName", functionName, MOST_NAME);
        Bounds.text("functionVersion", functionVersion, MOST_NAME);
        Bounds.text("initializationType", initializationType, MOST_KIND);
        positive("memoryMiB", memoryMiB);
        positive("tmpMiB", tmpMiB);
        positive("mostResponseBytes", mostResponseBytes);
    }

    private static void checkVariable(String name, String value) {
        Bounds.text("a variable's name", name, MOST_NAME);
        if (name.isEmpty() || name.indexOf('=') >= 0 || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("'%s' is no variable".formatted(name));
        }
    }

    private static void positive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("%s must be positive: %d".formatted(name, value));
        }
    }

    byte[] payload(GuestWake wake) {
        ObjectNode json = wake.json();
        ObjectNode variables = json.putObject("environment");
        environment.forEach(variables::put);
        json.put("handler", handler)
                .put("memoryMiB", memoryMiB)
                .put("tmpMiB", tmpMiB)
                .put("functionName", functionName)
                .put("functionVersion", functionVersion)
                .put("initializationType", initializationType)
                .put("mostResponseBytes", mostResponseBytes);
        return Bounds.payload(FrameType.CONFIG, GuestJson.bytes(json));
    }
}
