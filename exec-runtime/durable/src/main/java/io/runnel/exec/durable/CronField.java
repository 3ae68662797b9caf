package io.runnel.exec.durable;

import java.util.Locale;
import java.util.regex.Pattern;

/** A field of a calendar, in the order in which they are written. */
enum CronField {
    /** 0 to 59. */
    MINUTE("minute", "0 to 59", ""),
    /** 0 to 23. */
    HOUR("hour", "0 to 23", ""),
    /** 1 to 31. */
    DAY("day of the month", "1 to 31", ""),
    /** 1 to 12. */
    MONTH("month", "1 to 12 or JAN to DEC", "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"),
    /** 0 and 7 are Sundays. */
    WEEKDAY("day of the week", "0 to 7 or SUN to SAT", "SUN|MON|TUE|WED|THU|FRI|SAT");

    private final String label;
    private final String values;
    private final Pattern form;

    CronField(String label, String values, String names) {
        this.label = label;
        this.values = values;
        String one = names.isEmpty() ? "\\d{1,2}" : "(?:\\d{1,2}|" + names + ")";
        String part = "(?:\\*|%1$s-%1$s)(?:/\\d{1,2})?|%1$s".formatted(one);
        this.form = Pattern.compile("(?:%1$s)(?:,(?:%1$s))*+".formatted(part));
    }

    /** As people call it. */
    String label() {
        return label;
    }

    /**
     * As every reader of calendars takes it; whether numbers are within their bounds it has to say.
     *
     * @throws IllegalArgumentException if it has no such form
     */
    String plain(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        if (!form.matcher(upper).matches()) {
            throw refused(text);
        }
        // Up to Sunday is to the end of the week; from Sunday on, from its beginning.
        return upper.replace("-SUN", "-7").replace("SUN", "0");
    }

    IllegalArgumentException refused(String text) {
        return new IllegalArgumentException(
                "%s must be *, or of %s: one, a list (a,b), a range (a-b), or steps (*/n, a-b/n): '%s'"
                        .formatted(label, values, text.replaceAll("[^ -~]", "?")));
    }
}
