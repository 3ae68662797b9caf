package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.attestation.BearerToken;
import io.runnel.exec.task.TaskRef;
import io.runnel.region.server.control.TestClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What is signed for AWS Lambda's API is checked where it is done, with its body. */
final class SignedFunctionsIT {
    private static final String ALL = "/2015-03-31/functions";
    private static final String HELLO = ALL + "/hello";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    @TempDir Path folder;
    private TestRegion west;
    private TestRegion east;

    @BeforeEach
    void start() throws IOException {
        west = new TestRegion(folder.resolve("west"), TestRegion.WEST);
        east = new TestRegion(folder.resolve("east"), TestRegion.EAST);
        TestRegion.connect(west, east);
    }

    @AfterEach
    void stop() {
        west.close();
        east.close();
    }

    /** As tools of AWS do it; written here once more, so that not both are wrong alike. */
    private Answer send(TestRegion to, String method, String path, String body, String signedBody)
            throws Exception {
        BearerToken key = west.demo;
        String time = TIME.format(Instant.now());
        String scope = time.substring(0, 8) + "/us-east-1/lambda/aws4_request";
        String canonical =
                String.join(
                        "\n",
                        method,
                        path,
                        "",
                        "host:127.0.0.1:" + to.port,
                        "x-amz-date:" + time,
                        "",
                        "host;x-amz-date",
                        sha256(signedBody));
        String text = "AWS4-HMAC-SHA256\n%s\n%s\n%s".formatted(time, scope, sha256(canonical));
        byte[] signing = ("AWS4" + key.secret()).getBytes(UTF_8);
        for (String part : scope.split("/", -1)) {
            signing = mac(signing, part);
        }
        HttpRequest request =
                new TestClient(to.port, "")
                        .request(path)
                        .header("X-Amz-Date", time)
                        .header("Content-Type", "application/json")
                        .header(
                                "Authorization",
                                "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=host;x-amz-date, Signature=%s"
                                        .formatted(
                                                key.id(),
                                                scope,
                                                HexFormat.of().formatHex(mac(signing, text))))
                        .method(method, BodyPublishers.ofString(body))
                        .build();
        return new TestClient(to.port, "").send(request);
    }

    private static String sha256(String text) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        return HexFormat.of().formatHex(hash);
    }

    private static byte[] mac(byte[] key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    private Answer send(TestRegion to, String method, String path, String body) throws Exception {
        return send(to, method, path, body, body);
    }

    @Test
    void whoSignedItDoesIt() throws Exception {
        Answer made = send(west, "POST", ALL, TestArchive.creation("hello", "good one", ""));
        assertEquals(201, made.status(), made::toString);
        assertEquals(
                "arn:aws:lambda:us-east-1:demo:function:hello",
                made.json().path("FunctionArn").asText(),
                "the region that its tool is set to");
        Answer limited =
                send(
                        west,
                        "PUT",
                        "/2017-10-31/functions/hello/concurrency",
                        "{\"ReservedConcurrentExecutions\":3}");
        assertEquals(200, limited.status(), limited::toString);
        assertEquals(200, send(west, "GET", HELLO, "").status());
    }

    /** By the name that it was sent to: its caller signed that. */
    @Test
    void anotherRegionRelaysItAsItCame() throws Exception {
        Answer made = send(east, "POST", ALL, TestArchive.creation("hello", "good one", ""));
        assertEquals(201, made.status(), made::toString);
        assertEquals(1, west.relayed.get());
        Answer url =
                send(east, "POST", "/2021-10-31/functions/hello/url", "{\"AuthType\":\"NONE\"}");
        assertEquals(
                "http://127.0.0.1:%d/fn/demo/hello/".formatted(east.port),
                url.json().path("FunctionUrl").asText());
        assertEquals(200, send(east, "GET", HELLO, "").status());
    }

    @Test
    void whatWasChangedOnTheWayIsNotDone() throws Exception {
        String signed = TestArchive.creation("hello", "good one", "");
        String sent = TestArchive.creation("hello", "good two", "");
        for (TestRegion at : new TestRegion[] {west, east}) {
            assertTrue(send(at, "POST", ALL, sent, signed).status() >= 400);
        }
        assertEquals(Optional.empty(), west.catalog.current().live(TaskRef.of("demo", "hello")));
        assertEquals(0, west.codes.list().size(), "nothing of it is kept");
        assertEquals(201, send(west, "POST", ALL, signed).status());
        Answer changed =
                send(
                        west,
                        "PUT",
                        "/2017-10-31/functions/hello/concurrency",
                        "{\"ReservedConcurrentExecutions\":3}",
                        "{\"ReservedConcurrentExecutions\":4}");
        assertTrue(changed.status() == 401 || changed.status() == 403, changed::toString);
        try (Stream<Path> left = Files.list(folder.resolve("west").resolve("uploads"))) {
            assertTrue(left.count() <= 1, "the last may be on its way out");
        }
    }

    /** Only AWS Lambda's API is asked in this way. */
    @Test
    void theRestOfTheControlApiTakesKeys() throws Exception {
        assertEquals(401, send(west, "GET", "/v1/tasks", "").status());
    }
}
