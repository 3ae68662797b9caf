package io.runnel.exec.microvm.image;

import io.runnel.exec.isolate.CodeRejectedException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The first line of a script ({@code execve(2)}, "Interpreter scripts").
 *
 * @param interpreter an absolute path
 * @param command the program that {@code env} is to find for it, if that is the interpreter
 */
record ScriptLine(String interpreter, Optional<String> command) {
    /** What the kernel reads of it. */
    static final int MOST_BYTES = 255;

    private static final List<String> ENV = List.of("/usr/bin/env", "/bin/env");

    /**
     * Reads it.
     *
     * @param name as the owner knows the script
     * @param head its first bytes, which begin with {@code #!}
     * @throws CodeRejectedException if the kernel would not run that
     */
    static ScriptLine of(String name, byte[] head) throws CodeRejectedException {
        int end = 0;
        while (end < head.length && head[end] != '\n') {
            end++;
        }
        if (end > MOST_BYTES) {
            throw Rejections.malformed(
                    "the first line of %s is longer than %d bytes".formatted(name, MOST_BYTES));
        }
        String line = new String(head, 2, end - 2, StandardCharsets.UTF_8);
        if (line.endsWith("\r")) {
            throw Rejections.malformed(
                    "%s has line ends of Windows, with which Linux finds no interpreter: save it"
                            .concat(" with those of UNIX (LF)")
                            .formatted(name));
        }
        List<String> words =
                List.of(line.replace('\t', ' ').split(" ", -1)).stream()
                        .filter(word -> !word.isEmpty())
                        .toList();
        if (words.isEmpty() || !words.getFirst().startsWith("/")) {
            throw Rejections.noEntry(
                    "%s is a script whose first line must be #! and the absolute path of its"
                            .concat(" interpreter, as #!/bin/sh")
                            .formatted(name));
        }
        return new ScriptLine(words.getFirst(), command(words));
    }

    /** The first word for {@code env} that is neither an option nor a variable. */
    private static Optional<String> command(List<String> words) {
        return ENV.contains(words.getFirst())
                ? words.stream()
                        .skip(1)
                        .filter(word -> !word.startsWith("-") && word.indexOf('=') < 0)
                        .findFirst()
                : Optional.empty();
    }
}
