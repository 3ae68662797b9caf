package io.runnel.exec.microvm.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What this node can fence its machines with: tried out once, by the tools that do it. What cannot
 * be had is left out and said ({@link #report}); without root most of it is had by a user
 * namespace, where the kernel allows that to everybody.
 *
 * <p>Safe for any thread.
 */
final class Jail implements AutoCloseable {
    private static final String SAYS = "the tool says: ";
    private static final String ANY = "/dev/null";

    private final Map<Fence, String> missing = new EnumMap<>(Fence.class);
    private final Cgroups cgroups;
    private Optional<Path> root = Optional.empty();
    private Optional<UidClaims> uids = Optional.empty();
    private Optional<String> disk = Optional.empty();
    private boolean userNamespace;
    private boolean dropsCapabilities;
    private boolean preloads;

    private Jail(Cgroups cgroups) {
        this.cgroups = cgroups;
        missing.putAll(cgroups.missing());
    }

    /**
     * Tries everything.
     *
     * @param cache of this node alone: for the jail's root
     * @throws MachineException if a tool is missing without which no machine is started at all
     */
    static Jail open(JailSettings settings, Qemu qemu, Path cache, Cgroups cgroups)
            throws IOException {
        for (String tool : List.of("sh", "setpriv", "unshare", "prlimit")) {
            if (Tool.find(tool).isEmpty()) {
                throw new MachineException(
                        "no %s here: apt-get install util-linux".formatted(tool));
            }
        }
        Jail jail = new Jail(cgroups);
        jail.openUids(settings);
        jail.tryNamespaces();
        jail.makeRoot(qemu.program(), cache);
        jail.tryRights();
        jail.findDisk(cache);
        jail.protectTemplates(qemu.version());
        return jail;
    }

    /** An old QEMU needs help to open a snapshot's memory for reading; it has that in its root. */
    private void protectTemplates(QemuVersion version) {
        preloads = !version.opensTemplatesForReading();
        if (!has(Fence.ROOT)) {
            missing.put(Fence.TEMPLATE, "not without a root of its own");
        }
    }

    private boolean has(Fence fence) {
        return !missing.containsKey(fence);
    }

    private void openUids(JailSettings settings) {
        Optional<String> why = whyNoUids(settings);
        if (why.isEmpty()) {
            try {
                uids =
                        Optional.of(
                                new UidClaims(
                                        settings.claims(), settings.firstUid(), settings.uids()));
            } catch (IOException e) {
                why = Optional.of("cannot make " + settings.claims());
            }
        }
        why.ifPresent(reason -> missing.put(Fence.UID, reason));
    }

    private static Optional<String> whyNoUids(JailSettings settings) {
        try {
            String any = Integer.toString(settings.firstUid());
            Tool.Answer answer =
                    Tool.run(
                            List.of(
                                    "setpriv",
                                    "--reuid",
                                    any,
                                    "--regid",
                                    any,
                                    "--clear-groups",
                                    "true"));
            if (!answer.isGood()) {
                return Optional.of("we may not change users: " + answer.reason());
            }
            return UidClaims.unmapped(
                    Files.readAllLines(Paths.get("/proc/self/uid_map")),
                    settings.firstUid(),
                    settings.uids());
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }

    private void tryNamespaces() {
        userNamespace = uids.isEmpty();
        String user = userNamespace ? "--map-root-user" : "--fork";
        tryOut(Fence.ROOT, "unshare", user, "--mount", "--uts", "mount", "--bind", ANY, ANY);
        tryOut(Fence.PROCESSES, "unshare", user, "--pid", "--fork", "true");
        tryOut(Fence.NETWORK, "unshare", user, "--net", "true");
        tryOut(Fence.IPC, "unshare", user, "--ipc", "true");
        boolean any = has(Fence.ROOT) || has(Fence.PROCESSES) || has(Fence.NETWORK);
        if (userNamespace && !any) {
            userNamespace = false;
            missing.put(Fence.IPC, missing.get(Fence.PROCESSES));
        }
    }

    /** The limit is for the disk with the images; the cache is beside them. */
    private void findDisk(Path cache) {
        disk = Disks.deviceOf(cache);
        if (disk.isEmpty() && has(Fence.CGROUP_IO)) {
            missing.put(Fence.CGROUP_IO, "%s is not on a disk".formatted(cache));
        }
    }

    /** Without one another user could not reach the machine's files, so there is none either. */
    private void makeRoot(Path qemu, Path cache) {
        try {
            if (has(Fence.ROOT)) {
                root = Optional.of(JailRoot.make(cache, qemu));
            }
        } catch (IOException e) {
            missing.put(Fence.ROOT, "cannot make its files: " + e.getMessage());
        }
        if (!has(Fence.ROOT) && has(Fence.UID)) {
            missing.put(Fence.UID, "not without a root of its own");
            uids = Optional.empty();
        }
    }

    private void tryRights() {
        tryOut(Fence.NO_NEW_PRIVILEGES, "setpriv", "--no-new-privs", "true");
        tryOut(Fence.LIMITS, "prlimit", "--core=0", "--nofile=64", "--fsize=0", "true");
        tryOut(Fence.CAPABILITIES, "setpriv", "--inh-caps=-all", "--bounding-set=-all", "true");
        dropsCapabilities = has(Fence.CAPABILITIES) || userNamespace;
        if (dropsCapabilities || (hasNone() && has(Fence.NO_NEW_PRIVILEGES))) {
            missing.remove(Fence.CAPABILITIES);
        }
    }

    /** A plain user has no capability; without new privileges no program can bring one. */
    private static boolean hasNone() {
        try {
            return Files.readAllLines(Paths.get("/proc/self/status")).stream()
                    .anyMatch(line -> line.equals("CapPrm:\t0000000000000000"));
        } catch (IOException e) {
            return false;
        }
    }

    private void tryOut(Fence fence, String... command) {
        try {
            Tool.Answer answer = Tool.run(List.of(command));
            if (!answer.isGood()) {
                missing.put(fence, SAYS + answer.reason());
            }
        } catch (IOException e) {
            missing.put(fence, e.getMessage());
        }
    }

    /** Which fences machines have. */
    JailReport report() {
        return new JailReport(missing);
    }

    /** QEMU's files by their names in the jail, if it has a root of its own. */
    boolean hasRoot() {
        return root.isPresent();
    }

    /**
     * A cell for one machine.
     *
     * @param machine its name
     * @throws IOException if a fence that the report promises cannot be had
     */
    Cell open(String machine, CgroupLimits limits) throws IOException {
        Optional<Integer> uid = Optional.empty();
        if (uids.isPresent()) {
            uid = Optional.of(uids.get().claim());
        }
        try {
            return new Cell(uid, cgroups.make(machine, limits, disk));
        } catch (IOException | RuntimeException e) {
            uid.ifPresent(this::release);
            throw e;
        }
    }

    /** Gives a cell back in which nothing runs any more. */
    void close(Cell cell) throws IOException {
        cell.cgroup().endAll();
        cell.uid().ifPresent(this::release);
    }

    private void release(int uid) {
        uids.ifPresent(claims -> claims.release(uid));
    }

    /**
     * The command that runs QEMU in a cell.
     *
     * @param restores whether the memory is a snapshot's
     */
    List<String> command(
            Cell cell,
            List<String> qemu,
            List<JailCommand.Bind> binds,
            boolean restores,
            Optional<JailCommand.Kvm> kvm) {
        Set<Fence> held = EnumSet.noneOf(Fence.class);
        Arrays.stream(Fence.values()).filter(this::has).forEach(held::add);
        return new JailCommand(
                        held,
                        root,
                        cell.cgroup().folders(),
                        cell.uid(),
                        userNamespace,
                        dropsCapabilities,
                        preloads && restores,
                        0,
                        kvm)
                .around(qemu, binds);
    }

    /** What one machine has for itself. */
    record Cell(Optional<Integer> uid, Cgroup cgroup) {}

    @Override
    public void close() throws IOException {
        cgroups.close();
        if (uids.isPresent()) {
            uids.get().close();
        }
    }
}
