package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class InvokeReportTest {
    @Test
    void phasesComeFromServerTiming() {
        assertEquals(
                " (queue 0.1, run 1.94)",
                InvokeReport.phases("queue;dur=0.1, run;desc=\"guest\";dur=1.94, odd"));
        assertEquals("", InvokeReport.phases(""));
    }
}
