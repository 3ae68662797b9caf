package io.runnel.cluster.store;

import java.util.Set;

/**
 * Which nodes may write to the own log.
 *
 * @param epoch higher with each change
 */
public record Writers(long epoch, Set<String> nodes) {
    /** Before the first time that any were named: every node may. */
    public static final Writers ANY = new Writers(0, Set.of());

    public Writers {
        nodes = Set.copyOf(nodes);
    }

    /** Whether this node may write. */
    public boolean admits(String node) {
        return epoch == 0 || nodes.contains(node);
    }
}
