package io.runnel.routing.forward;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * In which order a region's nodes are asked.
 *
 * <p>First those that have the program open, as long as they have room: a start costs more than the
 * way to another node. Then whoever takes calls and has the version, open or not, so that what is
 * called more than its nodes can take becomes warm at others too. Last what is full, has an older
 * version only, or takes none.
 *
 * <p>Of those that are alike in this the less loaded of two random ones goes first. So load spreads
 * nearly as well as if the least loaded of all were asked, and what is said of a node's load does
 * not send all POPs there at once (M. Mitzenmacher, The Power of Two Choices in Randomized Load
 * Balancing, 2001). The second to be asked stands in another zone than the first if one of its kind
 * does, for what fails together is not asked in turn. The rest follow by kind.
 *
 * <p>Pure. For one thread, as its random numbers are.
 */
final class NodeChoice {
    /** From here on a node has no slot free, or is not far from it. */
    static final int ROOMY = 50;

    private static final int FULL = 100;

    /** What decides first. */
    private enum Kind {
        WARM(0),
        OPEN(2),
        CLOSED(4);

        /** The lower the sooner; between two is room for the same kind in a worse place. */
        private final int rank;

        Kind(int rank) {
            this.rank = rank;
        }
    }

    /**
     * What is known of a node.
     *
     * @param zone what fails together with it
     * @param takes whether it may be up, and takes new calls
     * @param burden what it says of its load in percent, 100 when it is full, and more for each
     *     call that it has not answered yet
     */
    record Node(String zone, boolean takes, int burden, NodeStart start) {
        private Kind kind() {
            if (!takes || burden >= FULL || start == NodeStart.OLD) {
                return Kind.CLOSED;
            }
            return start == NodeStart.WARM && burden < ROOMY ? Kind.WARM : Kind.OPEN;
        }
    }

    private static final int NONE = -1;

    private final RandomGenerator random;

    NodeChoice(RandomGenerator random) {
        this.random = random;
    }

    /** The places of all these in the list, in the order in which they are asked. */
    int[] order(List<Node> nodes) {
        int count = nodes.size();
        int[] ranks = new int[count];
        for (int i = 0; i < count; i++) {
            ranks[i] = nodes.get(i).kind().rank;
        }
        int[] order = new int[count];
        order[0] = draw(nodes, ranks, NONE);
        if (count > 1) {
            order[1] = draw(nodes, elsewhere(nodes, ranks, order[0]), order[0]);
            addRest(order, ranks);
        }
        return order;
    }

    /** The same ranks, but that each node comes after its kind in other zones. */
    private static int[] elsewhere(List<Node> nodes, int[] ranks, int first) {
        int[] changed = ranks.clone();
        for (int i = 0; i < changed.length; i++) {
            changed[i] += nodes.get(i).zone().equals(nodes.get(first).zone()) ? 1 : 0;
        }
        return changed;
    }

    /** The less loaded of two random ones of the best rank. */
    private int draw(List<Node> nodes, int[] ranks, int except) {
        int best = Integer.MAX_VALUE;
        for (int i = 0; i < ranks.length; i++) {
            best = i == except ? best : Math.min(best, ranks[i]);
        }
        int[] alike = new int[ranks.length];
        int count = 0;
        for (int i = 0; i < ranks.length; i++) {
            if (i != except && ranks[i] == best) {
                alike[count++] = i;
            }
        }
        int one = random.nextInt(count);
        int other = count == 1 ? one : (one + 1 + random.nextInt(count - 1)) % count;
        return burden(nodes, alike[one]) <= burden(nodes, alike[other]) ? alike[one] : alike[other];
    }

    /** Whoever takes none comes last, whatever its load was. */
    private static int burden(List<Node> nodes, int place) {
        Node node = nodes.get(place);
        return node.takes() ? node.burden() : Integer.MAX_VALUE;
    }

    private void addRest(int[] order, int[] ranks) {
        int count = order.length;
        int from = random.nextInt(count);
        int placed = 2;
        for (Kind kind : Kind.values()) {
            for (int i = 0; i < count; i++) {
                int next = (from + i) % count;
                boolean isIn = next == order[0] || next == order[1];
                if (!isIn && ranks[next] == kind.rank) {
                    order[placed++] = next;
                }
            }
        }
    }
}
