package io.runnel.exec.wasm;

/** Texts of exceptions for the owner of a task: one line, bounded. */
final class Messages {
    private static final int LONGEST = 200;

    private Messages() {}

    static String of(Throwable failure) {
        String text = failure.getMessage() == null ? "" : failure.getMessage();
        if (text.isBlank()) {
            text = failure.getClass().getSimpleName();
        }
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }
}
