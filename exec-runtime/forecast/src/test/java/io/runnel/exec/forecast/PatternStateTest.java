package io.runnel.exec.forecast;

import static io.runnel.exec.forecast.PatternState.LEARNING;
import static io.runnel.exec.forecast.PatternState.PERIODIC;
import static io.runnel.exec.forecast.PatternState.REVOKED;
import static io.runnel.exec.forecast.PatternState.SUSPECT;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

class PatternStateTest {
    private static final Map<PatternState, Set<PatternState>> LEGAL =
            Map.of(
                    LEARNING, EnumSet.of(PERIODIC, REVOKED),
                    PERIODIC, EnumSet.of(SUSPECT),
                    SUSPECT, EnumSet.of(PERIODIC, REVOKED),
                    REVOKED, EnumSet.of(LEARNING));

    @Test
    void onlyTheLegalTransitionsAreMade() {
        for (PatternState from : PatternState.values()) {
            for (PatternState to : PatternState.values()) {
                if (!LEGAL.get(from).contains(to)) {
                    assertThrows(
                            IllegalStateException.class, () -> from.become(to), from + "" + to);
                } else {
                    assertEquals(to, from.become(to));
                }
            }
        }
    }

    @Test
    void nothingIsPreparedForWhatIsNotTrusted() {
        assertFalse(LEARNING.isActedOn());
        assertFalse(REVOKED.isActedOn());
        assertTrue(PERIODIC.isActedOn());
        assertTrue(SUSPECT.isActedOn());
    }
}
