package io.runnel.region.cli;

import io.runnel.region.cli.supervisor.SupervisorEvent;

import java.util.Locale;

/** Tells a person what goes on, with the seconds since it began. */
final class Progress {
    private final Shell shell;
    private final long startedNanos = System.nanoTime();

    Progress(Shell shell) {
        this.shell = shell;
    }

    void tell(SupervisorEvent event) {
        tell("%-12s %s".formatted(event.node(), event.text()));
    }

    void tell(String text) {
        shell.say("  %8s  %s".formatted(elapsed(), text));
    }

    /** {@code 1.2 s}. */
    String elapsed() {
        return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - startedNanos) / 1e9);
    }
}
