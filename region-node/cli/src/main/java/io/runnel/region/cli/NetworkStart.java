package io.runnel.region.cli;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.CredentialsFile;
import io.runnel.attestation.NetworkToken;
import io.runnel.attestation.Profile;
import io.runnel.region.cli.supervisor.DataFolder;
import io.runnel.region.cli.supervisor.Leftovers;
import io.runnel.region.cli.supervisor.LocalAddresses;
import io.runnel.region.cli.supervisor.LocalNode;
import io.runnel.region.cli.supervisor.PortCheck;
import io.runnel.region.cli.supervisor.SupervisorEvent;
import io.runnel.region.cli.supervisor.SupervisorException;
import io.runnel.region.cli.supervisor.SupervisorLaunch;
import io.runnel.region.cli.supervisor.SupervisorProcess;
import io.runnel.topology.BoundPorts;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyException;
import io.runnel.topology.TopologyReader;
import io.runnel.topology.TopologyWriter;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The steps from a topology file to a network that answers. Not thread-safe. */
final class NetworkStart {
    static final String ADMIN = "admin";

    private final Shell shell;
    private final DataFolder data;
    private final Progress progress;
    private final SecureRandom random = new SecureRandom();

    NetworkStart(Shell shell, DataFolder data, Progress progress) {
        this.shell = shell;
        this.data = data;
        this.progress = progress;
    }

    /**
     * Brings the data folder into the state that nodes need to start.
     *
     * @throws CliException if there is no usable topology, or a port is taken
     */
    void prepare(Optional<Path> given) {
        awaitFormerSupervisor();
        Topology topology = resolved(read(source(given)));
        List<LocalNode> nodes = LocalNode.of(topology, LocalAddresses::contain);
        if (nodes.isEmpty()) {
            throw CliException.failed(
                    "no node of network '%s' is on this machine: see its listen addresses"
                            .formatted(topology.network()));
        }
        Leftovers.end(data, progress::tell);
        List<String> taken = PortCheck.problems(nodes);
        if (!taken.isEmpty()) {
            throw CliException.failed(String.join("\nrunnel: ", taken));
        }
        write(topology);
        // Before a token is made: where the network did not begin, its own is to be copied as well.
        new Authorities(data, random, InstantSource.system()).ensure(topology);
        NetworkToken.readOrCreate(data.networkToken(), random);
        CredentialsFile credentials = credentials();
        if (credentials.profile(ADMIN).isEmpty()) {
            credentials.put(
                    new Profile(ADMIN, BearerToken.generate(random), Optional.<URI>empty()));
        }
    }

    private void awaitFormerSupervisor() {
        if (SupervisorProcess.isHeld(data)) {
            progress.tell("an earlier network on this data folder is still ending");
            SupervisorProcess.awaitFree(data);
        }
    }

    private Path source(Optional<Path> given) {
        Path source =
                given.orElseGet(
                        () ->
                                Files.exists(data.topology())
                                        ? data.topology()
                                        : shell.installation()
                                                .top()
                                                .resolve("topology/examples/two-regions.yaml"));
        progress.tell("topology of " + source + (given.isEmpty() ? " (-t FILE for another)" : ""));
        return source;
    }

    private static Topology read(Path source) {
        try {
            return TopologyReader.read(source);
        } catch (TopologyException e) {
            if (e.code() != TopologyException.Code.INVALID) {
                throw e;
            }
            throw new CliException(
                    CliException.Code.FAILED,
                    String.join("\nrunnel: ", TopologyCommand.problems(source, e)),
                    e);
        }
    }

    private static Topology resolved(Topology topology) {
        try (BoundPorts ports = new BoundPorts()) {
            return topology.withFreePorts(ports);
        }
    }

    private void write(Topology topology) {
        Path made = data.root().resolve("topology.yaml.new");
        try {
            Files.writeString(made, TopologyWriter.write(topology));
            Files.move(made, data.topology(), ATOMIC_MOVE, REPLACE_EXISTING);
        } catch (IOException e) {
            throw CliException.failed("%s cannot be written: %s".formatted(made, Reason.of(e)));
        }
    }

    private CredentialsFile credentials() {
        return new CredentialsFile(data.credentials());
    }

    SupervisorLaunch launch(boolean restarts) {
        List<String> arguments =
                new ArrayList<>(List.of("supervise", "--data", data.root().toString()));
        if (!restarts) {
            arguments.add("--no-restart");
        }
        return SupervisorLaunch.start(
                data, shell.installation(), Main.class.getName(), List.copyOf(arguments));
    }

    /**
     * Waits until all nodes are ready.
     *
     * @throws CliException if one is not going to be
     */
    void awaitReady(SupervisorLaunch launch) {
        try {
            launch.awaitAnswer().awaitReady(this::tell);
        } catch (SupervisorException e) {
            throw new CliException(
                    CliException.Code.FAILED,
                    "the network did not start: %s; more in %s and nodes/NAME/node.log"
                            .formatted(e.getMessage(), data.log()),
                    e);
        }
    }

    void tell(SupervisorEvent event) {
        progress.tell(event);
    }

    void tell(String text) {
        progress.tell(text);
    }

    /** The account that people begin with, made in the registry region if it is not there yet. */
    Account ensureAccount(Topology topology) {
        new FirstAccount(data, credentials(), progress::tell)
                .ensure(Account.regions(topology).getFirst());
        return Account.of(shell, data);
    }

    /** Publishes the samples that are not live as they are here. */
    List<Sample> deploySamples(Account account) {
        List<Sample> samples =
                Sample.in(shell.installation().top().resolve("exec-runtime/samples"));
        Api api = account.api();
        Publisher publisher = new Publisher(api);
        List<Sample> fresh =
                samples.parallelStream()
                        .filter(s -> !LiveTask.of(api, s.release().task()).is(s.release()))
                        .toList();
        List<Integer> versions =
                fresh.stream()
                        .map(s -> publisher.publish(s.release()).path("version").asInt())
                        .toList();
        for (int i = 0; i < fresh.size(); i++) {
            publisher.awaitRollout(fresh.get(i).release().task(), versions.get(i), place -> {});
        }
        progress.tell(told(fresh, samples.size()));
        return samples;
    }

    private static String told(List<Sample> fresh, int all) {
        if (fresh.isEmpty()) {
            return "samples are live already";
        }
        String names =
                String.join(" ", fresh.stream().map(s -> s.release().task().value()).toList());
        String rest = fresh.size() < all ? " (the others are live already)" : "";
        return "samples deployed: " + names + rest;
    }
}
