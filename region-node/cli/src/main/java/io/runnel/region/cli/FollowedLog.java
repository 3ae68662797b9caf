package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A task's log as it grows. When its region goes away it is waited for, and the log goes on behind
 * the last line that was seen. Not thread-safe.
 */
final class FollowedLog {
    private static final long LOOK_EVERY_MILLIS = 500;

    private final Api api;
    private final String path;
    private final Consumer<JsonNode> each;
    private final Shell shell;
    private OptionalLong last = OptionalLong.empty();
    private long dropped;

    /**
     * Nothing is read yet.
     *
     * @param path of the log, with its query
     * @param each takes a line
     */
    FollowedLog(Api api, String path, Consumer<JsonNode> each, Shell shell) {
        this.api = api;
        this.path = path;
        this.each = each;
        this.shell = shell;
    }

    /**
     * Goes on until there is nobody to ask any more.
     *
     * @throws ApiException if there is no such log, or no network any more
     */
    void follow() {
        InputStream stream = api.stream(path + "&follow=1");
        while (true) {
            read(stream);
            shell.say("runnel: the region ended the log; waiting for it to go on");
            stream = again();
        }
    }

    /** From the first moment on if there was no line yet: what came since then is new. */
    private InputStream again() {
        while (true) {
            try {
                return api.stream(path + "&follow=1&after=" + last.orElse(0));
            } catch (ApiException e) {
                if (!e.retryable() || api.absence().isPresent()) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY_MILLIS));
            }
        }
    }

    private void read(InputStream stream) {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                take(Json.read(line));
            }
        } catch (IOException e) {
            // It broke off; a line that was cut is no JSON and comes again.
        }
    }

    private void take(JsonNode entry) {
        if (entry.has("text")) {
            each.accept(entry);
            last = OptionalLong.of(entry.path("id").asLong());
        }
        long all = entry.path("dropped").asLong(dropped);
        if (all != dropped) {
            dropped = all;
            tellDropped(all, shell);
        }
    }

    static void tellDropped(long lines, Shell shell) {
        if (lines > 0) {
            shell.say("%d lines were dropped, for there was no room".formatted(lines));
        }
    }
}
