package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;

class CgiAnswerTest {
    private static CgiAnswer.Parsed parse(String output) {
        byte[] bytes = output.getBytes(StandardCharsets.ISO_8859_1);
        return CgiAnswer.parse(bytes, bytes.length);
    }

    private static Answer whole(String output) {
        return assertInstanceOf(CgiAnswer.Whole.class, parse(output), output).answer();
    }

    private static String broken(String output) {
        return assertInstanceOf(CgiAnswer.Broken.class, parse(output), output).reason();
    }

    @Test
    void linesEndInEitherWay() {
        for (String end : List.of("\n", "\r\n")) {
            Answer answer = whole("Content-Type: a/b" + end + "X:  1 " + end + end + "body\n\n");
            assertEquals(200, answer.status());
            assertEquals(
                    List.of(new Answer.Header("Content-Type", "a/b"), new Answer.Header("X", "1")),
                    answer.headers());
            assertEquals("body\n\n", answer.body().toString());
        }
        assertEquals("x", whole("Status: 200\r\n\nx").body().toString());
    }

    @Test
    void statusAndLocationMakeTheCode() {
        assertEquals(404, whole("Status: 404 Not Found\n\n").status());
        assertEquals(404, whole("sTATUS:404\n\n").status());
        assertEquals(302, whole("Location: /there\n\n").status());
        assertEquals(201, whole("Location: /there\nStatus: 201\n\n").status());
        assertEquals(
                OptionalLong.of(7), whole("Status: 200\nContent-Length: 7\n\n").declaredLength());
    }

    @Test
    void whatIsOursOrOfTheConnectionIsDropped() {
        Answer answer =
                whole(
                        """
                        Content-Type: a/b
                        Runnel-Ran-At: x
                        Transfer-Encoding: chunked
                        Connection: close

                        """);
        assertEquals(List.of(new Answer.Header("Content-Type", "a/b")), answer.headers());
    }

    @Test
    void withoutAnEmptyLineMoreMayCome() {
        for (String start : List.of("", "C", "Content-Type: a/b", "Content-Type: a/b\n", "\r")) {
            assertInstanceOf(CgiAnswer.Incomplete.class, parse(start), start);
        }
    }

    @Test
    void whatIsNoHeadIsNamed() {
        assertEquals("header line 1 is not 'Name: value'", broken("hello\n"));
        assertEquals("header line 2 is not 'Name: value'", broken("X: 1\n folded\n"));
        assertEquals("header line 1 is not 'Name: value'", broken(": x\n"));
        assertEquals("header line 1 is not 'Name: value'", broken("A b: x\n"));
        assertEquals("header X has a control character", broken("X: a\rb\n"));
        assertEquals("header X has a control character", broken("X: a\u0000b\n"));
        assertEquals("headers have no Content-Type, Location or Status", broken("\nbody"));
        assertEquals("headers have no Content-Type, Location or Status", broken("X: 1\n\nbody"));
        for (String status :
                List.of("", "99", "101", "199", "600", "abc", "2000", "200OK", "-20")) {
            assertEquals(
                    "Status must be one of 200 to 599, once", broken("Status: " + status + "\n"));
        }
        assertEquals(
                "Status must be one of 200 to 599, once", broken("Status: 200\nStatus: 200\n"));
        for (String length : List.of("", "-1", "+1", "1 2", "9".repeat(19), "0x1")) {
            assertEquals(
                    "Content-Length must be a number, once",
                    broken("Content-Length: " + length + "\n"));
        }
    }

    @Test
    void aHeadHasLimits() {
        assertEquals("headers are longer than 32768 bytes", broken("X".repeat(40_000)));
        assertEquals(
                "headers are longer than 32768 bytes", broken("X: " + "y".repeat(40_000) + "\n\n"));
        assertEquals("more than 256 headers", broken("X: 1\n".repeat(300)));
    }

    @Test
    void noOutputMakesItThrow() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String alphabet = "Status: 200\nContent-Length\r\n\n:x \u0000\u00ff";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder output = new StringBuilder();
            for (int n = random.nextInt(40); n > 0; n--) {
                output.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                parse(output.toString());
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + output, e);
            }
        }
    }
}
