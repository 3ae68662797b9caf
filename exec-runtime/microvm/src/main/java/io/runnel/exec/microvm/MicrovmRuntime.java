package io.runnel.exec.microvm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeReport;
import io.runnel.exec.isolate.TaskRuntime;
import io.runnel.exec.microvm.guest.KernelFiles;
import io.runnel.exec.microvm.image.BaseImage;
import io.runnel.exec.microvm.image.CodeArchive;
import io.runnel.exec.microvm.image.CodeImage;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Runs Linux programs, each in a microVM of its own under QEMU: a ZIP with an executable {@code
 * bootstrap} that asks for its calls as AWS Lambda's custom runtimes do. A function is started
 * once; later machines begin with a snapshot of it that waits for its first call.
 */
public final class MicrovmRuntime implements TaskRuntime {
    private static final List<String> TOOLS = List.of("qemu-system-x86_64", "mksquashfs");
    private static final System.Logger LOG = System.getLogger(MicrovmRuntime.class.getName());

    private final MicrovmFolders folders;
    private final GuestClock clock;
    private final NameLookup names;
    private final Executions executions = new Executions();
    private final Arrivals arrivals = new Arrivals();
    private Optional<MicrovmHost> opened = Optional.empty(); // Guarded by this.
    private boolean closed; // Guarded by this.

    /**
     * One whose host is opened when it is first asked for something, which may take a second.
     *
     * @param nanoClock on which calls have their deadlines
     * @param random what each guest's own randomness is made of
     * @param reachable which addresses guests may be connected to, if their tasks name the host;
     *     may block
     */
    public MicrovmRuntime(
            MicrovmFolders folders,
            InstantSource clock,
            LongSupplier nanoClock,
            SecureRandom random,
            Predicate<InetAddress> reachable) {
        this.names = new NameLookup(reachable);
        this.folders = folders;
        this.clock = new GuestClock(clock, nanoClock, random);
    }

    /**
     * A node's runtimes: this one, and microVMs if the computer has what they are made of. Looks
     * for files only.
     *
     * @param work the node's own folder for them; its path is short, as sockets are in it
     * @param reachable which addresses guests may be connected to; may block
     */
    public static List<TaskRuntime> beside(
            TaskRuntime other,
            Path work,
            InstantSource clock,
            LongSupplier nanoClock,
            SecureRandom random,
            Predicate<InetAddress> reachable) {
        MicrovmFolders folders = MicrovmFolders.of(work, System.getenv());
        return isPossible(folders)
                ? List.of(other, new MicrovmRuntime(folders, clock, nanoClock, random, reachable))
                : List.of(other);
    }

    /** Whether the computer has what microVMs are made of; looks for files only. */
    public static boolean isPossible() {
        return isPossible(MicrovmFolders.of(Path.of(""), System.getenv()));
    }

    private static boolean isPossible(MicrovmFolders folders) {
        return TOOLS.stream().allMatch(MicrovmRuntime::isInstalled) && hasKernel(folders);
    }

    private static boolean isInstalled(String program) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Stream.of(path.split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static boolean hasKernel(MicrovmFolders folders) {
        try {
            return KernelFiles.find(folders.kernels()).isPresent();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "no microVMs: {0}", e.getMessage());
            return false;
        }
    }

    private synchronized MicrovmHost host() throws IOException {
        if (closed) {
            throw new IOException("the node stops");
        }
        if (opened.isEmpty()) {
            MicrovmHost host = MicrovmHost.open(folders, clock.clock(), names);
            opened = Optional.of(host);
            LOG.log(Level.INFO, "microVMs: {0}; {1}", host.qemuVersion(), host.fences());
        }
        return opened.get();
    }

    @Override
    public RuntimeKind kind() {
        return RuntimeKind.LINUX;
    }

    @Override
    public CodeReport inspect(byte[] code, Limits limits) throws CodeRejectedException {
        try {
            CodeArchive archive = CodeArchive.read(code);
            Optional<BaseImage> unused = host().base(archive);
            return new CodeReport(
                    new ByteSize(MicrovmHost.wholeMiB(limits.memory())),
                    archive.entries(),
                    archive.notes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CodeRejectedException(
                    CodeRejectedException.Code.COMPILE_LIMIT, "took too long to look at", e);
        }
    }

    @Override
    public MicrovmProgram open(Task task, byte[] code)
            throws CodeRejectedException, InterruptedException {
        CodeArchive archive = CodeArchive.read(code);
        try {
            MicrovmHost host = host();
            Optional<BaseImage> base = host.base(archive);
            CodeImage image = host.image(archive);
            return new MicrovmProgram(
                    host, clock, executions, arrivals, task, image, base, archive.notes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What moves calls of these runtimes to other nodes; empty if none of them has machines. */
    public static Optional<MachineMoves> movesOf(List<TaskRuntime> runtimes) {
        return runtimes.stream()
                .filter(MicrovmRuntime.class::isInstance)
                .map(MicrovmRuntime.class::cast)
                .map(MicrovmRuntime::moves)
                .findFirst();
    }

    /** What moves its calls to other nodes, and takes others' in. */
    public MachineMoves moves() {
        return new MachineMoves(this, executions, arrivals);
    }

    /** Ends all machines. */
    @Override
    public synchronized void close() {
        closed = true;
        names.close();
        arrivals.close();
        try {
            if (opened.isPresent()) {
                opened.get().close();
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "machines are not all ended", e);
        }
    }
}
