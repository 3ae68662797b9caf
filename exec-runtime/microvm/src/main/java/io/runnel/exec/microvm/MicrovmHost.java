package io.runnel.exec.microvm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.microvm.guest.Initramfs;
import io.runnel.exec.microvm.guest.KernelFiles;
import io.runnel.exec.microvm.image.BaseImage;
import io.runnel.exec.microvm.image.BaseImages;
import io.runnel.exec.microvm.image.CodeArchive;
import io.runnel.exec.microvm.image.CodeImage;
import io.runnel.exec.microvm.image.CodeImages;
import io.runnel.exec.microvm.machine.Acceleration;
import io.runnel.exec.microvm.machine.Accelerator;
import io.runnel.exec.microvm.machine.JailReport;
import io.runnel.exec.microvm.machine.Machine;
import io.runnel.exec.microvm.machine.MachineFile;
import io.runnel.exec.microvm.machine.MachineSettings;
import io.runnel.exec.microvm.machine.MachineSpec;
import io.runnel.exec.microvm.machine.Machines;
import io.runnel.exec.microvm.machine.Plug;
import io.runnel.exec.microvm.machine.Snapshot;
import io.runnel.exec.network.Destinations;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.OutboundHost;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What of this computer machines are made of, and the machines. Safe for any thread.
 *
 * <p>Whether the processor itself can run guests is found out at the first machine.
 */
final class MicrovmHost implements AutoCloseable {
    private static final ByteSize MOST_CODE = ByteSize.ofMiB(2048);

    /** Snapshots of 128 MiB and more, as far as it is not empty. */
    private static final int MOST_TEMPLATES = 16;

    private static final Duration PROBE_LIMIT = Duration.ofSeconds(5);
    private static final long STEP = 1L << 20;

    private final MicrovmFolders folders;
    private final Machines machines;
    private final MachineFile kernel;
    private final MachineFile initramfs;
    private final CodeImages code;
    private final BaseImages bases;
    private final Templates templates;
    private final NameLookup names;
    private Optional<Acceleration> acceleration = Optional.empty(); // Guarded by this.

    private MicrovmHost(
            MicrovmFolders folders,
            Machines machines,
            MachineFile kernel,
            MachineFile initramfs,
            CodeImages code,
            TemplateShelf shelf,
            NameLookup names) {
        this.names = names;
        this.folders = folders;
        this.machines = machines;
        this.kernel = kernel;
        this.initramfs = initramfs;
        this.code = code;
        this.bases = BaseImages.in(folders.images());
        this.templates = new Templates(this, shelf, MOST_TEMPLATES);
    }

    /**
     * Opens what is here. Machines that an earlier run left are removed, its snapshots are used.
     *
     * @param names where guests' hosts are found
     * @throws IOException if something is missing; says what, and what installs it
     */
    static MicrovmHost open(MicrovmFolders folders, InstantSource clock, NameLookup names)
            throws IOException {
        KernelFiles files =
                KernelFiles.find(folders.kernels())
                        .orElseThrow(
                                () ->
                                        new IOException(
                                                "no kernel for guests in %s: runnel images kernel"
                                                        .formatted(folders.kernels())));
        Machines machines = Machines.open(MachineSettings.in(folders.machines(), folders.shared()));
        try {
            return new MicrovmHost(
                    folders,
                    machines,
                    MachineFile.of(files.kernel()),
                    MachineFile.of(initramfs(folders, files)),
                    CodeImages.in(folders.code(), MOST_CODE, clock),
                    TemplateShelf.open(folders.snapshots(), MOST_TEMPLATES, clock),
                    names);
        } catch (IOException | RuntimeException e) {
            machines.close();
            throw e;
        }
    }

    /** Machines read it as users of their own. */
    private static Path initramfs(MicrovmFolders folders, KernelFiles files) throws IOException {
        Path file = Initramfs.writeTo(folders.shared(), files);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        return file;
    }

    /** Which fences machines have here, and which not. */
    String fences() {
        JailReport jail = machines.jail();
        return jail.flaws().isEmpty()
                ? jail.fences()
                : jail.fences() + "; missing: " + String.join("; ", jail.flaws());
    }

    /** QEMU's version. */
    String qemuVersion() {
        return machines.qemuVersion();
    }

    /** What functions begin with. */
    Templates templates() {
        return templates;
    }

    /** Where a task's guests may go that names these hosts. */
    Destinations destinations(List<OutboundHost> hosts) {
        return new TaskDestinations(hosts, names);
    }

    /** The image of this code; to be closed. */
    CodeImage image(CodeArchive archive) throws IOException, InterruptedException {
        return code.image(archive);
    }

    /** What the code stands on, if it needs anything. */
    Optional<BaseImage> base(CodeArchive archive)
            throws CodeRejectedException, IOException, InterruptedException {
        return bases.choose(archive, Optional.empty());
    }

    /** A machine for such code. */
    MachineSpec spec(CodeImage image, Optional<BaseImage> base, ByteSize memory, int version) {
        return new MachineSpec(
                kernel,
                initramfs,
                new MachineFile(image.file(), new CodeDigest(image.digest())),
                base.map(it -> new MachineFile(it.file(), new CodeDigest(it.digest()))),
                wholeMiB(memory),
                version);
    }

    /** What a task gets that asks for this: at least what a kernel boots with. */
    static long wholeMiB(ByteSize memory) {
        long rounded = (memory.bytes() + STEP - 1) / STEP * STEP;
        return Math.max(rounded, MachineSpec.LEAST_MEMORY_BYTES);
    }

    Machine boot(MachineSpec spec, Plug plug) throws IOException {
        return machines.boot(spec, accelerator(spec), plug);
    }

    Machine bootAlone(MachineSpec spec, Plug plug) throws IOException {
        return machines.bootAlone(spec, accelerator(spec), plug);
    }

    Machine restore(MachineSpec spec, Snapshot snapshot, Plug plug) throws IOException {
        return machines.restore(spec, accelerator(spec), snapshot, plug);
    }

    Machine receive(MachineSpec spec, InputStream stream) throws IOException {
        return machines.receive(spec, accelerator(spec), stream);
    }

    Map<String, String> traits(MachineSpec spec) throws IOException {
        return machines.traits(spec, accelerator(spec));
    }

    Optional<String> differenceTo(MachineSpec spec, Map<String, String> others) throws IOException {
        return machines.differenceTo(spec, accelerator(spec), others);
    }

    private synchronized Accelerator accelerator(MachineSpec spec) throws IOException {
        if (acceleration.isEmpty()) {
            acceleration =
                    Optional.of(
                            Acceleration.find(machines, spec, PROBE_LIMIT, folders.acceleration()));
        }
        return acceleration.get().accelerator();
    }

    /** The snapshot in a folder, if such a machine can begin with it; else it is removed. */
    Optional<Snapshot> snapshot(Path folder, MachineSpec spec) throws IOException {
        return machines.snapshot(folder, spec, accelerator(spec), Snapshot.Check.STATE);
    }

    @Override
    public void close() throws IOException {
        machines.close();
    }
}
