package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** To which node a task falls. */
class RendezvousTest {
    private static final int TASKS = 3000;
    private static final List<String> NODES = List.of("west-a", "west-b", "west-c");

    private static TaskRef task(int number) {
        return TaskRef.of("demo", "task" + number);
    }

    @Test
    void tasksAreSpreadEvenlyAndInNoOrderOfNodes() {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < TASKS; i++) {
            String node = Rendezvous.of(task(i), NODES).orElseThrow();
            assertEquals(node, Rendezvous.of(task(i), NODES.reversed()).orElseThrow());
            counts.merge(node, 1, Integer::sum);
        }
        for (String node : NODES) {
            int count = counts.get(node);
            assertTrue(Math.abs(count - TASKS / 3) < TASKS / 20, () -> counts.toString());
        }
    }

    @Test
    void whenANodeGoesOnlyItsTasksMove() {
        List<String> left = List.of("west-a", "west-c");
        for (int i = 0; i < TASKS; i++) {
            String before = Rendezvous.of(task(i), NODES).orElseThrow();
            String after = Rendezvous.of(task(i), left).orElseThrow();
            if (!before.equals("west-b")) {
                assertEquals(before, after);
            }
        }
    }

    @Test
    void ofNoNodesItIsNone() {
        assertEquals(Optional.empty(), Rendezvous.of(task(1), List.of()));
    }
}
