package io.runnel.exec.network;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a guest was kept from since somebody last asked, each once. Safe for any thread. */
final class Refusals {
    private static final int MOST = 16;

    private final Set<String> refused = new LinkedHashSet<>();

    synchronized void add(String what) {
        if (refused.size() < MOST) {
            refused.add(what);
        }
    }

    synchronized List<String> take() {
        List<String> all = new ArrayList<>(refused);
        refused.clear();
        return all;
    }
}
