package io.runnel.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;

/** What tests expect of a file with mistakes. */
final class Expect {
    private Expect() {}

    static List<Problem> problems(String text) {
        TopologyException e =
                assertThrows(TopologyException.class, () -> TopologyReader.parse(text), text);
        assertEquals(TopologyException.Code.INVALID, e.code());
        return e.problems();
    }

    /** Exactly these problems, each written as the word at its place and what is said of it. */
    static void problems(String text, String... expected) {
        List<String> lines = text.lines().toList();
        List<String> found = problems(text).stream().map(p -> shown(p, lines)).toList();
        assertEquals(String.join("\n", expected), String.join("\n", found));
    }

    /** The small sample with one change has exactly these problems. */
    static void problemsOfSmall(String old, String replacement, String... expected) {
        problems(changed(old, replacement), expected);
    }

    private static String shown(Problem problem, List<String> lines) {
        String path = problem.path().isEmpty() ? "" : " (" + problem.path() + ")";
        String said = problem.message() + path;
        if (problem.line() == 0) {
            return said;
        }
        String rest = lines.get(problem.line() - 1).substring(problem.column() - 1);
        return rest.split("[ ,}\\]]", 2)[0] + " - " + said;
    }

    static String changed(String old, String replacement) {
        String text = Samples.SMALL.replace(old, replacement);
        if (text.equals(Samples.SMALL)) {
            throw new IllegalArgumentException("not in the sample: " + old);
        }
        return text;
    }
}
