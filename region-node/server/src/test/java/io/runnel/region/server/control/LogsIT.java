package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.cluster.store.DroppedLines;
import io.runnel.cluster.store.TaskLogLine;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;
import io.runnel.region.server.control.TestClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

final class LogsIT {
    private static final TaskRef HELLO = TaskRef.of("demo", "hello");

    @TempDir Path folder;
    private TestRegion region;
    private TestClient demo;

    @BeforeEach
    void start() throws IOException {
        region = new TestRegion(folder, TestRegion.WEST);
        demo = region.client(region.demo);
        demo.deploy("hello", "good", "");
    }

    @AfterEach
    void stop() {
        region.close();
    }

    private void log(String... texts) {
        List<TaskLogLine> lines =
                List.of(texts).stream()
                        .map(
                                text ->
                                        new TaskLogLine(
                                                HELLO,
                                                new RequestId("0".repeat(26)),
                                                Instant.EPOCH,
                                                "pop/ams",
                                                text))
                        .toList();
        region.store
                .appendLogs(lines, List.of(new DroppedLines(HELLO, 2)))
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void tellsTheLastLinesAndThoseAfterAnId() {
        log("one", "two \"quoted\"", "three");
        Answer last = demo.get("/v1/tasks/hello/logs?limit=2");
        assertEquals("two \"quoted\"", last.json().at("/lines/0/text").asText(), last::toString);
        assertEquals(2, last.json().path("dropped").asInt());
        long id = last.json().at("/lines/0/id").asLong();
        Answer after = demo.get("/v1/tasks/hello/logs?after=" + id);
        assertEquals("three", after.json().at("/lines/0/text").asText());
        assertEquals(1, after.json().path("lines").size());
        assertEquals(404, demo.get("/v1/tasks/other/logs").status());
        assertEquals(400, demo.get("/v1/tasks/hello/logs?after=x").status());
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void followsWhatComes() throws IOException {
        log("before");
        try (Socket socket = region.socket()) {
            socket.setSoTimeout(30_000);
            String path = "/v1/tasks/hello/logs?follow=true";
            String head = "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n";
            socket.getOutputStream()
                    .write(
                            head.formatted(path, region.demo.text())
                                    .getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            await(lines, "application/x-ndjson");
            await(lines, "\"text\":\"before\"");
            await(lines, "{\"dropped\":2}");
            log("after");
            await(lines, "\"text\":\"after\"");
            await(lines, "{\"dropped\":4}");
            region.api.endFollowers();
            awaitEnd(lines);
            assertEquals(200, demo.get("/v1/tasks/hello").status());
        }
    }

    private static void await(BufferedReader lines, String wanted) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.contains(wanted)) {
            line = lines.readLine();
        }
        assertTrue(line != null, () -> "the stream ended before " + wanted);
    }

    /** The last chunk has no bytes: a line of its own. */
    private static void awaitEnd(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.equals("0")) {
            line = lines.readLine();
        }
        assertEquals("0", line, "the stream does not end");
    }
}
