package io.runnel.routing.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.Optional;

class RequestDigestTest {
    private static final String ID = "01kb3pxe7e9c2r5m8q1t4w7y0z";

    /** {@code printf 'GET\n/fn/acme/charge?a=b\nRNLA\n01...\n\n' | sha256sum | cut -c1-32}. */
    @Test
    void whoMadeTheCallFindsItAgain() {
        assertEquals(
                "f0d17ce56de611272809cd140e5c342c",
                RequestDigest.of("GET", "/fn/acme/charge?a=b", "RNLA", ID, "").toString());
        assertEquals("0".repeat(32), RequestDigest.NONE.toString());
    }

    @Test
    void eachPartOfARequestCounts() {
        RequestDigest one = RequestDigest.of("GET", "/fn/a/b", "RNLA", ID, "AWS4");
        assertNotEquals(one, RequestDigest.of("PUT", "/fn/a/b", "RNLA", ID, "AWS4"));
        assertNotEquals(one, RequestDigest.of("GET", "/fn/a/c", "RNLA", ID, "AWS4"));
        assertNotEquals(one, RequestDigest.of("GET", "/fn/a/b", "RNLB", ID, "AWS4"));
        assertNotEquals(one, RequestDigest.of("GET", "/fn/a/b", "RNLA", "", "AWS4"));
        assertNotEquals(one, RequestDigest.of("GET", "/fn/a/b", "RNLA", ID, ""));
    }

    @Test
    void whatNobodyIsCalledByIsRefused() {
        for (String bad : new String[] {"", "a b", "a\nb", "\u00e4", "x".repeat(401)}) {
            UsageRecord any = UsageRecords.largest(1);
            assertThrows(
                    IllegalArgumentException.class,
                    () ->
                            new UsageRecord(
                                    any.id(),
                                    1,
                                    any.payer(),
                                    any.key(),
                                    any.task(),
                                    1,
                                    any.home(),
                                    any.start(),
                                    any.outcome(),
                                    0,
                                    0,
                                    0,
                                    0,
                                    0,
                                    0,
                                    Optional.of(bad),
                                    RequestDigest.NONE));
        }
    }
}
