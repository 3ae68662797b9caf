package io.runnel.region.server;

import io.runnel.exec.admin.DrainPage;
import io.runnel.exec.isolate.LoadReport;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.node.Intake;

import java.util.Map;

/**
 * How a region's node is emptied: its pings and its readiness say that it takes no more, so that
 * POPs turn to other regions. It runs what comes all the same: whoever sends it has no other. Any
 * thread.
 */
record RegionDrain(Intake intake, TaskRunner runner) implements DrainPage.Node {
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
        LoadReport load = runner.loadReport();
        return load.running() + load.waiting();
    }

    @Override
    public Map<String, String> regions() {
        return Map.of();
    }
}
