package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.Isolate;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.isolate.Tier;
import io.runnel.exec.task.Reuse;
import io.runnel.exec.wasi.HostSources;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An open module: first interpreted, then compiled. Isolates look for the engine and the image at
 * the beginning of each call.
 */
final class WasmProgram implements Program {
    /** Classes (4, as measured), and machine code made of what is hot. */
    private static final long COMPILED_PER_CODE_BYTE = 8;

    /** The module itself, and what is written of it for the interpreter. */
    private static final long INTERPRETED_PER_CODE_BYTE = 6;

    private static final long LEAST_FOOTPRINT_BYTES = 64 * 1024;

    private final ModuleShape shape;
    private final InstanceMaker instances;
    private final HostSources host;
    private final Compilation compilation;
    private final SecondForm second;
    private final InterruptWatch watch;
    private volatile Engine engine;
    private volatile Image image;
    private volatile boolean initialized;
    private volatile long initializationNanos;
    private volatile List<String> notes = List.of();
    private volatile boolean runsOnce;
    private volatile boolean closed;

    WasmProgram(
            ModuleShape shape,
            InstanceMaker instances,
            HostSources host,
            Compilation compilation,
            InterruptWatch watch,
            Engine engine) {
        this.shape = shape;
        this.instances = instances;
        this.host = host;
        this.compilation = compilation;
        this.second = new SecondForm(compilation);
        this.watch = watch;
        this.engine = engine;
        this.image = instances.first();
        this.initialized = shape.entries().initialization().isEmpty();
        this.notes = compilation.notes();
    }

    HostSources host() {
        return host;
    }

    Engine engine() {
        return engine;
    }

    InterruptWatch watch() {
        return watch;
    }

    SecondForm second() {
        return second;
    }

    /** A call has ended well that ran for so long. */
    @SuppressWarnings("ReferenceEquality") // The very same one.
    void ran(Engine with, long nanos) {
        if (with.tier() == Tier.COMPILED && with == engine) {
            Engine next = second.after(with, nanos, (long) image.memory().pages() << 16);
            if (next != with) {
                engine = next;
            }
        }
    }

    /** What calls begin with. */
    Image image() {
        return image;
    }

    /** The function that a call runs. */
    int command() {
        return shape.entries().command();
    }

    /** The function that has to run before, in instances whose image is of before it. */
    OptionalInt start() {
        return shape.entries().start();
    }

    GuestInstance instantiate(Engine with, Image as) {
        return instances.make(with, as);
    }

    /**
     * Takes what the start function left, from a call in which it asked the host for nothing: so it
     * is what it leaves in every call.
     */
    void share(Image started) {
        image = started;
    }

    /** Whether its command was found to run only once in the same memory. */
    boolean runsOnce() {
        return runsOnce;
    }

    /** Calls find fresh memory from now on, whatever their task wants. */
    void foundToRunOnce() {
        runsOnce = true;
    }

    @Override
    public Isolate newIsolate(Reuse reuse) {
        if (closed) {
            throw new IllegalStateException("the program is closed");
        }
        return new WasmIsolate(this, reuse);
    }

    @Override
    public boolean isRunnable() {
        return initialized;
    }

    @Override
    public void optimize() throws CodeRejectedException, InterruptedException {
        Optional<CodeRejectedException> stays = Optional.empty();
        if (engine.tier() == Tier.INTERPRETED) {
            try {
                engine = compilation.compile(shape);
                notes = compilation.notes();
            } catch (CodeRejectedException e) {
                stays = Optional.of(e);
                notes = stays(e.getMessage());
            } catch (InterruptedException e) {
                notes = stays("compiling took too long here, and was given up");
                throw e;
            }
        }
        if (!initialized) {
            initialize();
        }
        if (stays.isPresent()) {
            throw stays.get();
        }
    }

    private static List<String> stays(String why) {
        return List.of("it is interpreted, many times slower: " + why);
    }

    private void initialize() throws CodeRejectedException, InterruptedException {
        GuestInstance instance = instances.make(engine, image);
        long beginNanos = host.nanoClock().getAsLong();
        try {
            GuestInitialization.run(
                    instance,
                    host,
                    GuestInitialization.LIMIT,
                    () -> {
                        shape.entries().start().ifPresent(instance::run);
                        shape.entries().initialization().ifPresent(instance::run);
                    });
        } catch (CodeRejectedException e) {
            List<String> more = new ArrayList<>(notes);
            more.add(e.getMessage());
            notes = more;
            throw e;
        }
        initializationNanos = host.nanoClock().getAsLong() - beginNanos;
        image = instance.snapshot(true);
        initialized = true;
    }

    @Override
    public long initializationNanos() {
        return initializationNanos;
    }

    @Override
    public Tier tier() {
        return engine.tier();
    }

    @Override
    public List<String> notes() {
        List<String> all = new ArrayList<>(notes);
        if (runsOnce) {
            all.add(
                    "its _start runs only once in the same memory: calls find fresh memory in spite"
                            + " of --reuse");
        }
        return List.copyOf(all);
    }

    @Override
    public long footprintBytes() {
        long perByte = tier() == Tier.COMPILED ? COMPILED_PER_CODE_BYTE : INTERPRETED_PER_CODE_BYTE;
        return LEAST_FOOTPRINT_BYTES
                + host.files().assets().heldBytes()
                + image.sizeBytes()
                + shape.codeBytes() * (second.isLoaded() ? 2 * perByte : perByte);
    }

    @Override
    public void close() {
        // What it holds goes with it; classes are unloaded when no instance is left.
        closed = true;
    }
}
