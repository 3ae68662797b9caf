package io.runnel.exec.microvm.machine;

import io.runnel.exec.task.CodeDigest;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * QEMU's command line for a machine. Pure.
 *
 * <p>QEMU connects to sockets on which we listen, so that it needs to write nowhere, and can lead
 * us to no other socket by a link that it puts in their place.
 */
final class QemuCommand {
    /** How a machine begins. */
    enum Start {
        /** The kernel boots; memory is a file of the machine's own, mapped shared. */
        BOOT,

        /** The same, mapped privately: what is in memory gets into no file. */
        BOOT_ALONE,

        /** From a snapshot: the devices' state from descriptor 3, memory mapped privately. */
        RESTORE,

        /** The same with a QEMU that can open the memory's file for reading only. */
        RESTORE_READ_ONLY,

        /** With all of another machine from descriptor 3; memory as {@link #BOOT_ALONE}. */
        RECEIVE
    }

    /**
     * Without those of the second line one boot in four works by TCG. {@code panic=-1 reboot=t}: a
     * kernel that panics or restarts ends the machine at once. {@code rcutree}: what failed forks
     * leave is freed before it fills a small guest. The random number generator trusts its seed
     * until the agent brings one. {@code tsc=reliable}: else the counter is judged by timer ticks,
     * which come late when the computer is busy, and is given up for them; then the guest's clock
     * is slow for good.
     */
    private static final String KERNEL_ARGUMENTS =
            "console=ttyS0 quiet panic=-1 reboot=t random.trust_cpu=on"
                    + " no_timer_check tsc=reliable tsc_early_khz=%d lpj=%d"
                    + " rcutree.qhimark=200 rcutree.blimit=10000";

    /** Code that TCG made is kept up to this; QEMU's own default is 1 GiB. */
    static final int TRANSLATED_MIB = 64;

    static final String SANDBOX =
            "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny";

    private QemuCommand() {}

    /**
     * The command, program first.
     *
     * @param kiloHertz of the time-stamp counter that the guest reads
     */
    static List<String> of(
            MachineSpec spec,
            Accelerator accelerator,
            Start start,
            QemuPaths paths,
            long kiloHertz) {
        List<String> words = new ArrayList<>();
        words.add(paths.program().toString());
        words.addAll(machine(accelerator));
        words.addAll(memory(spec, start, paths.memory()));
        words.addAll(guest(spec, paths, kiloHertz));
        words.addAll(channels(paths));
        words.addAll(network(paths));
        words.addAll(disk("code", paths.codeImage()));
        paths.baseImage().ifPresent(base -> words.addAll(disk("base", base)));
        words.addAll(List.of("-sandbox", SANDBOX));
        if (start == Start.RESTORE || start == Start.RESTORE_READ_ONLY) {
            words.addAll(List.of("-incoming", "defer"));
        } else if (start == Start.RECEIVE) {
            // It goes on when we say so, not when all has come.
            words.addAll(List.of("-incoming", "defer", "-S"));
        }
        return List.copyOf(words);
    }

    private static List<String> machine(Accelerator accelerator) {
        String words =
                switch (accelerator) {
                    case KVM -> accelerator.word();
                    case TCG -> "%s,tb-size=%d".formatted(accelerator.word(), TRANSLATED_MIB);
                };
        return List.of(
                "-M",
                "microvm,pit=off,pic=off,rtc=off,isa-serial=on,memory-backend=memory",
                "-accel",
                words,
                "-cpu",
                accelerator.processor(),
                "-smp",
                "1",
                "-nodefaults",
                "-no-user-config",
                "-nographic",
                "-no-reboot");
    }

    private static List<String> memory(MachineSpec spec, Start start, Path file) {
        String mapped =
                switch (start) {
                    case BOOT -> "share=on";
                    case BOOT_ALONE, RESTORE, RECEIVE -> "share=off";
                    case RESTORE_READ_ONLY -> "share=off,readonly=on,rom=off";
                };
        return List.of(
                "-m",
                "%dM".formatted(spec.memoryMiB()),
                "-object",
                "memory-backend-file,id=memory,size=%dM,mem-path=%s,%s"
                        .formatted(spec.memoryMiB(), escaped(file), mapped));
    }

    private static List<String> guest(MachineSpec spec, QemuPaths paths, long kiloHertz) {
        return List.of(
                "-kernel",
                paths.kernel().toString(),
                "-initrd",
                paths.initramfs().toString(),
                "-append",
                kernelArguments(spec, kiloHertz));
    }

    private static String kernelArguments(MachineSpec spec, long kiloHertz) {
        return "%s runnel.base=%d runnel.version=%d"
                .formatted(
                        KERNEL_ARGUMENTS.formatted(kiloHertz, 2 * kiloHertz),
                        spec.baseImage().isPresent() ? 1 : 0,
                        spec.version());
    }

    private static List<String> channels(QemuPaths paths) {
        return List.of(
                "-chardev",
                socket("control", paths.sockets().resolve(QemuPaths.CONTROL)),
                "-mon",
                "chardev=control,mode=control",
                "-serial",
                "stdio",
                "-device",
                "virtio-serial-device",
                "-chardev",
                socket("agent", paths.sockets().resolve(QemuPaths.AGENT)),
                "-device",
                "virtserialport,chardev=agent,name=runnel.agent");
    }

    /** A card on a wire whose other end is ours. */
    private static List<String> network(QemuPaths paths) {
        return List.of(
                "-netdev",
                "stream,id=network,server=off,addr.type=unix,addr.path="
                        + escaped(paths.sockets().resolve(QemuPaths.NETWORK)),
                "-device",
                "virtio-net-device,netdev=network,mac=" + Machine.CARD);
    }

    private static String socket(String id, Path path) {
        return "socket,id=%s,path=%s".formatted(id, escaped(path));
    }

    private static List<String> disk(String id, Path image) {
        return List.of(
                "-drive",
                "if=none,id=%s,format=raw,read-only=on,file=%s".formatted(id, escaped(image)),
                "-device",
                "virtio-blk-device,drive=%s".formatted(id));
    }

    /** A comma would end the value. */
    private static String escaped(Path path) {
        return path.toString().replace(",", ",,");
    }

    /**
     * What two machines must have in common so that one can go on with the other's state: the
     * command without its paths, and the counter's speed to 1 MHz, as it is measured.
     */
    static CodeDigest fingerprint(MachineSpec spec, Accelerator accelerator, long kiloHertz) {
        Path any = Path.of("/");
        QemuPaths nowhere =
                new QemuPaths(any, any, any, any, spec.baseImage().map(b -> any), any, any);
        List<String> command =
                of(spec, accelerator, Start.BOOT, nowhere, (kiloHertz + 500) / 1000 * 1000);
        return CodeDigest.of(String.join("\n", command).getBytes(StandardCharsets.UTF_8));
    }

    /** The paths with each file where it really is. */
    static QemuPaths realPaths(Path program, MachineSpec spec, Path memory, Path sockets) {
        Optional<Path> base = spec.baseImage().map(MachineFile::path);
        return new QemuPaths(
                program,
                spec.kernel().path(),
                spec.initramfs().path(),
                spec.codeImage().path(),
                base,
                memory,
                sockets);
    }
}
