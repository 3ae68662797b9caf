package io.runnel.region.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.task.TaskRef;

import java.util.Collection;
import java.util.Optional;

/**
 * To which of several nodes a task falls: each task to one, all nodes find the same, tasks are
 * spread evenly, and when a node goes or comes only those move that fell, or fall, to it (D.
 * Thaler, C. Ravishankar, Using Name-Based Mappings to Increase Hit Rates, 1998). Pure.
 */
final class Rendezvous {
    private static final long FNV_START = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Rendezvous() {}

    /** Which of these nodes; empty if there are none. */
    static Optional<String> of(TaskRef task, Collection<String> nodes) {
        Optional<String> best = Optional.empty();
        long most = 0;
        for (String node : nodes) {
            long weight = weight(node + " " + task);
            if (best.isEmpty()
                    || weight > most
                    || (weight == most && node.compareTo(best.get()) < 0)) {
                best = Optional.of(node);
                most = weight;
            }
        }
        return best;
    }

    /** FNV-1a, and then mixed so that every bit counts (S. Vigna, SplitMix64). */
    private static long weight(String text) {
        long hash = FNV_START;
        for (byte b : text.getBytes(UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        return hash ^ (hash >>> 31);
    }
}
