package io.runnel.attestation.signature;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.jupiter.api.Test;

import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The canonical form of requests, by what AWS publishes of it. */
class SignedRequestTest {
    private static final String EMPTY =
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final LocalDate DAY = LocalDate.of(2015, 8, 30);

    private static String canonical(String path, String query) {
        SignedRequest request =
                new SignedRequest("GET", path, query, Map.of("host", List.of("example.com")));
        String text = new String(request.canonical(List.of("host"), EMPTY), ISO_8859_1);
        return String.join("?", text.split("\n", -1)[1], text.split("\n", -1)[2]);
    }

    private static String signed(
            SignedRequest request, List<String> headers, SigningScope scope, String payload)
            throws Exception {
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(request.canonical(headers, payload));
        return SigningKey.derive(SECRET, scope)
                .sign(
                        "AWS4-HMAC-SHA256\n20150830T123600Z\n%s\n%s"
                                .formatted(scope, HexFormat.of().formatHex(hash)));
    }

    /** The example of its authors' reference: ListUsers of IAM. */
    @Test
    void thePublishedExampleComesOut() throws Exception {
        SigningScope scope = new SigningScope(DAY, "us-east-1", "iam");
        assertEquals(
                "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9",
                HexFormat.of().formatHex(SigningKey.derive(SECRET, scope).bytes()));
        SignedRequest request =
                new SignedRequest(
                        "GET",
                        "/",
                        "Action=ListUsers&Version=2010-05-08",
                        Map.of(
                                "host",
                                List.of("iam.amazonaws.com"),
                                "content-type",
                                List.of("application/x-www-form-urlencoded; charset=utf-8"),
                                "x-amz-date",
                                List.of("20150830T123600Z")));
        List<String> headers = List.of("content-type", "host", "x-amz-date");
        assertEquals(
                "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59",
                HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("SHA-256")
                                        .digest(request.canonical(headers, EMPTY))));
        assertEquals(
                "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
                signed(request, headers, scope, EMPTY));
    }

    /** Of the suite that its authors publish: {@code get-vanilla}. */
    @Test
    void theSuitesFirstCaseComesOut() throws Exception {
        SignedRequest request =
                new SignedRequest(
                        "GET",
                        "/",
                        "",
                        Map.of(
                                "host",
                                List.of("example.amazonaws.com"),
                                "x-amz-date",
                                List.of("20150830T123600Z")));
        assertEquals(
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
                signed(
                        request,
                        List.of("host", "x-amz-date"),
                        new SigningScope(DAY, "us-east-1", "service"),
                        EMPTY));
    }

    @Test
    void pathsAreWrittenInOneWay() {
        Map<String, String> paths = new TreeMap<>();
        paths.put("/", "/");
        paths.put("", "/");
        paths.put("//", "/");
        paths.put("/a//b/", "/a/b/");
        paths.put("/a/./b", "/a/b");
        paths.put("/a/../b", "/b");
        paths.put("/../b", "/b");
        paths.put("/a/..", "/");
        paths.put("/a/.", "/a/");
        paths.put("/a-b_c.d~e", "/a-b_c.d~e");
        paths.put("/a%3Ab", "/a%253Ab");
        paths.put("/a:b*c'(d)", "/a%3Ab%2Ac%27%28d%29");
        paths.forEach((came, written) -> assertEquals(written + "?", canonical(came, ""), came));
    }

    @Test
    void queriesAreWrittenInOneWay() {
        Map<String, String> queries = new TreeMap<>();
        queries.put("", "");
        queries.put("b=1&a=2", "a=2&b=1");
        queries.put("a=2&a=1", "a=1&a=2");
        queries.put("ab=1&a=2", "a=2&ab=1");
        queries.put("a", "a=");
        queries.put("a=&&b", "a=&b=");
        queries.put("a=b=c", "a=b%3Dc");
        queries.put("a=%7e%2f+%20", "a=~%2F%2B%20");
        queries.put("a=%zz%4", "a=%25zz%254");
        queries.put("%C3%A4=1", "%C3%A4=1");
        queries.forEach(
                (came, written) -> assertEquals("/?" + written, canonical("/", came), came));
    }

    @Test
    void headersAreWrittenInOneWay() {
        SignedRequest request =
                new SignedRequest(
                        "PUT",
                        "/",
                        "",
                        Map.of(
                                "host",
                                List.of("h"),
                                "x-amz-meta",
                                List.of("  a   b ", "c"),
                                "x-other",
                                List.of("\u00e4")));
        byte[] written = request.canonical(List.of("host", "x-amz-meta", "x-other"), "PAYLOAD");
        assertEquals(
                List.of(
                        "PUT",
                        "/",
                        "",
                        "host:h",
                        "x-amz-meta:a b,c",
                        "x-other:\u00e4",
                        "",
                        "host;x-amz-meta;x-other",
                        "PAYLOAD"),
                List.of(new String(written, ISO_8859_1).split("\n", -1)));
    }
}
