package io.runnel.routing.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

final class NotModifiedTest {
    private static final String EARLIER = "Sun, 06 Nov 1994 08:49:36 GMT";
    private static final String THEN = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final String LATER = "Sun, 06 Nov 1994 08:49:38 GMT";

    private static StoredAnswer stored(int status, String... headers) {
        return new StoredAnswer(
                status, Headers.of(headers).lines(), new byte[0], CacheFixture.START);
    }

    private static boolean notModified(StoredAnswer answer, String... request) {
        return answer.isNotModified(Headers.of(request));
    }

    @Test
    void aTagIsFoundInAnyListWeakOrNot() {
        for (String tag : List.of("\"a,b\"", "W/\"a,b\"")) {
            StoredAnswer answer = stored(200, "ETag: " + tag);
            for (String list :
                    List.of(
                            "\"a,b\"",
                            "W/\"a,b\"",
                            "\"x\", \"a,b\"",
                            ",,\"x\" ,W/\"a,b\"",
                            "*",
                            " * ",
                            "\"a,b\", broken")) {
                assertTrue(notModified(answer, "If-None-Match: " + list), list);
            }
            for (String list :
                    List.of(
                            "",
                            "\"a\"",
                            "\"b\"",
                            "a,b",
                            "\"A,B\"",
                            "\"a,bc\"",
                            "\"xa,b\"",
                            "\"a,b",
                            "w/\"a,b\"")) {
                assertFalse(notModified(answer, "If-None-Match: " + list), list);
            }
            assertTrue(notModified(answer, "If-None-Match: \"x\"", "If-None-Match: \"a,b\""));
        }
    }

    @Test
    void aTagCountsAlone() {
        StoredAnswer answer = stored(200, "ETag: \"a\"", "Last-Modified: " + THEN);
        String since = "If-Modified-Since: " + THEN;
        assertTrue(notModified(answer, since));
        assertFalse(notModified(answer, since, "If-None-Match: \"b\""));
        assertFalse(notModified(answer, since, "If-None-Match: broken"));
        assertTrue(notModified(answer, "If-None-Match: \"a\"", "If-Modified-Since: " + EARLIER));
    }

    @Test
    void whatIsNoTagIsNone() {
        for (String wrong : List.of("a", "\"a", "a\"", "\"a\"b", "\"a\", \"b\"", "")) {
            StoredAnswer answer = stored(200, "ETag: " + wrong);
            assertFalse(notModified(answer, "If-None-Match: \"a\""), wrong);
            assertEquals(List.of(), answer.validators(), wrong);
        }
        assertFalse(notModified(stored(200, "ETag: \"a\"", "ETag: \"a\""), "If-None-Match: \"a\""));
    }

    @Test
    void aDateIsComparedWithWhenItWasModifiedOrElseMade() {
        StoredAnswer answer = stored(200, "Last-Modified: " + THEN, "Date: " + LATER);
        assertTrue(notModified(answer, "If-Modified-Since: " + THEN));
        assertTrue(notModified(answer, "If-Modified-Since: " + LATER));
        assertTrue(notModified(answer, "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT"));
        assertFalse(notModified(answer, "If-Modified-Since: " + EARLIER));
        assertFalse(notModified(answer, "If-Modified-Since: broken"));
        assertFalse(
                notModified(answer, "If-Modified-Since: " + THEN, "If-Modified-Since: " + THEN));
        StoredAnswer undated = stored(200, "Date: " + THEN);
        assertTrue(notModified(undated, "If-Modified-Since: " + THEN));
        assertFalse(notModified(undated, "If-Modified-Since: " + EARLIER));
        assertFalse(notModified(stored(200), "If-Modified-Since: " + THEN));
    }

    @Test
    void onlyWhatSucceededIsNotModified() {
        assertTrue(notModified(stored(204, "ETag: \"a\""), "If-None-Match: *"));
        assertFalse(notModified(stored(404, "ETag: \"a\""), "If-None-Match: \"a\""));
        assertFalse(notModified(stored(301, "ETag: \"a\""), "If-None-Match: *"));
        assertFalse(notModified(stored(200, "ETag: \"a\"")));
    }

    @Test
    void theTaskIsAskedByWhatTheAnswerHas() {
        assertEquals(
                List.of(
                        Map.entry("If-None-Match", "W/\"a\""),
                        Map.entry("If-Modified-Since", THEN)),
                stored(200, "ETag: W/\"a\"", "Last-Modified: " + THEN).validators());
        assertEquals(List.of(), stored(200, "Date: " + THEN).validators());
    }
}
