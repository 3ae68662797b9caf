package io.runnel.exec.microvm.machine;

/**
 * The version of QEMU that is installed.
 *
 * @param text as QEMU says it, with the distribution's own: {@code 7.2.22 (Debian 1:7.2+dfsg-7)}
 */
public record QemuVersion(int major, int minor, String text) {
    private static final String BEFORE = "version ";
    private static final int MOST_CHARACTERS = 200;

    /**
     * Reads what {@code qemu-system-x86_64 --version} says.
     *
     * @throws IllegalArgumentException if that is no version
     */
    static QemuVersion parse(String said) {
        String line = said.lines().findFirst().orElse("");
        int at = line.indexOf(BEFORE);
        String text = at < 0 ? "" : line.substring(at + BEFORE.length()).strip();
        String[] numbers = text.split("[. ]", 3);
        if (numbers.length < 2 || text.length() > MOST_CHARACTERS) {
            throw unreadable(line);
        }
        try {
            return new QemuVersion(
                    Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]), text);
        } catch (NumberFormatException e) {
            throw unreadable(line);
        }
    }

    private static IllegalArgumentException unreadable(String line) {
        String shown = line.length() > MOST_CHARACTERS ? line.substring(0, MOST_CHARACTERS) : line;
        return new IllegalArgumentException("no version of QEMU: '%s'".formatted(shown));
    }

    /**
     * Whether it maps a template's memory without opening the file for writing: {@code
     * memory-backend-file} has {@code rom=off} beside {@code readonly=on} since 8.2.
     */
    boolean opensTemplatesForReading() {
        return major > 8 || (major == 8 && minor >= 2);
    }
}
