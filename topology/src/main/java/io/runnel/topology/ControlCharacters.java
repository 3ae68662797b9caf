package io.runnel.topology;

/**
 * Finds what no text file holds: control characters and halves of characters. The YAML library
 * refuses them as well, but cannot say where they are.
 */
final class ControlCharacters {
    private ControlCharacters() {}

    static void tell(String text, Problems problems) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < text.length() && !problems.isFull(); ) {
            int c = text.codePointAt(i);
            if (!isText(c)) {
                problems.add(
                        new Mark(line, column),
                        "",
                        "a control character does not belong here: U+%04X".formatted(c));
            }
            column = c == '\n' ? 1 : column + 1;
            line += c == '\n' ? 1 : 0;
            i += Character.charCount(c);
        }
    }

    private static boolean isText(int c) {
        return switch (c) {
            case '\t', '\n', '\r', 0x85 -> true;
            default -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE;
        };
    }
}
