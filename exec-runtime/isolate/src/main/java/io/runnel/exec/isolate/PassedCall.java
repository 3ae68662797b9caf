package io.runnel.exec.isolate;

import java.util.Optional;

/** A call that came here and that another node runs. Safe for any thread. */
final class PassedCall implements Runnable {
    private Optional<TaskDemand> demand;

    /** One that has just come. */
    PassedCall(Optional<TaskDemand> demand) {
        this.demand = demand;
    }

    /** It is over. */
    @Override
    public synchronized void run() {
        demand.ifPresent(TaskDemand::ended);
        demand = Optional.empty();
    }
}
