package io.runnel.chaos.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** The API where the Java client does not reach: statuses, populate, bad input. */
final class ApiIT {
    private static final String LINK =
            "{\"name\":\"a\",\"listen\":\"127.0.0.1:0\",\"upstream\":\"127.0.0.1:9\"}";

    private FaultProxy faults;
    private HttpClient http;

    @BeforeEach
    void start() throws IOException {
        faults = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        http = HttpClient.newHttpClient();
    }

    @AfterEach
    void stop() {
        http.close();
        faults.close();
    }

    @Test
    void answersWithToxiproxysStatuses() throws Exception {
        assertEquals(200, call("GET", "/version", "").statusCode());
        assertEquals(201, call("POST", "/proxies", LINK).statusCode());
        assertEquals(409, call("POST", "/proxies", LINK).statusCode());
        assertEquals(200, call("GET", "/proxies", "").statusCode());
        assertEquals(200, call("GET", "/proxies/a", "").statusCode());
        assertEquals(200, call("POST", "/proxies/a", "{\"enabled\":false}").statusCode());
        assertEquals(404, call("GET", "/proxies/b", "").statusCode());
        String toxic = "{\"type\":\"latency\",\"attributes\":{\"latency\":5}}";
        HttpResponse<String> made = call("POST", "/proxies/a/toxics", toxic);
        assertEquals(200, made.statusCode());
        assertEquals(
                "{\"name\":\"latency_downstream\",\"type\":\"latency\",\"stream\":\"downstream\","
                        + "\"toxicity\":1.0,\"attributes\":{\"latency\":5,\"jitter\":0}}",
                made.body());
        assertEquals(409, call("POST", "/proxies/a/toxics", toxic).statusCode());
        String one = "/proxies/a/toxics/latency_downstream";
        assertEquals(200, call("GET", one, "").statusCode());
        assertTrue(call("PATCH", one, "{\"toxicity\":0.25}").body().contains("0.25"));
        assertEquals(204, call("DELETE", one, "").statusCode());
        assertEquals(404, call("DELETE", one, "").statusCode());
        assertEquals(204, call("POST", "/reset", "").statusCode());
        assertTrue(call("GET", "/proxies/a", "").body().contains("\"enabled\":true"));
        assertEquals(204, call("DELETE", "/proxies/a", "").statusCode());
        assertEquals(404, call("GET", "/", "").statusCode());
        assertEquals(404, call("GET", "/proxies/a/other", "").statusCode());
        assertEquals(405, call("DELETE", "/proxies", "").statusCode());
    }

    @Test
    void tellsWhatItsToxicsDid() throws Exception {
        try (EchoServer echo = EchoServer.start()) {
            String listen =
                    listenOf(
                            call(
                                    "POST",
                                    "/proxies",
                                    LINK.replace("127.0.0.1:9\"", echo.address() + "\"")));
            assertEquals("{\"a\":{}}", call("GET", "/acts", "").body());
            int port = Integer.parseInt(listen.substring(listen.indexOf(':') + 1));
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream().write('x');
                assertEquals('x', socket.getInputStream().read());
                call("POST", "/proxies/a", "{\"enabled\":false}");
                assertEquals("{\"a\":{\"cut\":1}}", call("GET", "/acts", "").body());
            }
        }
    }

    @Test
    void populateMakesKeepsAndReplaces() throws Exception {
        HttpResponse<String> first = call("POST", "/populate", "[" + LINK + "]");
        assertEquals(201, first.statusCode());
        assertTrue(first.body().startsWith("{\"proxies\":[{\"name\":\"a\""), first.body());
        String both =
                LINK.replace("127.0.0.1:9\"", "127.0.0.1:10\"")
                        + ","
                        + LINK.replace("\"a\"", "\"b\"");
        assertEquals(201, call("POST", "/populate", "[" + both + "]").statusCode());
        String all = call("GET", "/proxies", "").body();
        assertTrue(all.contains("127.0.0.1:10\"") && all.contains("\"b\":{"), all);
    }

    @Test
    void populateKeepsToxicsOfWhatStaysAsItIsOnly() throws Exception {
        String listen = listenOf(call("POST", "/proxies", LINK));
        call("POST", "/proxies/a/toxics", "{\"type\":\"latency\"}");
        String same = LINK.replace("127.0.0.1:0", listen);
        String kept = call("POST", "/populate", "[" + same + "]").body();
        assertTrue(kept.contains("latency_downstream"), kept);
        String other = same.replace("127.0.0.1:9\"", "127.0.0.1:10\"");
        String replaced = call("POST", "/populate", "[" + other + "]").body();
        assertTrue(replaced.contains("\"toxics\":[]"), replaced);
    }

    @Test
    void whatCannotListenIsNotEnabled() throws Exception {
        call("POST", "/proxies", LINK);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String there = "{\"listen\":\"127.0.0.1:%d\"}".formatted(taken.getLocalPort());
            assertEquals(500, call("POST", "/proxies/a", there).statusCode());
        }
        String left = call("GET", "/proxies/a", "").body();
        assertTrue(left.contains("\"enabled\":false"), left);
    }

    private static String listenOf(HttpResponse<String> answer) {
        String after = answer.body().split("\"listen\":\"", -1)[1];
        return after.substring(0, after.indexOf('"'));
    }

    @Test
    void badInputIsNamed() throws Exception {
        assertBad("/proxies", "not json", "no JSON");
        assertBad("/proxies", "[]", "name");
        assertBad("/proxies", "{\"name\":\"a\"}", "upstream");
        assertBad("/proxies", "{\"name\":7,\"upstream\":\"x:1\"}", "name must be a string");
        assertBad("/proxies", LINK.replace("127.0.0.1:9", "nowhere"), "upstream must be HOST:PORT");
        assertBad("/proxies", LINK.replace("127.0.0.1:9", "a:70000"), "upstream must be HOST:PORT");
        assertBad("/proxies", LINK.replace("\"a\"", "\"" + "a".repeat(129) + "\""), "129");
        assertBad("/populate", "{}", "not a list");
        call("POST", "/proxies", LINK);
        String toxics = "/proxies/a/toxics";
        assertBad(toxics, "{\"type\":\"plague\"}", "plague");
        assertBad(
                toxics, "{\"type\":\"timeout\",\"stream\":\"sideways\"}", "upstream or downstream");
        assertBad(toxics, "{\"type\":\"timeout\",\"toxicity\":2}", "toxicity must be 0 to 1");
        assertBad(
                toxics,
                "{\"type\":\"timeout\",\"attributes\":{\"timeout\":-1}}",
                "timeout must be");
        assertBad(
                toxics,
                "{\"type\":\"timeout\",\"attributes\":{\"timeout\":\"x\"}}",
                "timeout must be");
        assertBad(
                toxics,
                "{\"type\":\"latency\",\"attributes\":{\"latency\":1e30}}",
                "latency must be");
    }

    @Test
    void bodiesAreBoundedAndBrowsersRefused() throws Exception {
        assertEquals(413, call("POST", "/proxies", "x".repeat((1 << 20) + 1)).statusCode());
        HttpRequest browser =
                request("GET", "/proxies", "").header("User-Agent", "Mozilla/5.0 (X11)").build();
        assertEquals(403, http.send(browser, BodyHandlers.ofString()).statusCode());
    }

    private void assertBad(String path, String body, String reason) throws Exception {
        HttpResponse<String> answer = call("POST", path, body);
        assertEquals(400, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains(reason), answer.body());
        assertTrue(answer.body().contains("\"status\":400"), answer.body());
    }

    private HttpResponse<String> call(String method, String path, String body) throws Exception {
        return http.send(request(method, path, body).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String method, String path, String body) {
        URI uri = URI.create("http://127.0.0.1:" + faults.address().getPort() + path);
        return HttpRequest.newBuilder(uri).method(method, BodyPublishers.ofString(body));
    }
}
