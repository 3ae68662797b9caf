package io.runnel.exec.microvm;

import io.runnel.exec.microvm.guest.AgentChannel;
import io.runnel.exec.microvm.guest.GuestAnswer;
import io.runnel.exec.microvm.guest.GuestConfig;
import io.runnel.exec.microvm.guest.GuestError;
import io.runnel.exec.microvm.guest.GuestStart;
import io.runnel.exec.microvm.guest.SnapshotPoint;
import io.runnel.exec.microvm.machine.Machine;
import io.runnel.exec.microvm.machine.MachineSpec;
import io.runnel.exec.microvm.machine.Plug;
import io.runnel.exec.microvm.machine.Snapshot;
import io.runnel.exec.network.Destinations;
import io.runnel.exec.network.NetworkPoint;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Starts functions in machines: once from the kernel on, then from what was kept of that. Blocks;
 * ends soon after its thread is interrupted, and leaves no machine then.
 */
final class FunctionStart {
    /** For a kernel to boot; by emulation on a busy computer it takes some seconds. */
    private static final Duration BOOT_LIMIT = Duration.ofSeconds(60);

    /** For a function to begin; AWS Lambda gives it 10 s, of a processor that is not emulated. */
    private static final Duration BEGIN_LIMIT = Duration.ofSeconds(30);

    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(5);

    private final MicrovmHost host;
    private final GuestClock clock;
    private final MachineSpec spec;
    private final Destinations destinations;

    /**
     * Starts functions of this kind.
     *
     * @param destinations where they may go
     */
    FunctionStart(MicrovmHost host, GuestClock clock, MachineSpec spec, Destinations destinations) {
        this.destinations = destinations;
        this.host = host;
        this.clock = clock;
        this.spec = spec;
    }

    Destinations destinations() {
        return destinations;
    }

    MachineSpec spec() {
        return spec;
    }

    /** A function that could not be started: in its own words, or its machine's end. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient GuestAnswer how;

        FailedException(GuestAnswer how) {
            super(how.toString());
            this.how = how;
        }

        GuestAnswer how() {
            return how;
        }
    }

    /** What machines of one function begin with. */
    record Template(Snapshot snapshot, TemplatePoint point) {}

    /** From the kernel on; what it is started with gets into no file. */
    LiveFunction boot(GuestConfig config)
            throws IOException, InterruptedException, FailedException {
        LiveFunction live = begin(config, plug -> host.bootAlone(spec, plug));
        try {
            GuestStart start = start(live.channel());
            requireStarted(start);
            if (start instanceof GuestStart.AtRestore) {
                live.channel().restored(clock.wake(), Map.of());
                requireReady(start(live.channel()));
            }
            return live;
        } catch (InterruptedException | FailedException | RuntimeException e) {
            live.close();
            throw e;
        }
    }

    /** How a machine is started, on a network. */
    private interface Starting {
        Machine on(Plug plug) throws IOException;
    }

    private LiveFunction begin(GuestConfig config, Starting starting)
            throws IOException, InterruptedException, FailedException {
        NetworkPlug plug = new NetworkPlug(destinations, NetworkPoint.NONE);
        Machine machine = starting.on(plug);
        AgentChannel channel = AgentChannel.booting(machine.agent());
        LiveFunction live = new LiveFunction(config, machine, channel, plug.network());
        try {
            if (channel.hello(System.nanoTime() + BOOT_LIMIT.toNanos()).isEmpty()) {
                throw new FailedException(
                        new GuestAnswer.Broken("its machine did not boot: " + machine.console()));
            }
            channel.configure(config, clock.wake());
            return live;
        } catch (InterruptedException | FailedException | RuntimeException e) {
            live.close();
            throw e;
        }
    }

    /** Starts a function and keeps it as it waits for its first call. */
    Template template(GuestConfig config, Path folder)
            throws IOException, InterruptedException, FailedException {
        try (LiveFunction live = begin(config, plug -> host.boot(spec, plug))) {
            AgentChannel channel = live.channel();
            requireStarted(start(channel));
            if (!channel.settle((bytes, offset, length) -> {}, in(SETTLE_LIMIT))) {
                throw new FailedException(new GuestAnswer.Broken("its agent says nothing"));
            }
            live.machine().pause();
            NetworkPoint network = live.network().halt();
            Snapshot snapshot = live.machine().save(folder);
            live.machine().halt();
            Optional<SnapshotPoint> point = channel.point(in(SETTLE_LIMIT));
            return point.map(agent -> new Template(snapshot, new TemplatePoint(agent, network)))
                    .orElseThrow(
                            () ->
                                    new FailedException(
                                            new GuestAnswer.Broken("it was stopped midway")));
        }
    }

    /** From what was kept. */
    LiveFunction restore(GuestConfig config, Template template)
            throws IOException, InterruptedException, FailedException {
        NetworkPlug plug = new NetworkPlug(destinations, template.point().network());
        Machine machine = host.restore(spec, template.snapshot(), plug);
        SnapshotPoint agent = template.point().agent();
        AgentChannel channel = AgentChannel.resuming(machine.agent(), agent);
        LiveFunction live = new LiveFunction(config, machine, channel, plug.network());
        try {
            channel.restored(clock.wake(), Map.of());
            if (agent.atRestore()) {
                requireReady(start(channel));
            }
            return live;
        } catch (InterruptedException | FailedException | RuntimeException e) {
            live.close();
            throw e;
        }
    }

    private static GuestStart start(AgentChannel channel) throws InterruptedException {
        return channel.awaitReady(in(BEGIN_LIMIT));
    }

    private static void requireStarted(GuestStart start) throws FailedException {
        switch (start) {
            case GuestStart.AtNext _, GuestStart.AtRestore _ -> {}
            case GuestStart.Failed(GuestError error) ->
                    throw new FailedException(new GuestAnswer.Failed(error));
            case GuestStart.Ended(GuestAnswer how) -> throw new FailedException(how);
            case GuestStart.Late _ -> throw late();
        }
    }

    private static void requireReady(GuestStart start) throws FailedException {
        requireStarted(start);
        if (start instanceof GuestStart.AtRestore) {
            throw new FailedException(
                    new GuestAnswer.Broken("it asked twice what it is restored for"));
        }
    }

    private static FailedException late() {
        return new FailedException(
                new GuestAnswer.Failed(
                        new GuestError(
                                "Runtime.InitTimeout",
                                "{\"errorMessage\":\"It did not ask for a call within %d s.\",\"errorType\":\"Runtime.InitTimeout\"}"
                                        .formatted(BEGIN_LIMIT.toSeconds()))));
    }

    private static long in(Duration limit) {
        return System.nanoTime() + limit.toNanos();
    }
}
