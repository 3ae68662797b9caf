package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        assertEquals(
                """
                node       state
                eu-west-1  ready
                ams\
                """,
                new Table("node", "state").row("eu-west-1", "ready").row("ams", "").toString());
    }
}
