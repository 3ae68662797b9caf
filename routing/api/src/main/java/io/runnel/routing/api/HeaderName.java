package io.runnel.routing.api;

/** Which texts may be a header's name: tokens (RFC 9110, 5.6.2), here of at most 64. Pure. */
final class HeaderName {
    private static final int MOST_CHARACTERS = 64;
    private static final String MARKS = "!#$%&'*+-.^_`|~";

    private HeaderName() {}

    /** Whether this is one in lower case. */
    static boolean isOne(String text) {
        return !text.isEmpty()
                && text.length() <= MOST_CHARACTERS
                && text.chars().allMatch(HeaderName::isOfOne);
    }

    private static boolean isOfOne(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || MARKS.indexOf(c) >= 0;
    }
}
