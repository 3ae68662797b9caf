package io.runnel.exec.forecast.replay;

import java.util.Locale;

/** Numbers as people read them. */
final class Words {
    private static final long SECOND_MS = 1_000;
    private static final long MINUTE_MS = 60 * SECOND_MS;
    private static final long HOUR_MS = 60 * MINUTE_MS;
    private static final long DAY_MS = 24 * HOUR_MS;

    private Words() {}

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 1 call}, {@code 2,000 calls}. */
    static String count(long number, String noun) {
        return count(number) + " " + noun + (number == 1 ? "" : "s");
    }

    /** {@code 12.70 %}; {@code -} of nothing. */
    static String share(long part, long all) {
        return all == 0 ? "-" : String.format(Locale.ROOT, "%.2f %%", 100.0 * part / all);
    }

    /** The largest unit of which there is one, with three digits: {@code 5 min}, {@code 1.25 h}. */
    static String time(long ms) {
        if (!isAbout(ms, SECOND_MS)) {
            return ms + " ms";
        }
        if (!isAbout(ms, 2 * MINUTE_MS)) {
            return number((double) ms / SECOND_MS) + " s";
        }
        if (!isAbout(ms, HOUR_MS)) {
            return number((double) ms / MINUTE_MS) + " min";
        }
        return isAbout(ms, DAY_MS)
                ? number((double) ms / DAY_MS) + " d"
                : number((double) ms / HOUR_MS) + " h";
    }

    private static boolean isAbout(long ms, long unitMs) {
        return ms >= 0.995 * unitMs;
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
        return text.replaceAll("\\.?0+$", "");
    }

    /** A time after the start of a trace: {@code 3d 14:05}, with seconds if {@code isFine}. */
    static String moment(long ms, boolean isFine) {
        String text =
                String.format(
                        Locale.ROOT,
                        "%dd %02d:%02d",
                        ms / DAY_MS,
                        ms % DAY_MS / HOUR_MS,
                        ms % HOUR_MS / MINUTE_MS);
        return isFine
                ? text + String.format(Locale.ROOT, ":%02d", ms % MINUTE_MS / SECOND_MS)
                : text;
    }

    /** Letters that mean something in XML are written otherwise. */
    static String xml(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
