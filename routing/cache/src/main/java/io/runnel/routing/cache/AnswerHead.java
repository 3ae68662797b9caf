package io.runnel.routing.cache;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** An answer's status and headers, as the task said them. */
final class AnswerHead implements HeaderView {
    /** Of answers that are kept for as long as the owner says, if they say nothing themselves. */
    private static final Set<Integer> COMMON = Set.of(200, 203, 204, 300, 301, 308, 404, 410);

    /** Of answers that are kept only if they say for how long. */
    private static final Set<Integer> IF_SAID = Set.of(302, 303, 307, 405, 414);

    /** What is not for the next who asks (RFC 9111, section 3.1), or is said anew each time. */
    private static final Set<String> NOT_KEPT =
            Set.of(
                    "connection",
                    "proxy-connection",
                    "keep-alive",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "proxy-authenticate",
                    "proxy-authentication-info",
                    "proxy-authorization",
                    "age",
                    "cache-status");

    private final int status;
    private final List<Map.Entry<String, String>> headers;
    private final CacheControl control;

    AnswerHead(int status, List<Map.Entry<String, String>> headers) {
        this.status = status;
        this.headers = headers;
        this.control = CacheControl.of(all("Cache-Control"));
    }

    int status() {
        return status;
    }

    CacheControl control() {
        return control;
    }

    @Override
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().equalsIgnoreCase(name)) {
                values.add(header.getValue());
            }
        }
        return values;
    }

    boolean has(String name) {
        return !all(name).isEmpty();
    }

    boolean isCommon() {
        return COMMON.contains(status);
    }

    /** Whether it is known here what keeping such an answer means. */
    boolean isUnderstood() {
        return isCommon() || IF_SAID.contains(status);
    }

    /** Of several dates the earliest, by which it is the oldest; empty if none can be read. */
    OptionalLong date(long answeredMillis) {
        return all("Date").stream()
                .map(text -> HttpDate.parse(text, answeredMillis))
                .flatMapToLong(OptionalLong::stream)
                .min();
    }

    boolean hasExpires() {
        return has("Expires");
    }

    /** When it says that it is no longer fresh; empty if one of its dates cannot be read. */
    OptionalLong expires(long answeredMillis) {
        List<OptionalLong> all =
                all("Expires").stream().map(text -> HttpDate.parse(text, answeredMillis)).toList();
        return all.stream().anyMatch(OptionalLong::isEmpty)
                ? OptionalLong.empty()
                : all.stream().flatMapToLong(OptionalLong::stream).min();
    }

    /** Milliseconds: the most of what it says; what is no number counts for nothing. */
    long age() {
        long seconds = 0;
        for (String line : all("Age")) {
            for (String part : line.split(",", -1)) {
                seconds = Math.max(seconds, CacheControl.seconds(part.trim()).orElse(0));
            }
        }
        return seconds * 1000;
    }

    /** What of it is for the next who asks, with a Date. */
    List<Map.Entry<String, String>> kept(long answeredMillis) {
        Set<String> left = new HashSet<>(NOT_KEPT);
        all("Connection").forEach(line -> left.addAll(names(line)));
        boolean dated = date(answeredMillis).isPresent();
        if (!dated) {
            left.add("date");
        }
        List<Map.Entry<String, String>> kept = new ArrayList<>(headers.size() + 1);
        for (Map.Entry<String, String> header : headers) {
            if (!left.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                kept.add(Map.entry(header.getKey(), header.getValue()));
            }
        }
        if (!dated) {
            kept.add(Map.entry("Date", HttpDate.format(answeredMillis)));
        }
        return List.copyOf(kept);
    }

    private static Set<String> names(String line) {
        Set<String> names = new TreeSet<>();
        for (String part : line.split(",", -1)) {
            names.add(part.trim().toLowerCase(Locale.ROOT));
        }
        return names;
    }
}
