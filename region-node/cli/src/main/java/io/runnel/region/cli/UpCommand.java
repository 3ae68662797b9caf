package io.runnel.region.cli;

import io.runnel.region.cli.supervisor.DataFolder;
import io.runnel.region.cli.supervisor.Leftovers;
import io.runnel.region.cli.supervisor.SupervisorClient;
import io.runnel.region.cli.supervisor.SupervisorException;
import io.runnel.region.cli.supervisor.SupervisorLaunch;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Starts a network. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Starts every node of a topology that is on this machine, and waits until all are"
                    + " ready.",
            "Stays in front, and ends the network with itself, unless --detach is given."
        })
final class UpCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin private DataOption data;

    @Option(
            names = {"-t", "--topology"},
            paramLabel = "FILE",
            description =
                    "the network's topology; unless given that of the data folder's last run, else"
                            + " topology/examples/two-regions.yaml")
    private Optional<Path> topology = Optional.empty();

    @Option(names = "--detach", description = "let it run, and return when it is ready")
    private boolean detach;

    @Option(names = "--samples", description = "deploy the sample tasks to account demo")
    private boolean samples;

    @Option(names = "--no-restart", description = "leave a node that died dead")
    private boolean noRestart;

    @Option(names = "--json", description = "print the endpoints as JSON")
    private boolean json;

    UpCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        DataFolder folder = data.in(shell);
        NetworkStart start = new NetworkStart(shell, folder, new Progress(shell));
        Optional<SupervisorLaunch> launch;
        try (UpLock _ = UpLock.take(folder, shell)) {
            Optional<SupervisorClient> running = SupervisorClient.find(folder);
            if (running.isPresent()) {
                return tellThatItRuns(folder, running.get(), start);
            }
            launch = start(folder, start);
        }
        return launch.map(l -> stayInFront(folder, l, start)).orElse(0);
    }

    /** Empty if there is nothing to stay for: it runs by itself now. */
    private Optional<SupervisorLaunch> start(DataFolder folder, NetworkStart start) {
        start.prepare(topology);
        SupervisorLaunch launch = start.launch(!noRestart);
        EndWithThisProcess end = EndWithThisProcess.of(launch, shell);
        UpReport report;
        try {
            start.awaitReady(launch);
            report = report(folder, launch.awaitAnswer(), start);
        } catch (RuntimeException e) {
            end.now();
            throw e;
        }
        if (detach) {
            end.neverMind();
            launch.release();
        }
        print(report);
        return detach ? Optional.empty() : Optional.of(launch);
    }

    private int tellThatItRuns(DataFolder folder, SupervisorClient running, NetworkStart start) {
        topology.ifPresent(
                file ->
                        shell.say(
                                "-t %s is for the next start: the network runs as in %s"
                                        .formatted(file, folder.topology())));
        UpReport report = report(folder, running, start);
        print(report);
        String told =
                "already running (data in %s); to end it: %s"
                        .formatted(folder.root(), shell.command(folder, "down"));
        if (json) {
            shell.say(told);
        } else {
            shell.print(told);
        }
        return report.notReady().isEmpty() ? 0 : CliException.Code.FAILED.exit();
    }

    private UpReport report(DataFolder folder, SupervisorClient client, NetworkStart start) {
        Topology running = TopologyReader.read(folder.topology());
        Account account = start.ensureAccount(running);
        List<Sample> deployed = samples ? start.deploySamples(account) : List.of();
        return new UpReport(shell, folder, running, client.status(), deployed);
    }

    private void print(UpReport report) {
        report.notReady().forEach(node -> shell.say("runnel: " + node));
        if (json) {
            shell.print(Json.pretty(report.json()));
        } else {
            shell.print(report.text() + (report.notReady().isEmpty() ? "\nnetwork ready" : ""));
        }
    }

    private int stayInFront(DataFolder folder, SupervisorLaunch launch, NetworkStart start) {
        shell.say("Ctrl-C ends the network");
        try {
            launch.awaitAnswer().watch(start::tell);
        } catch (SupervisorException e) {
            Leftovers.end(folder, start::tell);
            throw CliException.failed(
                    "the supervisor is gone, and the nodes ended with it; see %s"
                            .formatted(folder.log()));
        } finally {
            Processes.awaitEnd(launch.handle());
        }
        shell.say("network stopped");
        return 0;
    }
}
