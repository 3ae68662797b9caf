package io.runnel.routing.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.placement.PlacementDecision.Forward;
import io.runnel.routing.placement.PlacementDecision.Refusal;
import io.runnel.routing.placement.PlacementDecision.Refuse;
import io.runnel.routing.placement.PlacementDecision.RunHere;
import io.runnel.routing.placement.PlacementDecision.Waiting;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

class PlacementTest {
    private static final List<RegionId> REGIONS = Inputs.REGIONS;

    /**
     * The whole table. Columns: draining, fit, popular, replica, room, regions reachable, decision.
     * {@code *} stands for every value, {@code !X} for every other than X.
     */
    private static final String TABLE =
            """
            no  FITS             yes  READY    FREE   *    here popular
            no  FITS             yes  READY    SOON   yes  here popular, waits a little
            no  FITS             yes  READY    QUEUE  yes  forward capacity
            no  FITS             yes  READY    FULL   yes  forward capacity
            no  FITS             yes  READY    SOON   no   here stale, waits long
            no  FITS             yes  READY    QUEUE  no   here stale, waits long
            no  FITS             yes  READY    FULL   no   refuse OVER_CAPACITY capacity
            no  FITS             yes  EXPECTED FREE   *    here popular
            no  FITS             yes  EXPECTED SOON   yes  here popular, waits a little
            no  FITS             yes  EXPECTED QUEUE  yes  forward capacity
            no  FITS             yes  EXPECTED FULL   yes  forward capacity
            no  FITS             yes  EXPECTED SOON   no   here stale, waits long
            no  FITS             yes  EXPECTED QUEUE  no   here stale, waits long
            no  FITS             yes  EXPECTED FULL   no   refuse OVER_CAPACITY capacity
            no  FITS             yes  HELD     *      yes  forward no-replica, warm up
            no  FITS             yes  HELD     !FULL  no   here stale, waits long
            no  FITS             yes  HELD     FULL   no   refuse OVER_CAPACITY no-replica
            no  FITS             yes  ABSENT   *      yes  forward no-replica, warm up
            no  FITS             yes  ABSENT   *      no   refuse REGION_UNREACHABLE no-replica
            no  FITS             yes  WITHOUT_SECRETS * yes forward no-replica, warm up
            no  FITS             yes  WITHOUT_SECRETS * no  refuse REGION_UNREACHABLE no-replica
            no  FITS             no   EXPECTED FREE   *    here expected
            no  FITS             no   EXPECTED SOON   yes  here expected, waits a little
            no  FITS             no   EXPECTED QUEUE  yes  forward capacity
            no  FITS             no   EXPECTED FULL   yes  forward capacity
            no  FITS             no   EXPECTED SOON   no   here stale, waits long
            no  FITS             no   EXPECTED QUEUE  no   here stale, waits long
            no  FITS             no   EXPECTED FULL   no   refuse OVER_CAPACITY capacity
            no  FITS             no   READY    *      yes  forward uncommon
            no  FITS             no   READY    !FULL  no   here stale, waits long
            no  FITS             no   READY    FULL   no   refuse OVER_CAPACITY uncommon
            no  FITS             no   HELD     *      yes  forward uncommon
            no  FITS             no   HELD     !FULL  no   here stale, waits long
            no  FITS             no   HELD     FULL   no   refuse OVER_CAPACITY uncommon
            no  FITS             no   ABSENT   *      yes  forward uncommon
            no  FITS             no   ABSENT   *      no   refuse REGION_UNREACHABLE uncommon
            no  FITS             no   WITHOUT_SECRETS * yes forward uncommon
            no  FITS             no   WITHOUT_SECRETS * no  refuse REGION_UNREACHABLE uncommon
            no  BOUND_ELSEWHERE  *    *        *      yes  forward pinned
            no  BOUND_ELSEWHERE  *    *        *      no   refuse REGION_UNREACHABLE pinned
            no  TOO_MUCH_MEMORY  *    *        *      yes  forward profile
            no  TOO_MUCH_MEMORY  *    *        *      no   refuse REGION_UNREACHABLE profile
            no  TOO_LONG         *    *        *      yes  forward profile
            no  TOO_LONG         *    *        *      no   refuse REGION_UNREACHABLE profile
            no  NO_RUNTIME       *    *        *      yes  forward profile
            no  NO_RUNTIME       *    *        *      no   refuse REGION_UNREACHABLE profile
            no  NO_NETWORK       *    *        *      yes  forward profile
            no  NO_NETWORK       *    *        *      no   refuse REGION_UNREACHABLE profile
            no  NO_DEVICE        *    *        *      yes  forward profile
            no  NO_DEVICE        *    *        *      no   refuse REGION_UNREACHABLE profile
            no  NOT_QUALIFIED    *    *        *      yes  forward policy
            no  NOT_QUALIFIED    *    *        *      no   refuse REGION_UNREACHABLE policy
            yes *                *    *        *      yes  forward draining
            yes *                *    *        *      no   refuse REGION_UNREACHABLE draining
            """;

    @Test
    void decidesEachRowOfTheTable() {
        Set<PlacementInput> seen = new HashSet<>();
        for (String row : TABLE.lines().toList()) {
            String[] cells = row.strip().split("\\s+", 7);
            for (PlacementInput input : inputs(cells)) {
                assertTrue(seen.add(input), () -> "two rows for " + input);
                assertEquals(cells[6], shown(Placement.decide(input)), input::toString);
            }
        }
        assertEquals(
                2 * Fit.values().length * 2 * Replica.values().length * Room.values().length * 2,
                seen.size(),
                "rows of the table");
    }

    @Test
    void aForwardNamesTheRegionsInTheirOrder() {
        PlacementInput input = Inputs.rare().input();
        assertEquals(new Forward(PlacedReason.UNCOMMON, REGIONS, false), Placement.decide(input));
        assertEquals(
                new RunHere(PlacedReason.STALE, Waiting.LONG),
                Placement.decide(input.withoutRegions()));
    }

    @Test
    void labelsAreThoseOfTheHeader() {
        Set<String> labels =
                Arrays.stream(PlacedReason.values())
                        .map(PlacedReason::label)
                        .collect(Collectors.toSet());
        assertEquals(
                Set.of(
                        ("popular expected capacity profile uncommon no-replica stale pinned policy"
                                        + " draining latency")
                                .split(" ")),
                labels);
        for (PlacedReason reason : PlacedReason.values()) {
            assertEquals(reason, PlacedReason.ofLabel(reason.label()).orElseThrow());
        }
        assertTrue(PlacedReason.ofLabel("POPULAR").isEmpty());
    }

    private static List<PlacementInput> inputs(String[] cells) {
        List<PlacementInput> inputs = new ArrayList<>();
        for (String draining : some(cells[0], List.of("yes", "no"))) {
            for (String fit : some(cells[1], names(Fit.values()))) {
                for (String popular : some(cells[2], List.of("yes", "no"))) {
                    for (String replica : some(cells[3], names(Replica.values()))) {
                        for (String room : some(cells[4], names(Room.values()))) {
                            for (String reachable : some(cells[5], List.of("yes", "no"))) {
                                inputs.add(
                                        Inputs.called(popular.equals("yes") ? 20 : 19)
                                                .draining(draining.equals("yes"))
                                                .fit(Fit.valueOf(fit))
                                                .replica(Replica.valueOf(replica))
                                                .room(Room.valueOf(room))
                                                .reachable(reachable.equals("yes"))
                                                .input());
                            }
                        }
                    }
                }
            }
        }
        return inputs;
    }

    private static List<String> some(String cell, List<String> all) {
        if (cell.equals("*")) {
            return all;
        }
        return cell.startsWith("!")
                ? all.stream().filter(value -> !value.equals(cell.substring(1))).toList()
                : List.of(cell);
    }

    private static List<String> names(Enum<?>[] values) {
        return Arrays.stream(values).map(Enum::name).toList();
    }

    private static String shown(PlacementDecision decision) {
        return switch (decision) {
            case RunHere here -> "here " + here.reason().label() + shown(here.waiting());
            case Forward forward ->
                    "forward " + forward.reason().label() + (forward.warmUp() ? ", warm up" : "");
            case Refuse refuse -> shown(refuse.refusal()) + " " + refuse.reason().label();
        };
    }

    private static String shown(Waiting waiting) {
        return switch (waiting) {
            case NONE -> "";
            case SHORT -> ", waits a little";
            case LONG -> ", waits long";
        };
    }

    private static String shown(Refusal refusal) {
        return "refuse " + refusal.name();
    }
}
