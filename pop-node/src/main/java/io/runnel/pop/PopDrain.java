package io.runnel.pop;

import io.runnel.exec.admin.DrainPage;
import io.runnel.exec.node.Intake;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.placement.RegionView;
import io.runnel.topology.Topology;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * How a POP is emptied: its readiness says that it takes no more, users who keep connections are
 * told to let them go, and what comes all the same is forwarded. Any thread.
 *
 * @param calls that it has, be they run here or forwarded
 */
record PopDrain(
        Intake intake, IntSupplier calls, Topology topology, Function<RegionId, RegionView> views)
        implements DrainPage.Node {
    @Override
    public boolean isDraining() {
        return !intake.isOpen();
    }

    @Override
    public void drain() {
        intake.drain();
    }

    @Override
    public void resume() {
        intake.open();
    }

    @Override
    public int left() {
        return calls.getAsInt();
    }

    @Override
    public Map<String, String> regions() {
        Map<String, String> reach = new TreeMap<>();
        topology.regions()
                .forEach(
                        region ->
                                reach.put(
                                        region.name().value(),
                                        views.apply(region.name())
                                                .reach()
                                                .name()
                                                .toLowerCase(Locale.ROOT)));
        return reach;
    }
}
