package io.runnel.cluster.replication;

import java.io.Serial;
import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets its eldest entry when it has too many. Not safe for several threads. */
final class Eldest<K, V> extends LinkedHashMap<K, V> {
    @Serial private static final long serialVersionUID = 1L;

    private final int most;

    Eldest(int most) {
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
