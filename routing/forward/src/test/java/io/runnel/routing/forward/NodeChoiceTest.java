package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.routing.forward.NodeChoice.Node;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Which node of a region is asked first. */
class NodeChoiceTest {
    private static final int TRIES = 3000;
    private final NodeChoice choice = new NodeChoice(new SplittableRandom(11));

    private static Node node(String zone, int burden, NodeStart start) {
        return new Node(zone, true, burden, start);
    }

    /** How often each of these was the first, after it was seen that each is asked once. */
    private int[] firsts(List<Node> nodes) {
        int[] firsts = new int[nodes.size()];
        for (int i = 0; i < TRIES; i++) {
            int[] order = choice.order(nodes);
            int[] sorted = order.clone();
            Arrays.sort(sorted);
            assertArrayEquals(IntStream.range(0, nodes.size()).toArray(), sorted);
            firsts[order[0]]++;
        }
        return firsts;
    }

    @Test
    void whereItIsWarmComesFirstWhileThereIsRoom() {
        Node cold = node("a", 0, NodeStart.COLD);
        Node unknown = node("b", 0, NodeStart.UNKNOWN);
        assertArrayEquals(
                new int[] {0, 0, TRIES},
                firsts(List.of(cold, unknown, node("c", 49, NodeStart.WARM))));
        int[] spread = firsts(List.of(cold, unknown, node("c", 50, NodeStart.WARM)));
        assertEquals(0, spread[2], "two are drawn, and the most loaded of three never wins");
        assertTrue(spread[0] > TRIES / 3 && spread[1] > TRIES / 3, Arrays.toString(spread));
    }

    @Test
    void ofSeveralWarmOnesTheLessLoadedOfTwo() {
        int[] spread =
                firsts(
                        List.of(
                                node("a", 0, NodeStart.COLD),
                                node("a", 10, NodeStart.WARM),
                                node("b", 20, NodeStart.WARM),
                                node("c", 30, NodeStart.WARM)));
        assertEquals(0, spread[0]);
        assertEquals(0, spread[3]);
        assertTrue(spread[1] > spread[2] && spread[2] > TRIES / 5, Arrays.toString(spread));
    }

    @Test
    void whatIsFullOrOldOrGoneComesLast() {
        List<Node> nodes =
                List.of(
                        node("a", 100, NodeStart.WARM),
                        node("b", 0, NodeStart.OLD),
                        new Node("c", false, 0, NodeStart.WARM),
                        node("d", 99, NodeStart.COLD));
        assertArrayEquals(new int[] {0, 0, 0, TRIES}, firsts(nodes));
    }

    @Test
    void ifNobodyTakesCallsWhoMayIsStillBeforeWhoDoesNot() {
        List<Node> nodes =
                List.of(new Node("a", false, 0, NodeStart.WARM), node("b", 100, NodeStart.WARM));
        assertArrayEquals(new int[] {0, TRIES}, firsts(nodes));
    }

    @Test
    void theSecondStandsInAnotherZoneOfItsKindIfOneDoes() {
        List<Node> nodes =
                List.of(
                        node("a", 0, NodeStart.WARM),
                        node("a", 0, NodeStart.WARM),
                        node("a", 0, NodeStart.WARM),
                        node("b", 40, NodeStart.WARM),
                        node("c", 0, NodeStart.COLD));
        for (int i = 0; i < TRIES; i++) {
            int[] order = choice.order(nodes);
            assertTrue(order[0] == 3 || order[1] == 3, Arrays.toString(order));
            assertEquals(4, order[4], "a start costs more than the same zone");
        }
    }

    @Test
    void oneNodeIsAskedAsItIs() {
        assertArrayEquals(
                new int[] {0}, choice.order(List.of(new Node("a", false, 100, NodeStart.OLD))));
    }
}
