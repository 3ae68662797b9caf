package io.runnel.exec.microvm.machine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The command that builds a jail around QEMU, of util-linux's tools, outermost first. Pure.
 *
 * <ol>
 *   <li>A shell enters the cgroups.
 *   <li>{@code prlimit} lowers the limits.
 *   <li>{@code setpriv} has the process killed when the thread that started it ends, with the node.
 *   <li>{@code unshare} makes the namespaces and stays, as the parent that tells QEMU's exit code.
 *   <li>A shell in them binds the files, changes the root and throws the old one away.
 *   <li>{@code setpriv} drops user and capabilities, and becomes QEMU.
 * </ol>
 */
record JailCommand(
        Set<Fence> fences,
        Optional<Path> root,
        Set<Path> cgroups,
        Optional<Integer> uid,
        boolean userNamespace,
        boolean dropsCapabilities,
        boolean preloads,
        long fileBytes,
        Optional<Kvm> kvm) {
    /** Devices of every jail, and of no other. */
    static final List<String> DEVICES = List.of("null", "urandom", "kvm");

    private static final String KVM = "kvm";

    /**
     * That the machine needs {@code /dev/kvm}.
     *
     * @param group that may open it, where not everybody may
     */
    record Kvm(Optional<Integer> group) {}

    private static final int DESCRIPTORS = 256;

    /** For each cgroup, up to {@code --}: enter it. */
    private static final String ENTER_CGROUPS =
            """
            while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs"; shift; done
            shift
            exec "$@"
            """;

    /**
     * The root, what to preload or nothing, then up to {@code --}: options, file, and its name in
     * the jail. {@code umount} keeps no list of mounts; descriptor 3 is for a snapshot's state.
     */
    private static final String ENTER_ROOT =
            """
            root=$1
            preload=$2
            shift 2
            mount --bind -o ro,nosuid,nodev "$root" "$root"
            while [ "$1" != -- ]; do mount --bind -o "$1" "$2" "$root/$3"; shift 3; done
            shift
            cd "$root"
            pivot_root . old
            umount -n -l /old
            [ -z "$preload" ] || export LD_PRELOAD="$preload"
            exec 3<&0 0</dev/null
            exec "$@"
            """;

    private static final String KEEP_ROOT =
            """
            exec 3<&0 0</dev/null
            exec "$@"
            """;

    /**
     * A file that a machine needs.
     *
     * @param name in the jail
     */
    record Bind(Path file, String name, Access access) {}

    /** What a machine may do with a file. */
    enum Access {
        READ("ro,nosuid,nodev,noexec"),
        WRITE("nosuid,nodev,noexec"),
        DEVICE("nosuid,noexec");

        private final String options;

        Access(String options) {
            this.options = options;
        }
    }

    /** The whole command. */
    List<String> around(List<String> qemu, List<Bind> binds) {
        List<String> words = new ArrayList<>();
        if (!cgroups.isEmpty()) {
            words.addAll(List.of("sh", "-euc", ENTER_CGROUPS, "sh"));
            cgroups.stream().sorted().forEach(folder -> words.add(folder.toString()));
            words.add("--");
        }
        words.addAll(limits());
        words.addAll(List.of("setpriv", "--pdeathsig", "KILL", "--"));
        words.addAll(namespaces());
        words.addAll(enterRoot(binds));
        words.addAll(dropRights());
        words.addAll(qemu);
        return List.copyOf(words);
    }

    private boolean has(Fence fence) {
        return fences.contains(fence);
    }

    private List<String> limits() {
        if (!has(Fence.LIMITS)) {
            return List.of();
        }
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "prlimit",
                                "--core=0",
                                "--nofile=" + DESCRIPTORS,
                                "--fsize=" + fileBytes));
        if (uid.isPresent()) {
            // The kernel counts them for a user: only where it is the machine's own.
            words.add("--nproc=" + CgroupLimits.PROCESSES);
        }
        words.add("--");
        return words;
    }

    private List<String> namespaces() {
        List<String> words = new ArrayList<>(List.of("unshare"));
        if (userNamespace) {
            // Not root: in a user namespace we may do the rest.
            words.add("--map-root-user");
        }
        if (has(Fence.ROOT)) {
            words.add("--mount");
            words.add("--uts");
        }
        if (has(Fence.PROCESSES)) {
            words.add("--pid");
        }
        if (has(Fence.NETWORK)) {
            words.add("--net");
        }
        if (has(Fence.IPC)) {
            words.add("--ipc");
        }
        words.addAll(List.of("--fork", "--kill-child", "--"));
        return words;
    }

    private List<String> enterRoot(List<Bind> binds) {
        if (root.isEmpty()) {
            return List.of("sh", "-euc", KEEP_ROOT, "sh");
        }
        List<String> words =
                new ArrayList<>(List.of("sh", "-euc", ENTER_ROOT, "sh", root.get().toString()));
        words.add(preloads ? "/" + JailRoot.PRELOAD : "");
        for (Bind bind : binds) {
            words.addAll(List.of(bind.access().options, bind.file().toString(), bind.name()));
        }
        for (String device : DEVICES) {
            if (kvm.isPresent() || !device.equals(KVM)) {
                words.addAll(List.of(Access.DEVICE.options, "/dev/" + device, "dev/" + device));
            }
        }
        words.add("--");
        return words;
    }

    private List<String> dropRights() {
        List<String> words = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
        uid.ifPresent(
                id -> {
                    words.addAll(List.of("--reuid", id.toString(), "--regid", id.toString()));
                    words.addAll(groups());
                });
        if (dropsCapabilities) {
            words.addAll(List.of("--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all"));
        }
        if (has(Fence.NO_NEW_PRIVILEGES)) {
            words.add("--no-new-privs");
        }
        words.add("--");
        return words;
    }

    private List<String> groups() {
        return kvm.flatMap(Kvm::group)
                .map(group -> List.of("--groups", group.toString()))
                .orElse(List.of("--clear-groups"));
    }
}
