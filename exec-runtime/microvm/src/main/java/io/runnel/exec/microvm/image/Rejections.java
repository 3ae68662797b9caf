package io.runnel.exec.microvm.image;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;

/** What owners of code are told. */
final class Rejections {
    private static final int MOST_SHOWN = 120;

    private Rejections() {}

    /** No archive, or a broken one. */
    static CodeRejectedException malformed(String why) {
        return new CodeRejectedException(
                Code.MALFORMED, "the code is no ZIP archive that can be read: " + why);
    }

    /** One entry is broken. */
    static CodeRejectedException damaged(String name, String why) {
        return malformed("%s %s".formatted(shown(name), why));
    }

    /** One entry is what code may not have. */
    static CodeRejectedException refused(String name, String rule) {
        return new CodeRejectedException(
                Code.MALFORMED, "%s in the archive %s".formatted(shown(name), rule));
    }

    static CodeRejectedException tooLarge(String rule) {
        return new CodeRejectedException(Code.TOO_LARGE, rule);
    }

    /** With this entry it is more than may be. */
    static CodeRejectedException tooLargeUnpacked(String name) {
        return tooLarge(
                "code may have at most %s when unpacked; it has more, %s included"
                        .formatted(CodeArchive.MOST_UNPACKED, shown(name)));
    }

    static CodeRejectedException tooMany(int most) {
        return tooLarge("code may have at most %,d files and folders".formatted(most));
    }

    static CodeRejectedException noEntry(String message) {
        return new CodeRejectedException(Code.NO_ENTRY, message);
    }

    static CodeRejectedException unsupported(String message) {
        return new CodeRejectedException(Code.UNSUPPORTED, message);
    }

    /** A name that may be anything, fit for a message: short, and without control characters. */
    static String shown(String name) {
        StringBuilder text = new StringBuilder("'");
        name.codePoints()
                .limit(MOST_SHOWN)
                .map(c -> Character.isISOControl(c) || !Character.isDefined(c) ? '?' : c)
                .forEach(text::appendCodePoint);
        return text.append(name.codePointCount(0, name.length()) > MOST_SHOWN ? "...'" : "'")
                .toString();
    }
}
