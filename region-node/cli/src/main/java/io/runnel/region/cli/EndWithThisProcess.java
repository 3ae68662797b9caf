package io.runnel.region.cli;

import io.runnel.region.cli.supervisor.SupervisorLaunch;

/**
 * Ends the network that this command started when the command ends, by Ctrl-C or by a failure, and
 * waits for it: who sees the command end may rely on no process being left.
 */
final class EndWithThisProcess {
    private final SupervisorLaunch launch;
    private final Shell shell;
    private final Thread hook = new Thread(this::end, "end-network");

    private EndWithThisProcess(SupervisorLaunch launch, Shell shell) {
        this.launch = launch;
        this.shell = shell;
    }

    static EndWithThisProcess of(SupervisorLaunch launch, Shell shell) {
        EndWithThisProcess end = new EndWithThisProcess(launch, shell);
        Runtime.getRuntime().addShutdownHook(end.hook);
        return end;
    }

    private void end() {
        if (launch.handle().isAlive()) {
            shell.say("stopping the network");
            launch.letGo();
            Processes.awaitEnd(launch.handle());
        }
    }

    /** Ends it now. */
    void now() {
        neverMind();
        end();
    }

    /** The network is to outlive this command. */
    void neverMind() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This process is ending: the hook is at work.
        }
    }
}
