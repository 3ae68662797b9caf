package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.NodeName;

import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;

class CdnLoopTest {
    private static final NodeName AMS = new NodeName("ams");

    @Test
    void theThirdPassOfAPopIsALoop() {
        String mark = CdnLoop.mark(AMS);
        assertEquals("runnel; node=ams", mark);
        assertFalse(CdnLoop.isClosed(List.of(), AMS));
        assertFalse(CdnLoop.isClosed(List.of(mark), AMS));
        assertTrue(CdnLoop.isClosed(List.of(mark, mark), AMS));
        assertTrue(CdnLoop.isClosed(List.of(mark + ", other; x=y," + mark), AMS));
    }

    @Test
    void otherPopsAndOtherNetworksAreNoLoop() {
        String mark = CdnLoop.mark(new NodeName("amsx"));
        assertFalse(CdnLoop.isClosed(List.of(mark, mark, "other; node=ams, other;node=ams"), AMS));
        assertFalse(CdnLoop.isClosed(List.of("runnel-x; node=ams, xrunnel;node=ams"), AMS));
    }

    @Test
    void eightHopsAreALoopWhateverThePops() {
        String mark = CdnLoop.mark(new NodeName("lhr"));
        assertFalse(CdnLoop.isClosed(Collections.nCopies(7, mark), AMS));
        assertTrue(CdnLoop.isClosed(Collections.nCopies(8, mark), AMS));
    }

    @Test
    void aMarkIsReadHoweverItIsWritten() {
        assertTrue(CdnLoop.isClosed(List.of("RUNNEL;NODE=\"ams\",runnel ; a=b ; node = ams"), AMS));
        assertFalse(CdnLoop.isClosed(List.of(",;,;;=,\",\"", "", ";node=ams", ",,,,,,,,,"), AMS));
    }
}
