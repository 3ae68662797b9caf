package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.isolate.LoadReport;

import org.junit.jupiter.api.Test;

class NodeLoadTest {
    @Test
    void upToHalfItIsTheShareOfTakenSlots() {
        assertEquals(0, NodeLoad.percent(0, 0, 8, 512));
        assertEquals(6, NodeLoad.percent(1, 0, 8, 512));
        assertEquals(50, NodeLoad.percent(8, 0, 8, 512));
        assertEquals(0, NodeLoad.percent(0, 0, 0, 0));
    }

    @Test
    void aboveItIsTheShareOfTakenPlacesToWait() {
        assertEquals(50, NodeLoad.percent(8, 1, 8, 512));
        assertEquals(75, NodeLoad.percent(8, 256, 8, 512));
        assertEquals(99, NodeLoad.percent(8, 511, 8, 512));
    }

    @Test
    void isNotFullForAllWhileTenantsShareIt() {
        LoadReport alone = report(false);
        LoadReport shared = report(true);
        assertEquals(100, NodeLoad.percent(alone));
        assertEquals(99, NodeLoad.percent(shared));
    }

    private static LoadReport report(boolean shared) {
        return new LoadReport(100, 4, 2, 4, 2, true, shared, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void isFullWhenTheNextCallWouldBeRefused() {
        assertEquals(100, NodeLoad.percent(8, 512, 8, 512));
        assertEquals(100, NodeLoad.percent(8, 3, 8, 2));
        assertEquals(100, NodeLoad.percent(8, 1, 4, 0));
    }
}
