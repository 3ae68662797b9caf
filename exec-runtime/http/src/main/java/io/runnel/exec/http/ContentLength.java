package io.runnel.exec.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

/** What a request says of its body's length. */
final class ContentLength {
    /** Nothing was said. */
    static final long UNKNOWN = -1;

    private static final int MOST_DIGITS = 18;

    private ContentLength() {}

    /** The length; {@link #UNKNOWN} if nothing was said, the largest number if it is nonsense. */
    static long of(MultiMap headers) {
        String text = headers.get(HttpHeaders.CONTENT_LENGTH);
        if (text == null) {
            return UNKNOWN;
        }
        boolean number =
                !text.isEmpty()
                        && text.length() <= MOST_DIGITS
                        && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Long.parseLong(text) : Long.MAX_VALUE;
    }
}
