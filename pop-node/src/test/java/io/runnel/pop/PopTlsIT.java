package io.runnel.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.host.HostKeyException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A POP whose topology names a certificate: its users speak TLS with it, and the region as well.
 */
class PopTlsIT {
    private static final String HELLO = "/fn/" + TestRegion.HELLO;

    @TempDir private Path folder;
    private TestHostFiles files;
    private TestPop pop;

    @BeforeEach
    void open() throws Exception {
        files = new TestHostFiles(folder);
        pop = new TestPop(folder, files);
    }

    @AfterEach
    void close() {
        pop.close();
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    void bothVersionsOfHttpAreSpoken() throws Exception {
        for (HttpClient.Version version :
                List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
            try (HttpClient client =
                    HttpClient.newBuilder().sslContext(files.client()).version(version).build()) {
                HttpResponse<String> answer =
                        client.send(
                                HttpRequest.newBuilder(pop.users(HELLO)).build(),
                                BodyHandlers.ofString());
                assertEquals(200, answer.statusCode(), answer.body());
                assertEquals(version, answer.version());
            }
        }
    }

    @Test
    void callsRunHereAndInTheRegionAsBefore() throws Exception {
        HttpResponse<String> answer = pop.call(HELLO);
        assertEquals("region/north/north-1", header(answer, "Runnel-Ran-At"));
        while (!header(answer, "Runnel-Ran-At").equals("pop/edge")) {
            answer = pop.call(HELLO);
            assertEquals(200, answer.statusCode(), answer.body());
        }
        assertEquals("popular", header(answer, "Runnel-Placed"));
    }

    @Test
    void whoSpeaksInClearTextIsToldSo() throws Exception {
        URI clear = URI.create(pop.users(HELLO).toString().replace("https:", "http:"));
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(clear).version(HttpClient.Version.HTTP_1_1).build();
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            assertEquals(400, answer.statusCode());
            assertTrue(answer.body().contains("https://"), answer.body());
        }
    }

    @Test
    void aRenewedCertificateIsShownWhileItRunsAndOperatorsSeeItsEnd() throws Exception {
        X509Certificate next = files.renew();
        pop.awaitShown(next);
        assertEquals(200, pop.call(HELLO).statusCode());
        String end = "runnel_certificates_end_seconds ";
        double seconds =
                pop.metrics()
                        .body()
                        .lines()
                        .filter(line -> line.startsWith(end))
                        .mapToDouble(line -> Double.parseDouble(line.substring(end.length())))
                        .findFirst()
                        .orElseThrow();
        assertTrue(seconds > 11 * 3_600 && seconds <= 12 * 3_600, "left: " + seconds);
    }

    /** It is told before anything runs. */
    @Test
    void aPopWhoseCertificateCannotBeUsedDoesNotStart() throws Exception {
        files.spoil();
        HostKeyException refused = assertThrows(HostKeyException.class, pop::startAnother);
        assertTrue(
                refused.getMessage().startsWith(folder.resolve("host.pem") + ": "),
                refused.getMessage());
    }
}
