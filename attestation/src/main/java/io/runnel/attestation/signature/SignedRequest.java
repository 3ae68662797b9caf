package io.runnel.attestation.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * A request as its caller sent it, and the one way to write it that is signed.
 *
 * @param method as {@code GET}
 * @param path as it came, nothing decoded
 * @param query as it came, without the question mark; may be empty
 * @param headers by their names in small letters, {@code host} among them; a character is a byte
 */
public record SignedRequest(
        String method, String path, String query, Map<String, List<String>> headers) {
    private static final String UNRESERVED =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private static final int HEX = 16;
    private static final int BYTE = 0xff;

    /** Copies what could change. */
    public SignedRequest {
        headers = Map.copyOf(headers);
    }

    /** The only value of a header; empty text if it has none, or several. */
    String header(String name) {
        List<String> values = headers.getOrDefault(name, List.of());
        return values.size() == 1 ? values.getFirst().strip() : "";
    }

    /** With another query. */
    SignedRequest with(String otherQuery) {
        return new SignedRequest(method, path, otherQuery, headers);
    }

    /**
     * The canonical request.
     *
     * @param signed the headers that are part of it
     * @param payload the body's hash, or what is said in its place
     */
    byte[] canonical(List<String> signed, String payload) {
        StringBuilder text = new StringBuilder();
        text.append(method).append('\n');
        text.append(canonicalPath()).append('\n');
        text.append(canonicalQuery()).append('\n');
        for (String name : signed) {
            text.append(name).append(':').append(value(name)).append('\n');
        }
        text.append('\n').append(String.join(";", signed)).append('\n').append(payload);
        return text.toString().getBytes(ISO_8859_1);
    }

    /** Several values as one, in their order; blanks in a row are one. */
    private String value(String name) {
        List<String> values =
                headers.getOrDefault(name, List.of()).stream()
                        .map(value -> value.strip().replaceAll(" +", " "))
                        .toList();
        return String.join(",", values);
    }

    /** Without steps back, and encoded once more than it came. */
    private String canonicalPath() {
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : path.split("/", -1)) {
            switch (segment) {
                case "", "." -> {}
                case ".." -> segments.pollLast();
                default -> segments.addLast(encoded(segment.getBytes(ISO_8859_1)));
            }
        }
        String joined = "/" + String.join("/", segments);
        boolean isFolder = path.endsWith("/") || path.endsWith("/.") || path.endsWith("/..");
        return isFolder && !segments.isEmpty() ? joined + "/" : joined;
    }

    private String canonicalQuery() {
        if (query.isEmpty()) {
            return "";
        }
        List<String> pairs = new ArrayList<>();
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                int is = pair.indexOf('=');
                String name = is < 0 ? pair : pair.substring(0, is);
                String value = is < 0 ? "" : pair.substring(is + 1);
                // A name's end comes before whatever may follow in a longer one.
                pairs.add(encoded(decoded(name)) + '\0' + encoded(decoded(value)));
            }
        }
        Collections.sort(pairs);
        return String.join("&", pairs).replace('\0', '=');
    }

    /** What escapes stand for; a broken one stands for itself, and '+' is a '+'. */
    static byte[] decoded(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        byte[] raw = text.getBytes(UTF_8);
        for (int i = 0; i < raw.length; i++) {
            int high = i + 2 < raw.length ? Character.digit(raw[i + 1], HEX) : -1;
            int low = i + 2 < raw.length ? Character.digit(raw[i + 2], HEX) : -1;
            if (raw[i] == '%' && high >= 0 && low >= 0) {
                bytes.write(high * HEX + low);
                i += 2;
            } else {
                bytes.write(raw[i]);
            }
        }
        return bytes.toByteArray();
    }

    private static String encoded(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (byte each : bytes) {
            char c = (char) (each & BYTE);
            if (UNRESERVED.indexOf(c) >= 0) {
                text.append(c);
            } else {
                text.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c / HEX, HEX)))
                        .append(Character.toUpperCase(Character.forDigit(c % HEX, HEX)));
            }
        }
        return text.toString();
    }
}
