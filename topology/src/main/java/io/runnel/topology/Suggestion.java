package io.runnel.topology;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What somebody who wrote a wrong word may have meant. */
final class Suggestion {
    /** Longer words are no slips of the pen. */
    private static final int MOST_CHARACTERS = 63;

    private Suggestion() {}

    /** The known word nearest to this one, if a slip or two lie between them. */
    static Optional<String> nearest(String word, Collection<String> known) {
        if (word.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        String folded = folded(word);
        int most = Math.max(1, folded.length() / 3);
        return known.stream()
                .filter(k -> Math.abs(k.length() - word.length()) <= most + 2)
                .filter(k -> slips(folded, folded(k)) <= most)
                .min(Comparator.comparingInt(k -> slips(folded, folded(k))));
    }

    /** {@code : did you mean 'x'?} or nothing. */
    static String question(String word, Collection<String> known) {
        return nearest(word, known).map(": did you mean '%s'?"::formatted).orElse("");
    }

    private static String folded(String word) {
        return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
    private static int slips(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                d[i][j] = i == 0 || j == 0 ? i + j : step(d, a, b, i, j);
            }
        }
        return d[a.length()][b.length()];
    }

    private static int step(int[][] d, String a, String b, int i, int j) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int best =
                Math.min(d[i - 1][j - 1] + (same ? 0 : 1), Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean swapped =
                i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
    }
}
