package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.runnel.exec.task.CodeDigest;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

class AnswerHeadsTest {
    private static final CodeDigest CODE = CodeDigest.of(new byte[] {1});
    private static final List<String> PARTS =
            List.of(
                    "Content-Type: text/plain\n",
                    "Status: 404\r\n",
                    "Content-Length: 3\n",
                    "X-A: 1\n",
                    "X-A: 2\n",
                    "Runnel-Start: warm\n",
                    "broken\n",
                    "\n",
                    "\r\n",
                    "abc",
                    "a\n\nb");

    private final AnswerHeads heads = new AnswerHeads();

    private CgiAnswer.Parsed parse(String output) {
        byte[] bytes = output.getBytes(ISO_8859_1);
        return heads.parse(CODE, bytes, bytes.length);
    }

    private static Answer answer(CgiAnswer.Parsed parsed) {
        return ((CgiAnswer.Whole) parsed).answer();
    }

    @Test
    void anyOutputIsReadAsIfItWereTheFirst() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder output = new StringBuilder();
            for (int parts = random.nextInt(6); parts >= 0; parts--) {
                output.append(PARTS.get(random.nextInt(PARTS.size())));
            }
            byte[] bytes = output.toString().getBytes(ISO_8859_1);
            assertEquals(
                    CgiAnswer.parse(bytes, bytes.length),
                    heads.parse(CODE, bytes, bytes.length),
                    () -> "seed %d: %s".formatted(seed, output));
        }
    }

    @Test
    void aKnownHeadIsNotReadAgain() {
        Answer first = answer(parse("Content-Type: text/plain\n\none"));
        Answer second = answer(parse("Content-Type: text/plain\n\ntwo"));
        assertSame(first.headers(), second.headers());
        assertEquals("two", second.body().toString());
    }

    @Test
    void whatItKnowsIsItsOwn() {
        byte[] bytes = "Content-Type: text/plain\n\none".getBytes(ISO_8859_1);
        heads.parse(CODE, bytes, bytes.length);
        Arrays.fill(bytes, (byte) 'x');
        assertEquals(
                "text/plain",
                answer(parse("Content-Type: text/plain\n\n")).headers().getFirst().value());
    }

    @Test
    void longHeadsAreNotKept() {
        String long1 = "Content-Type: a\nX: " + "x".repeat(AnswerHeads.MOST_BYTES) + "\n\n";
        assertNotSame(answer(parse(long1)).headers(), answer(parse(long1)).headers());
    }
}
