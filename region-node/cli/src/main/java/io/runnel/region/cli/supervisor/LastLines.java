package io.runnel.region.cli.supervisor;

import java.util.List;

/** The end of a text that grows, at most {@value #MOST_CHARACTERS} characters. Thread-safe. */
final class LastLines {
    private static final int MOST_CHARACTERS = 16 << 10;

    private final StringBuilder text = new StringBuilder();

    synchronized void add(String more) {
        text.append(more);
        if (text.length() > MOST_CHARACTERS) {
            text.delete(0, text.length() - MOST_CHARACTERS);
        }
    }

    synchronized List<String> lines() {
        return text.toString().lines().toList();
    }
}
