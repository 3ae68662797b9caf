package io.runnel.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.BearerToken;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;

/** AWS Lambda's control API at a POP: a region answers. */
final class FunctionForwardingIT {
    private static final String ALL = "/2015-03-31/functions";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private TestPop pop;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        pop = new TestPop(folder);
        pop.awaitReach("up");
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        pop.close();
    }

    private HttpResponse<String> ask(String path, String token, byte[] body) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(pop.users(path)).POST(BodyPublishers.ofByteArray(body));
        if (!token.isEmpty()) {
            request.header("Authorization", token);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void whatNamesAKeyGoesOnAsItCame() throws Exception {
        String key = "Bearer " + TestRegion.KEY.text();
        for (int bytes : new int[] {0, 1_000, 5_000_000}) {
            HttpResponse<String> answer =
                    ask(ALL + "/a%3Ab/code?Qualifier=1", key, new byte[bytes]);
            assertEquals(201, answer.statusCode(), answer::body);
            String expected = "POST %s/a%%3Ab/code?Qualifier=1 %d ".formatted(ALL, bytes);
            assertTrue(answer.body().startsWith(expected), answer::body);
            String host = "host=\"" + pop.users("/").getAuthority() + "\"";
            assertTrue(answer.body().contains(host), answer::body);
        }
        HttpResponse<String> large = ask(ALL, key, new byte[(48 << 20) + 1]);
        assertEquals("413", told(large));
        assertEquals(3, pop.region().functionsAsked.get());
    }

    private static String told(HttpResponse<String> answer) {
        assertTrue(answer.headers().firstValue("X-Amzn-ErrorType").isPresent(), answer::body);
        return Integer.toString(answer.statusCode());
    }

    @Test
    void whoNamesNoneGetsNoFurther() throws Exception {
        BearerToken other = BearerToken.generate(new SecureRandom());
        String secretOfAnother = TestRegion.KEY.id() + "." + other.secret();
        String signature =
                "AWS4-HMAC-SHA256 Credential=%s/20261130/eu-west/lambda/aws4_request, SignedHeaders=host, Signature=%064d"
                        .formatted(other.id(), 0);
        for (String shown :
                new String[] {
                    "",
                    "Bearer " + other.text(),
                    "Bearer " + secretOfAnother,
                    signature,
                    "Basic eA=="
                }) {
            HttpResponse<String> answer = ask(ALL, shown, new byte[1]);
            assertTrue(told(answer).startsWith("40"), shown + " " + answer.statusCode());
        }
        assertEquals(0, pop.region().functionsAsked.get());
    }

    @Test
    void withoutARegionNothingIsDone() throws Exception {
        pop.loseRegion();
        pop.awaitReach("down");
        HttpResponse<String> answer = ask(ALL, "Bearer " + TestRegion.KEY.text(), new byte[1]);
        assertEquals("503", told(answer));
    }
}
