package io.runnel.exec.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a guest is told of itself, and that it chooses nothing but for whom. */
class IdentityHostTest {
    private static final String MEANT = "Runnel-Identity: true\n";

    private final List<String> asked = new ArrayList<>();

    private Optional<String> document(String audience, String nonce) {
        if (nonce.contains(" ")) {
            throw new IllegalArgumentException("a nonce");
        }
        asked.add(audience + "|" + nonce);
        return audience.equals("nobody") ? Optional.empty() : Optional.of("JWT");
    }

    private OutboundAnswer answer(String method, String url, String headers, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        OutboundRequest request = OutboundRequest.parse(method, url, headers, bytes).orElseThrow();
        assertTrue(IdentityHost.isMeant(request.url()), url);
        return IdentityHost.answer(request, this::document);
    }

    private OutboundAnswer get(String target) {
        return answer("GET", "http://identity.local" + target, MEANT, "");
    }

    private static String body(OutboundAnswer answer) throws Exception {
        byte[] into = new byte[1000];
        int at = 3;
        for (int got; (got = answer.read(into, at, 2, Duration.ZERO)) > 0; ) {
            at += got;
        }
        return new String(into, 3, at - 3, StandardCharsets.UTF_8);
    }

    @Test
    void audienceAndNonceAreTheGuestsToSay() throws Exception {
        for (String target :
                List.of(
                        "/?audience=https%3A%2F%2Fbank&nonce=n-1",
                        "/jwt?nonce=n%2D1&audience=https://bank",
                        "?audience=https://bank&nonce=n-1",
                        "/?&audience=https://bank&&nonce=n-1&",
                        "/?audience=https://bank&nonce=n-1#audience=thief")) {
            asked.clear();
            OutboundAnswer answer = get(target);
            assertEquals(200, answer.status(), target);
            assertEquals("JWT", body(answer), target);
            assertEquals(List.of("https://bank|n-1"), asked, target);
            assertEquals(
                    "Content-Type: application/jwt\nCache-Control: no-store\n",
                    OutboundHeader.lines(answer.headers()));
        }
        asked.clear();
        assertEquals(200, get("").status());
        assertEquals(List.of("|"), asked);
    }

    @Test
    void nothingElseOfTheRequestIsLookedAt() {
        OutboundAnswer answer =
                answer(
                        "GET",
                        "http://identity.local/?nonce=n&node=other&task=other&account=thief",
                        """
                        Runnel-Account: thief
                        runnel-identity: true
                        X-Node: runnel://net/pop/other
                        Forwarded: host=other
                        """,
                        "audience=thief&nonce=other");
        assertEquals(200, answer.status());
        assertEquals(List.of("|n"), asked);
    }

    /** Whoever has a task get a URL of his is not told who the task is. */
    @Test
    void whoDoesNotSayThatItMeansToIsToldNothing() throws Exception {
        for (String headers :
                List.of(
                        "",
                        "Accept: */*\n",
                        "Runnel-Identity: false\n",
                        "Runnel-Identity:\n",
                        "X-Runnel-Identity: true\n")) {
            OutboundAnswer answer =
                    answer(
                            "GET",
                            "http://identity.local/?nonce=n&Runnel-Identity=true",
                            headers,
                            "Runnel-Identity: true");
            assertEquals(403, answer.status(), headers);
            assertEquals("send the header Runnel-Identity: true\n", body(answer));
        }
        assertEquals(List.of(), asked);
    }

    @Test
    void whatIsNotWellAskedIsToldSo() throws Exception {
        for (String target :
                List.of(
                        "/?nonce=a&nonce=b",
                        "/?audience=a&%61udience=b",
                        "/?audience=",
                        "/?nonce",
                        "/?nonce=a+b",
                        "/?nonce=%",
                        "/?nonce=%-1",
                        "/?%zz=1")) {
            OutboundAnswer answer = get(target);
            assertEquals(400, answer.status(), target);
            assertTrue(body(answer).startsWith("audience is 1 to 256"), target);
        }
        for (String target : List.of("/other", "//", "/jwt/", "/demo/hello?nonce=n", "/%6awt")) {
            assertEquals(404, get(target).status(), target);
        }
        for (String method : List.of("POST", "PUT", "HEAD", "DELETE")) {
            OutboundAnswer answer = answer(method, "http://identity.local/", MEANT, "");
            assertEquals(405, answer.status(), method);
            assertEquals("Allow: GET\n", OutboundHeader.lines(answer.headers()));
        }
        assertEquals(List.of(), asked);
        assertEquals(503, get("/?audience=nobody").status());
    }

    @Test
    void itIsOneHostAtOnePort() {
        for (String url :
                List.of(
                        "http://identity.local",
                        "http://identity.local:80/x",
                        "HTTP://Identity.LOCAL/")) {
            assertTrue(IdentityHost.isMeant(OutboundUrl.parse(url).orElseThrow()), url);
        }
        for (String url :
                List.of(
                        "https://identity.local/",
                        "https://identity.local:80/",
                        "http://identity.local:443/",
                        "http://identity.local:8080/",
                        "http://a.identity.local/",
                        "http://identity.local.test/",
                        "http://identity.loca/",
                        "http://other.test/identity.local/")) {
            assertFalse(IdentityHost.isMeant(OutboundUrl.parse(url).orElseThrow()), url);
        }
        for (String url :
                List.of(
                        "http://identity.local./",
                        "http://a@identity.local/",
                        "http://identity.local:080/",
                        "http://identity%2elocal/")) {
            assertEquals(Optional.empty(), OutboundUrl.parse(url), url);
        }
    }
}
