package io.runnel.routing.forward;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * In which order a region's nodes are asked: first the less loaded of two random ones, then the
 * other, then the rest. So load spreads nearly as well as if the least loaded of all were asked,
 * and what is said of a node's load does not send all POPs there at once (M. Mitzenmacher, The
 * Power of Two Choices in Randomized Load Balancing, 2001). For one thread.
 */
final class LaneChoice {
    private final RandomGenerator random;

    LaneChoice(RandomGenerator random) {
        this.random = random;
    }

    /** Adds a region's nodes to the ways of a call. */
    void addTo(List<Lane> ways, List<Lane> nodes) {
        int count = nodes.size();
        if (count == 1) {
            ways.add(nodes.getFirst());
            return;
        }
        int one = random.nextInt(count);
        int other = (one + 1 + random.nextInt(count - 1)) % count;
        boolean inOrder = nodes.get(one).burden() <= nodes.get(other).burden();
        ways.add(nodes.get(inOrder ? one : other));
        ways.add(nodes.get(inOrder ? other : one));
        for (int i = 1; i < count; i++) {
            int next = (one + i) % count;
            if (next != other) {
                ways.add(nodes.get(next));
            }
        }
    }
}
