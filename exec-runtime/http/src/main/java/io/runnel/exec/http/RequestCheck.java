package io.runnel.exec.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

import java.util.List;

/**
 * What a decoder lets through and we do not: requests that two readers could understand in two
 * ways.
 */
final class RequestCheck {
    private static final String CHUNKED = "chunked";

    private RequestCheck() {}

    static boolean isSound(HttpServerRequest request) {
        HttpVersion version = request.version();
        if (version == null || request.path() == null) {
            return false;
        }
        MultiMap headers = request.headers();
        return isTarget(request, version)
                && hasOneHost(request, version)
                && comesAtMostOnce(headers, HttpHeaders.CONTENT_LENGTH)
                && comesAtMostOnce(headers, HttpHeaders.CONTENT_TYPE)
                && isFramedOnce(headers);
    }

    /** What would end a line or a word where it is written as HTTP/1; RFC 9113 section 8.3.1. */
    private static boolean isTarget(HttpServerRequest request, HttpVersion version) {
        String uri = request.uri();
        for (int i = 0; i < uri.length(); i++) {
            if (uri.charAt(i) <= ' ' || uri.charAt(i) == 0x7f) {
                return false;
            }
        }
        return version != HttpVersion.HTTP_2
                || uri.startsWith("/")
                || (uri.equals("*") && request.method().equals(HttpMethod.OPTIONS));
    }

    /** RFC 9112 section 3.2. In HTTP/2 the authority stands for it. */
    private static boolean hasOneHost(HttpServerRequest request, HttpVersion version) {
        List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
        return switch (version) {
            case HTTP_1_0 -> hosts.size() <= 1;
            case HTTP_1_1 ->
                    hosts.size() == 1
                            && (request.authority() != null || hosts.getFirst().isEmpty());
            case HTTP_2 -> hosts.isEmpty() || (hosts.size() == 1 && agrees(request, hosts));
        };
    }

    private static boolean agrees(HttpServerRequest request, List<String> hosts) {
        String authority = request.authority() == null ? "" : request.authority().toString();
        return authority.equalsIgnoreCase(hosts.getFirst());
    }

    /** By length or by chunks, not both; and no other coding, which we could not undo. */
    private static boolean isFramedOnce(MultiMap headers) {
        return !headers.contains(HttpHeaders.TRANSFER_ENCODING)
                || (comesAtMostOnce(headers, HttpHeaders.TRANSFER_ENCODING)
                        && headers.get(HttpHeaders.TRANSFER_ENCODING).equalsIgnoreCase(CHUNKED)
                        && !headers.contains(HttpHeaders.CONTENT_LENGTH));
    }

    private static boolean comesAtMostOnce(MultiMap headers, CharSequence name) {
        return !headers.contains(name) || headers.getAll(name).size() == 1;
    }
}
