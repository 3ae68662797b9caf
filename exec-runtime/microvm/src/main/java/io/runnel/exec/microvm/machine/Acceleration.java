package io.runnel.exec.microvm.machine;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.Optional;

/**
 * What runs this node's guests, and how that is known. Under another hypervisor {@code /dev/kvm}
 * may open, and even make a machine, that never gets through a kernel's start: only a guest that
 * has booted proves that it works. The answer is kept until the computer starts again, or QEMU or
 * the guest is another.
 *
 * @param accelerator to start machines with
 * @param words for the operator: {@code KVM works: booted in 180 ms}
 */
public record Acceleration(Accelerator accelerator, String words) {
    private static final System.Logger LOG = System.getLogger(Acceleration.class.getName());
    private static final Path DEVICE = Paths.get("/dev/kvm");
    private static final String EMULATED = "; microVMs run by emulation (TCG)";
    private static final int SHOWN_CHARACTERS = 300;

    /**
     * Finds out, from the file if it is known, else by a guest that boots.
     *
     * @param probe whose guest says something on the agent's port once it runs
     * @param limit for that with KVM; a guest takes a fraction of a second if it works
     * @param file that keeps the answer; its folder is there
     * @throws InterruptedIOException if the thread is interrupted; other faults mean TCG
     */
    public static Acceleration find(Machines machines, MachineSpec probe, Duration limit, Path file)
            throws InterruptedIOException {
        if (!Files.isReadable(DEVICE) || !Files.isWritable(DEVICE)) {
            return emulated("no KVM here (%s cannot be opened)".formatted(DEVICE));
        }
        Optional<String> key = key(machines, probe);
        Optional<Acceleration> known = key.flatMap(k -> AnswerFile.read(file, k));
        if (known.isPresent()) {
            return known.get();
        }
        Acceleration found = tryOut(machines, probe, limit);
        key.ifPresent(k -> AnswerFile.write(file, k, found));
        return found;
    }

    private static Acceleration tryOut(Machines machines, MachineSpec probe, Duration limit)
            throws InterruptedIOException {
        try {
            Duration took = boot(machines, probe, Accelerator.KVM, limit);
            return new Acceleration(
                    Accelerator.KVM, "KVM works: booted in %d ms".formatted(took.toMillis()));
        } catch (InterruptedIOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            return notBooting(e.getMessage());
        } catch (IOException e) {
            return notBooting(e.getMessage());
        }
    }

    private static Acceleration notBooting(String why) {
        String line = why.strip().replace('\n', ' ');
        return emulated(
                "KVM does not boot a guest here: "
                        + line.substring(0, Math.min(line.length(), SHOWN_CHARACTERS)));
    }

    private static Acceleration emulated(String why) {
        return new Acceleration(Accelerator.TCG, why + EMULATED);
    }

    /**
     * Boots a guest and ends it.
     *
     * @return how long it took until the guest's first byte
     * @throws IOException if it does not say anything within the limit
     */
    static Duration boot(
            Machines machines, MachineSpec probe, Accelerator accelerator, Duration limit)
            throws IOException {
        long begunNanos = System.nanoTime();
        try (Machine machine = machines.boot(probe, accelerator)) {
            SocketChannel agent = machine.agent();
            agent.configureBlocking(false);
            long deadlineNanos = begunNanos + limit.toNanos();
            ByteBuffer one = ByteBuffer.allocate(1);
            if (TimedChannel.read(agent, one, deadlineNanos, () -> {}) < 0) {
                throw new MachineException("it ended: " + machine.console());
            }
            return Duration.ofNanos(System.nanoTime() - begunNanos);
        } catch (SocketTimeoutException e) {
            throw new MachineException(
                    "it says nothing within %d ms".formatted(limit.toMillis()), e);
        }
    }

    private static Optional<String> key(Machines machines, MachineSpec probe) {
        try {
            return Optional.of(
                    String.join(
                            "\n",
                            HostFacts.bootId(),
                            machines.qemuVersion(),
                            probe.kernel().digest().value(),
                            probe.initramfs().digest().value()));
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the answer on KVM is not kept", e);
            return Optional.empty();
        }
    }
}
