package io.runnel.exec.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** Which headers pass our border, and in which direction. Pure. */
public final class HeaderRules {
    /** Of ours, what a caller shows: each node looks at it. */
    private static final Set<String> PROOFS =
            Set.of(lower(RunnelHeaders.KEY.toString()), lower(RunnelHeaders.CALLER.toString()));

    /** RFC 9110 section 7.6.1, and what older agents send. */
    private static final Set<String> HOP_BY_HOP =
            Set.of(
                    "connection",
                    "http2-settings",
                    "keep-alive",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    /** A guest would take it for its own setting HTTP_PROXY (CVE-2016-5385). */
    private static final String PROXY = "proxy";

    /** Between our nodes the call's origin and its framing are told in other ways. */
    private static final Set<String> OF_THE_CONNECTION = Set.of("host", "content-length", "expect");

    /** A guest is told where a call came in, and from whom, by us: alike wherever it runs. */
    private static final Set<String> OF_THE_WAY = Set.of("host", "forwarded", "cdn-loop");

    private static final String AUTHORIZATION = "authorization";
    private static final String COOKIE = "cookie";

    private HeaderRules() {}

    /**
     * What of a request reaches a guest, by names in lower case: nothing hop-by-hop (RFC 9110
     * section 7.6.1, those that {@code Connection} names too), no {@code Proxy}, no {@code
     * Runnel-*}, nothing that proved the caller, no value with control characters; no {@code Host},
     * which is in the call's {@link Origin}. A header that came several times is joined; what looks
     * like UTF-8 is read as such.
     */
    public static Map<String, String> forGuest(MultiMap headers) {
        Map<String, String> kept = new LinkedHashMap<>();
        Set<String> named = namedByConnection(headers);
        headers.forEach(
                (name, value) -> {
                    String lower = lower(name);
                    if (mayEnterGuest(lower, value) && !named.contains(lower)) {
                        String glue = lower.equals(COOKIE) ? "; " : ", ";
                        kept.merge(lower, text(value), (first, next) -> first + glue + next);
                    }
                });
        return kept;
    }

    private static boolean mayEnterGuest(String lower, String value) {
        return isEndToEnd(lower)
                && !lower.startsWith(RunnelHeaders.PREFIX)
                && !OF_THE_WAY.contains(lower)
                && isValue(value)
                && !(lower.equals(AUTHORIZATION) && CredentialHeaders.isOurs(value));
    }

    /** Header values come as one character a byte; most of what is not ASCII is UTF-8. */
    private static String text(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) >= 0x80) {
                return asUtf8(value);
            }
        }
        return value;
    }

    private static String asUtf8(String value) {
        try {
            byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return value;
        }
    }

    /**
     * What of a request is forwarded to another of our nodes: as for a guest, but with what proves
     * the caller and what it is, which that node checks again; without {@code Host}, {@code
     * Content-Length} and {@code Expect}, which are the forwarder's to say.
     */
    public static void eachForNode(MultiMap headers, BiConsumer<String, String> out) {
        Set<String> named = namedByConnection(headers);
        headers.forEach(
                (name, value) -> {
                    String lower = lower(name);
                    boolean ours =
                            lower.startsWith(RunnelHeaders.PREFIX) && !PROOFS.contains(lower);
                    if (isEndToEnd(lower)
                            && !ours
                            && !OF_THE_CONNECTION.contains(lower)
                            && !named.contains(lower)) {
                        out.accept(lower, value);
                    }
                });
    }

    /**
     * What of another node's answer reaches the client: nothing hop-by-hop; {@code Runnel-*} stays,
     * for it is our own. A header may come several times.
     */
    public static void eachFromNode(MultiMap headers, BiConsumer<String, String> out) {
        Set<String> named = namedByConnection(headers);
        headers.forEach(
                (name, value) -> {
                    String lower = lower(name);
                    if (isEndToEnd(lower) && !named.contains(lower)) {
                        out.accept(name, value);
                    }
                });
    }

    /**
     * Whether a header of a guest's answer reaches the client. The name is a token, the value
     * without control characters: {@link #isName}, {@link #isValue}.
     */
    static boolean mayLeaveGuest(String name) {
        String lower = lower(name);
        return isEndToEnd(lower) && !lower.startsWith(RunnelHeaders.PREFIX);
    }

    private static boolean isEndToEnd(String lower) {
        // HTTP/2's own pseudo-headers begin with a colon.
        return !HOP_BY_HOP.contains(lower) && !lower.equals(PROXY) && !lower.startsWith(":");
    }

    private static Set<String> namedByConnection(MultiMap headers) {
        if (!headers.contains(HttpHeaders.CONNECTION)) {
            return Set.of();
        }
        Set<String> named = new HashSet<>();
        for (String value : headers.getAll(HttpHeaders.CONNECTION)) {
            for (String token : value.split(",", -1)) {
                named.add(lower(token.strip()));
            }
        }
        return named;
    }

    /** Whether it is a header's name (RFC 9110 section 5.1). */
    static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (!isTokenCharacter(name.charAt(i))) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static boolean isTokenCharacter(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    /** Whether it may be a header's value: no control characters but the tab. */
    static boolean isValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static String lower(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return name.toLowerCase(Locale.ROOT);
            }
        }
        return name;
    }
}
