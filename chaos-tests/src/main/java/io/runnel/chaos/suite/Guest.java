package io.runnel.chaos.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The tasks that scenarios call; the runner deploys them. */
enum Guest {
    /** A task that POPs take over when it is popular. */
    NEAR("chaos-near"),
    /** The same, but it may run longer than POPs allow: however popular, a region runs it. */
    FAR("chaos-far"),
    /**
     * Needs its slot for {@link #HELD} and hardly any processor, so slots are what runs short of.
     * One region alone runs it: nobody else's slots help.
     */
    WAIT("chaos-wait");

    /** How long {@link #WAIT} holds its slot. */
    static final Duration HELD = Duration.ofMillis(250);

    private static final String SAMPLE = "exec-runtime/samples/hello/hello.wasm";

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
            case WAIT -> List.of("--timeout", "60s", "--memory", "1MiB", "--regions", "us-east");
        };
    }

    /** Its module. */
    byte[] module(Path top) throws IOException {
        return switch (this) {
            case NEAR, FAR -> Files.readAllBytes(top.resolve(SAMPLE));
            case WAIT -> WaitingGuest.module(HELD);
        };
    }
}
