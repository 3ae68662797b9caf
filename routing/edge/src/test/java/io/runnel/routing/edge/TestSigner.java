package io.runnel.routing.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs POSTs as tools of AWS do; written here once more, so that not both are wrong alike. Queries
 * that are signed have names and values of unreserved characters only.
 *
 * @param time as {@code 20261129T120000Z}
 */
record TestSigner(String id, String secret, String time, String service) {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";

    private String scope() {
        return "%s/eu-west/%s/aws4_request".formatted(time.substring(0, 8), service);
    }

    /** With the header {@code Authorization}, and these besides, which are signed. */
    HttpRequest.Builder signed(URI uri, byte[] body, byte[] told, Map<String, String> more)
            throws GeneralSecurityException {
        Map<String, String> headers = new TreeMap<>(more);
        headers.put("host", uri.getAuthority());
        headers.put("x-amz-date", time);
        String query = uri.getRawQuery() == null ? "" : sorted(uri.getRawQuery());
        String signature = signature(uri, query, headers, told);
        HttpRequest.Builder request =
                post(uri, body)
                        .header(
                                "Authorization",
                                "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                                        .formatted(
                                                ALGORITHM,
                                                id,
                                                scope(),
                                                String.join(";", headers.keySet()),
                                                signature));
        headers.remove("host");
        headers.forEach(request::header);
        return request;
    }

    /** By its query, for so many seconds, with only {@code host} signed. */
    HttpRequest.Builder presigned(URI uri, byte[] body, int seconds)
            throws GeneralSecurityException {
        String query =
                sorted(
                        String.join(
                                "&",
                                "X-Amz-Algorithm=" + ALGORITHM,
                                "X-Amz-Credential=" + URLEncoder.encode(id + "/" + scope(), UTF_8),
                                "X-Amz-Date=" + time,
                                "X-Amz-Expires=" + seconds,
                                "X-Amz-SignedHeaders=host",
                                uri.getRawQuery() == null ? "" : uri.getRawQuery()));
        String signature = signature(uri, query, Map.of("host", uri.getAuthority()), body);
        return post(
                uri.resolve(uri.getRawPath() + "?" + query + "&X-Amz-Signature=" + signature),
                body);
    }

    private static HttpRequest.Builder post(URI uri, byte[] body) {
        return HttpRequest.newBuilder(uri)
                .version(HttpClient.Version.HTTP_1_1)
                .POST(BodyPublishers.ofByteArray(body));
    }

    private static String sorted(String query) {
        return Arrays.stream(query.split("&", -1))
                .filter(pair -> !pair.isEmpty())
                .sorted()
                .collect(Collectors.joining("&"));
    }

    private String signature(URI uri, String query, Map<String, String> headers, byte[] body)
            throws GeneralSecurityException {
        StringBuilder canonical = new StringBuilder("POST\n");
        // What is encoded is encoded once more.
        canonical.append(uri.getRawPath().replace("%", "%25")).append('\n').append(query);
        canonical.append('\n');
        new TreeMap<>(headers)
                .forEach((name, value) -> canonical.append(name + ":" + value + "\n"));
        canonical.append('\n').append(String.join(";", new TreeMap<>(headers).keySet()));
        canonical.append('\n').append(sha256(body));
        String text =
                String.join(
                        "\n",
                        ALGORITHM,
                        time,
                        scope(),
                        sha256(canonical.toString().getBytes(UTF_8)));
        byte[] key = ("AWS4" + secret).getBytes(UTF_8);
        for (String part : scope().split("/", -1)) {
            key = mac(key, part);
        }
        return HexFormat.of().formatHex(mac(key, text));
    }

    private static String sha256(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static byte[] mac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }
}
