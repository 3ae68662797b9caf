package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;
import io.runnel.exec.isolate.CodeReport;
import io.runnel.exec.isolate.GuestFrames;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.isolate.TaskRuntime;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.InstanceDocuments;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.wasi.HostDevices;
import io.runnel.exec.wasi.HostSources;
import io.runnel.exec.wasi.OutboundHttp;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Runs command modules of WASI preview 1, plain or in a package with assets: interpreted at once,
 * compiled to byte code afterwards. Each call finds memory, globals and tables as the module says.
 * A guest sees its arguments, its variables, clocks, random bytes, three streams, and files in
 * memory that end with the call; no file of the host but the devices that its task uses, no socket,
 * no other variable.
 *
 * <p>Safe for any thread.
 */
public final class WasmRuntime implements TaskRuntime {
    /** The most that the cache of compiled classes takes on disk. */
    static final ByteSize MOST_CACHED = ByteSize.ofMiB(256);

    private final HostSources host;
    private final Optional<ClassCache> cache;
    private final boolean marks;
    private final InterruptWatch watch;

    /**
     * A runtime that gives guests these clocks and this randomness. What it compiles is forgotten
     * with the process.
     *
     * @param nanoClock monotonic; guests see it from the beginning of their call
     */
    public WasmRuntime(InstantSource clock, LongSupplier nanoClock, SecureRandom random) {
        this(new HostSources(clock, nanoClock, random));
    }

    /** A runtime whose guests get this of the host. */
    WasmRuntime(HostSources host) {
        this(host, Optional.empty(), true, new InterruptWatch());
    }

    /**
     * As {@link #WasmRuntime(InstantSource, LongSupplier, SecureRandom)}, but what it compiles is
     * kept in a folder, so that a module is compiled once and not once for each start.
     *
     * @param classes the folder; of this process alone, made (mode 0700) if it is not there
     * @throws IOException if the folder cannot be made or used
     */
    public WasmRuntime(
            InstantSource clock, LongSupplier nanoClock, SecureRandom random, Path classes)
            throws IOException {
        this(
                new HostSources(clock, nanoClock, random),
                Optional.of(ClassCache.in(classes, MOST_CACHED, random, clock)),
                true,
                new InterruptWatch());
    }

    private WasmRuntime(
            HostSources host, Optional<ClassCache> cache, boolean marks, InterruptWatch watch) {
        this.host = host;
        this.cache = cache;
        this.marks = marks;
        this.watch = watch;
    }

    /** The same, with the requests of guests sent by this; without it none are. */
    public WasmRuntime withOutbound(OutboundHttp outbound) {
        return new WasmRuntime(host.withOutbound(outbound), cache, marks, watch);
    }

    /** The same, with these devices of the host for guests whose tasks use them. */
    public WasmRuntime withDevices(Map<DeviceName, String> devices) {
        return new WasmRuntime(host.withDevices(HostDevices.of(devices)), cache, marks, watch);
    }

    /** The same, with this saying to third parties who calls are; without it nothing does. */
    public WasmRuntime withDocuments(InstanceDocuments documents) {
        return new WasmRuntime(host.withDocuments(documents), cache, marks, watch);
    }

    /** The same, with all compiled code at once in the form that others get when they run long. */
    WasmRuntime withoutMarks() {
        return new WasmRuntime(host, cache, false, watch);
    }

    @Override
    public RuntimeKind kind() {
        return RuntimeKind.WASM;
    }

    @Override
    public CodeReport inspect(byte[] code, Limits limits) throws CodeRejectedException {
        try {
            OpenedCode opened = OpenedCode.of(code);
            byte[] module = opened.module();
            ModuleShape shape = scan(module, limits);
            FunctionCheck.checkAll(module, shape.types());
            InstanceMaker.of(module, shape, true);
            ModuleParser.whole(module, shape);
            List<String> notes = notes(shape);
            opened.note().ifPresent(notes::add);
            return new CodeReport(initialMemory(shape), shape.functions(), notes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CodeRejectedException(Code.COMPILE_LIMIT, "checking was interrupted", e);
        }
    }

    @Override
    public GuestFrames frames(byte[] code) {
        try {
            return new WasmFrames(FunctionNames.of(OpenedCode.of(code).module()));
        } catch (CodeRejectedException e) {
            return GuestFrames.NONE;
        }
    }

    private static List<String> notes(ModuleShape shape) {
        List<String> notes = new ArrayList<>();
        if (shape.entries().start().isPresent()) {
            notes.add("its start function is part of a call, unless it asks the host for nothing");
        }
        if (shape.entries().initialization().isPresent()) {
            notes.add(
                    "its initialization runs once on each node, within %d s and %s"
                            .formatted(
                                    GuestInitialization.LIMIT.toSeconds(),
                                    GuestInitialization.MEMORY));
        }
        return notes;
    }

    private static ModuleShape scan(byte[] code, Limits limits) throws CodeRejectedException {
        if (code.length > Limits.MODULE.bytes()) {
            throw new CodeRejectedException(
                    Code.TOO_LARGE,
                    "a module may be at most %s: %d bytes".formatted(Limits.MODULE, code.length));
        }
        ModuleShape shape = ModuleScan.scan(code);
        if (!shape.memoryExported()) {
            throw ModuleScan.noEntry("no export 'memory'");
        }
        if (initialMemory(shape).compareTo(limits.memory()) > 0) {
            throw new CodeRejectedException(
                    Code.MEMORY,
                    "the module needs %s of memory at the start, its limit is %s"
                            .formatted(initialMemory(shape), limits.memory()));
        }
        return shape;
    }

    private static ByteSize initialMemory(ModuleShape shape) {
        return ByteSize.ofKiB(64L * shape.initialPages());
    }

    @Override
    public Program open(Task task, byte[] code) throws CodeRejectedException, InterruptedException {
        HostWarmUp.ensure();
        OpenedCode opened = OpenedCode.of(code);
        byte[] module = opened.module();
        ModuleShape shape = scan(module, task.limits());
        // Of the module alone: assets change more often, and need not be compiled.
        CacheKey key = new CacheKey(CodeDigest.of(module));
        Compilation compilation = new Compilation(module, shape.types(), key, cache, marks);
        Optional<Engine> compiled = compilation.fromCache();
        if (compiled.isEmpty()) {
            FunctionCheck.checkAll(module, shape.types());
        }
        return new WasmProgram(
                shape,
                InstanceMaker.of(module, shape, false),
                opened.filesOn(host),
                compilation,
                watch,
                compiled.orElseGet(() -> Engine.interpreting(module, shape.types())));
    }
}
