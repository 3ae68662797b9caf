package io.runnel.chaos.suite;

import java.util.List;

/** The tasks that scenarios call; the runner deploys them. */
enum Guest {
    /** A task that POPs take over when it is popular. */
    NEAR("chaos-near"),
    /** The same, but it may run longer than POPs allow: however popular, a region runs it. */
    FAR("chaos-far");

    /** The sample that both are. */
    static final String SAMPLE = "exec-runtime/samples/hello/hello.wasm";

    private final String task;

    Guest(String task) {
        this.task = task;
    }

    /** Its name in the network. */
    String task() {
        return task;
    }

    /** What {@code runnel deploy} is told beside its name and file. */
    List<String> options() {
        return switch (this) {
            case NEAR -> List.of();
            case FAR -> List.of("--timeout", "60s");
        };
    }
}
