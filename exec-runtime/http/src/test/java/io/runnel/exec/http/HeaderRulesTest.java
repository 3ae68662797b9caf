package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.BearerToken;
import io.vertx.core.MultiMap;

import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class HeaderRulesTest {
    private static final String KEY = BearerToken.generate(new SecureRandom()).text();

    private static MultiMap headers(String... namesAndValues) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    private static List<String> forNode(MultiMap headers) {
        List<String> kept = new ArrayList<>();
        HeaderRules.eachForNode(headers, (name, value) -> kept.add(name + "=" + value));
        return kept;
    }

    @Test
    void aGuestGetsWhatIsMeantForIt() {
        MultiMap headers =
                headers(
                        "Accept",
                        "a",
                        "Accept",
                        "b",
                        "Cookie",
                        "c=1",
                        "Cookie",
                        "d=2",
                        "Authorization",
                        "Basic x",
                        "X-Runnel",
                        "kept");
        assertEquals(
                Map.of(
                        "accept", "a, b",
                        "cookie", "c=1; d=2",
                        "authorization", "Basic x",
                        "x-runnel", "kept"),
                HeaderRules.forGuest(headers));
    }

    @Test
    void whatIsNotMeantForAGuestIsDropped() {
        String[] dropped = {
            "Connection", "close",
            "KEEP-ALIVE", "1",
            "Proxy-Connection", "x",
            "Proxy-Authorization", "x",
            "TE", "trailers",
            "Trailer", "x",
            "Transfer-Encoding", "chunked",
            "Upgrade", "websocket",
            "HTTP2-Settings", "x",
            "Proxy", "http://evil",
            "Host", "other.example",
            "Forwarded", "for=192.0.2.9",
            "CDN-Loop", "runnel; node=ams",
            "pRoXy", "http://evil",
            "Runnel-Key", KEY,
            "RUNNEL-Ran-At", "x",
            "runnel-", "x",
            "Authorization", "Bearer " + KEY,
            "X-Bad", "a\u0000b",
            "X-Split", "a\r\nb: c",
            "X-Del", "\u007f",
        };
        for (int i = 0; i < dropped.length; i += 2) {
            MultiMap one = headers(dropped[i], dropped[i + 1]);
            assertEquals(Map.of(), HeaderRules.forGuest(one), dropped[i]);
        }
    }

    @Test
    void whatTheConnectionNamesEndsHere() {
        MultiMap headers =
                headers(
                        "Connection",
                        "close, X-Hop ,",
                        "Connection",
                        "x-other",
                        "X-Hop",
                        "1",
                        "X-Other",
                        "2",
                        "X-Kept",
                        "3");
        assertEquals(Map.of("x-kept", "3"), HeaderRules.forGuest(headers));
        assertEquals(List.of("x-kept=3"), forNode(headers));
    }

    @Test
    void anotherNodeGetsTheProofToo() {
        MultiMap headers =
                headers(
                        "Runnel-Key",
                        KEY,
                        "Authorization",
                        "Bearer " + KEY,
                        "Runnel-Node",
                        "forged",
                        "Runnel-Network",
                        "forged",
                        "Host",
                        "h",
                        "Content-Length",
                        "3",
                        "Proxy",
                        "x",
                        "Expect",
                        "100-continue",
                        "X",
                        "1");
        assertEquals(
                List.of("runnel-key=" + KEY, "authorization=Bearer " + KEY, "x=1"),
                forNode(headers));
    }

    @Test
    void anotherNodesAnswerKeepsOurHeaders() {
        MultiMap headers =
                headers(
                        "Runnel-Ran-At",
                        "region/x/y",
                        "Set-Cookie",
                        "a",
                        "Set-Cookie",
                        "b",
                        "Connection",
                        "close",
                        "Transfer-Encoding",
                        "chunked");
        List<String> kept = new ArrayList<>();
        HeaderRules.eachFromNode(headers, (name, value) -> kept.add(name + "=" + value));
        assertEquals(List.of("Runnel-Ran-At=region/x/y", "Set-Cookie=a", "Set-Cookie=b"), kept);
    }

    @Test
    void aGuestMayNotSetWhatIsOurs() {
        for (String name : List.of("Runnel-Placed", "rUNNEL-x", "Connection", "Trailer", "proxy")) {
            assertFalse(HeaderRules.mayLeaveGuest(name), name);
        }
        assertTrue(HeaderRules.mayLeaveGuest("Location"));
    }

    @Test
    void namesAndValuesAreAsRfc9110Has() {
        for (String bad : List.of("", " ", "a b", "a:", "a\n", "\u00e9", "(x)", "a\u0000")) {
            assertFalse(HeaderRules.isName(bad), bad);
        }
        assertTrue(HeaderRules.isName("X-a_1.~|"));
        assertTrue(HeaderRules.isValue("a\tb \u00e9"));
        for (String bad : List.of("\n", "a\rb", "\u0000", "\u007f", "\u001b[0m")) {
            assertFalse(HeaderRules.isValue(bad), bad);
        }
    }
}
