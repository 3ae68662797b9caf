package io.runnel.exec.http;

import io.vertx.core.buffer.Buffer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Reads the head of a CGI program's output (RFC 3875 section 6): lines of {@code Name: value}, each
 * ended by LF or CR LF, up to an empty one. {@code Status} sets the code; {@code Location} without
 * it makes 302. Pure.
 */
final class CgiAnswer {
    /** The longest head. */
    static final int MOST_HEAD_BYTES = 32 * 1024;

    private static final int MOST_HEADERS = 256;

    /** What was found. */
    sealed interface Parsed {}

    /** No empty line yet. */
    record Incomplete() implements Parsed {}

    /** Never an answer, whatever follows; the reason is for the task's owner. */
    record Broken(String reason) implements Parsed {}

    /** The head is whole. */
    record Whole(Answer answer) implements Parsed {}

    private static final Parsed INCOMPLETE = new Incomplete();

    private final List<Answer.Header> headers = new ArrayList<>(8);
    private OptionalInt status = OptionalInt.empty();
    private OptionalLong length = OptionalLong.empty();
    private boolean hasType;
    private boolean hasLocation;

    private CgiAnswer() {}

    /** Reads the head from the first bytes of an output. */
    static Parsed parse(byte[] bytes, int count) {
        CgiAnswer answer = new CgiAnswer();
        int start = 0;
        int most = Math.min(count, MOST_HEAD_BYTES);
        for (int i = 0; i < most; i++) {
            if (bytes[i] != '\n') {
                continue;
            }
            int end = i > start && bytes[i - 1] == '\r' ? i - 1 : i;
            if (end == start) {
                return answer.end(bytes, i + 1, count);
            }
            String line = new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
            String wrong = answer.take(line);
            if (!wrong.isEmpty()) {
                return new Broken(wrong);
            }
            start = i + 1;
        }
        return count < MOST_HEAD_BYTES
                ? INCOMPLETE
                : new Broken("headers are longer than %d bytes".formatted(MOST_HEAD_BYTES));
    }

    private Parsed end(byte[] bytes, int from, int to) {
        if (!hasType && !hasLocation && status.isEmpty()) {
            return new Broken("headers have no Content-Type, Location or Status");
        }
        int code = status.orElse(hasLocation ? 302 : 200);
        Buffer body = Buffer.buffer(to - from).appendBytes(bytes, from, to - from);
        return new Whole(new Answer(code, List.copyOf(headers), length, body));
    }

    /** Takes one line; says what is wrong with it, if something is. */
    private String take(String line) {
        int colon = line.indexOf(':');
        String name = colon < 0 ? "" : line.substring(0, colon);
        if (!HeaderRules.isName(name)) {
            return "header line %d is not 'Name: value'".formatted(headers.size() + 1);
        }
        String value = line.substring(colon + 1).strip();
        if (!HeaderRules.isValue(value)) {
            return "header %s has a control character".formatted(name);
        }
        if (headers.size() >= MOST_HEADERS) {
            return "more than %d headers".formatted(MOST_HEADERS);
        }
        if (name.equalsIgnoreCase("Status")) {
            return takeStatus(value);
        }
        if (name.equalsIgnoreCase("Content-Length")) {
            return takeLength(value);
        }
        hasType |= name.equalsIgnoreCase("Content-Type");
        hasLocation |= name.equalsIgnoreCase("Location");
        if (HeaderRules.mayLeaveGuest(name)) {
            headers.add(new Answer.Header(name, value));
        }
        return "";
    }

    private String takeStatus(String value) {
        boolean threeDigits =
                value.length() >= 3
                        && isDigits(value.substring(0, 3))
                        && (value.length() == 3 || value.charAt(3) == ' ');
        int code = threeDigits ? Integer.parseInt(value.substring(0, 3)) : 0;
        if (code < 200 || code > 599 || status.isPresent()) {
            return "Status must be one of 200 to 599, once";
        }
        status = OptionalInt.of(code);
        return "";
    }

    private String takeLength(String value) {
        if (value.isEmpty() || value.length() > 18 || !isDigits(value) || length.isPresent()) {
            return "Content-Length must be a number, once";
        }
        length = OptionalLong.of(Long.parseLong(value));
        return "";
    }

    private static boolean isDigits(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
