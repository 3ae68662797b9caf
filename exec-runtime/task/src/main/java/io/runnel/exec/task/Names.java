package io.runnel.exec.task;

/** The one rule for names that people give: a DNS label, so that each may become a host name. */
final class Names {
    static final int MOST_CHARACTERS = 63;

    private Names() {}

    static boolean isLabel(String value) {
        int length = value.length();
        if (length == 0 || length > MOST_CHARACTERS) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            boolean inner = i > 0 && i < length - 1;
            if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !(inner && c == '-')) {
                return false;
            }
        }
        return true;
    }

    static String requireLabel(String what, String value) {
        if (!isLabel(value)) {
            throw new IllegalArgumentException(
                    "%s must be 1 to %d of a-z, 0-9 and inner '-': '%s'"
                            .formatted(what, MOST_CHARACTERS, shown(value)));
        }
        return value;
    }

    /** At most 80 characters of a hostile value, without control characters. */
    static String shown(String value) {
        String cut = value.length() > 80 ? value.substring(0, 80) + "..." : value;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
