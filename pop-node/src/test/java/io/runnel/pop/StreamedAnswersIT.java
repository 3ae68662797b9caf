package io.runnel.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Answers that Lambda's clients read as they are written: of the region's guest, and the POP's. */
class StreamedAnswersIT {
    private static final String PATH =
            "/2021-11-15/functions/demo%3Afunction%3Atelling/response-streaming-invocations";
    private static final int POPULAR = 25;

    @TempDir private Path data;

    @Test
    void theyAreTheSameWhereverTheirGuestRuns() throws Exception {
        try (TestPop pop = new TestPop(data)) {
            HttpResponse<byte[]> far = pop.post(PATH, "{}");
            assertEquals("region/north/north-1", ranAt(far));
            String told = told(far.body());
            assertTrue(told.contains("PayloadChunk") && told.contains("ello"), told);
            assertTrue(told.endsWith("InvokeComplete{}"), told);
            for (int i = 0; i < POPULAR; i++) {
                assertEquals(200, pop.post(PATH, "{}").statusCode());
            }
            pop.awaitOpen(TestRegion.TELLING);
            HttpResponse<byte[]> near = pop.post(PATH, "{}");
            assertEquals("pop/edge", ranAt(near));
            assertEquals(told, told(near.body()));
        }
    }

    private static String ranAt(HttpResponse<byte[]> answer) {
        assertEquals(200, answer.statusCode());
        assertEquals(
                "application/vnd.amazon.eventstream",
                answer.headers().firstValue("Content-Type").orElse(""));
        return answer.headers().firstValue("Runnel-Ran-At").orElse("");
    }

    /** Types and payloads; pieces that follow each other as one. */
    private static String told(byte[] stream) {
        ByteArrayOutputStream payloads = new ByteArrayOutputStream();
        ByteBuffer left = ByteBuffer.wrap(stream);
        String last = "";
        while (left.hasRemaining()) {
            ByteBuffer frame = left.slice(left.position(), left.getInt(left.position()));
            left.position(left.position() + frame.limit());
            int headers = frame.getInt(4);
            String names = UTF_8.decode(frame.slice(12, headers)).toString();
            String type = names.contains("PayloadChunk") ? "PayloadChunk" : "InvokeComplete";
            if (!type.equals(last)) {
                payloads.writeBytes(type.getBytes(UTF_8));
            }
            last = type;
            byte[] payload = new byte[frame.limit() - 16 - headers];
            frame.get(12 + headers, payload);
            payloads.writeBytes(payload);
        }
        return payloads.toString(UTF_8);
    }
}
