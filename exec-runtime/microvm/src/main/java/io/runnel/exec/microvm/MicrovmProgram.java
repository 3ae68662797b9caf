package io.runnel.exec.microvm;

import io.runnel.exec.isolate.Isolate;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.isolate.Tier;
import io.runnel.exec.microvm.FunctionStart.FailedException;
import io.runnel.exec.microvm.FunctionStart.Template;
import io.runnel.exec.microvm.guest.GuestConfig;
import io.runnel.exec.microvm.image.BaseImage;
import io.runnel.exec.microvm.image.CodeImage;
import io.runnel.exec.microvm.machine.Machine;
import io.runnel.exec.microvm.machine.MachineSpec;
import io.runnel.exec.network.Destinations;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.Reuse;
import io.runnel.exec.task.Task;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A function's code, and the snapshots that its machines begin with. It runs once the first of them
 * is made, or the function was seen not to start: then each call finds that out for itself.
 */
final class MicrovmProgram implements Program {
    private static final System.Logger LOG = System.getLogger(MicrovmProgram.class.getName());

    /** What is kept of it in memory; the snapshot itself is a file. */
    private static final long FOOTPRINT_BYTES = 1L << 20;

    private final GuestClock clock;
    private final CodeImage image;
    private final FunctionStart start;
    private final MicrovmHost host;
    private final Executions executions;
    private final Arrivals arrivals;
    private final Templates templates;
    private final MachineSpec spec;
    private final GuestConfig usual;
    private final boolean hasSecrets;
    private final List<String> notes;
    private volatile boolean runnable;
    private volatile boolean closed;
    private volatile long initializationNanos;

    /**
     * One whose code is there.
     *
     * @param task that is called first: what is prepared is prepared for it
     * @param image closed with this
     */
    MicrovmProgram(
            MicrovmHost host,
            GuestClock clock,
            Executions executions,
            Arrivals arrivals,
            Task task,
            CodeImage image,
            Optional<BaseImage> base,
            List<String> notes) {
        this.spec = host.spec(image, base, task.limits().memory(), task.version());
        this.host = host;
        this.executions = executions;
        this.arrivals = arrivals;
        this.clock = clock;
        this.image = image;
        this.start =
                new FunctionStart(host, clock, spec, host.destinations(task.options().outbound()));
        this.templates = host.templates();
        this.usual = GuestSetup.of(task);
        this.hasSecrets = task.options().secrets().isPresent();
        this.notes = notes;
        // With secrets what it starts with comes with its calls only.
        this.runnable =
                hasSecrets || templates.find(spec, usual).isPresent() || arrivals.haveOneOf(task);
    }

    GuestClock clock() {
        return clock;
    }

    Executions executions() {
        return executions;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    boolean isOf(CodeDigest code) {
        return image.code().equals(code);
    }

    Destinations destinations() {
        return start.destinations();
    }

    /** What a machine must have in common with these so that it can go on with all of one. */
    Map<String, String> traits() throws IOException {
        return host.traits(spec);
    }

    /** The first difference to another node's, for people. */
    Optional<String> differenceTo(Map<String, String> others) throws IOException {
        return host.differenceTo(spec, others);
    }

    /** A machine that another node sends; it stands still. */
    Machine receive(InputStream stream) throws IOException {
        return host.receive(spec, stream);
    }

    /** What its first task starts with. */
    GuestConfig usual() {
        return usual;
    }

    /** Whether a machine can begin at once with a snapshot of a function that is started so. */
    Optional<Template> template(GuestConfig config) {
        return templates.find(spec, config);
    }

    /**
     * A function that is started so: from a snapshot, which is made if there is none; from the
     * kernel on if its task has secrets, as these are not to be written into any file.
     */
    LiveFunction start(GuestConfig config)
            throws IOException, InterruptedException, FailedException {
        if (hasSecrets) {
            return start.boot(config);
        }
        Template template = templates.get(start, config);
        try {
            return start.restore(config, template);
        } catch (IOException e) {
            templates.drop(spec, config, template);
            throw e;
        }
    }

    @Override
    public Isolate newIsolate(Reuse reuse) {
        if (closed) {
            throw new IllegalStateException("the program is closed");
        }
        return new MicrovmIsolate(this, reuse);
    }

    @Override
    public boolean isRunnable() {
        return runnable;
    }

    @Override
    public void optimize() throws InterruptedException {
        if (hasSecrets) {
            return;
        }
        long beginNanos = clock.now();
        try {
            var unused = templates.get(start, usual);
        } catch (IOException | FailedException e) {
            LOG.log(Level.INFO, "{0} does not start: {1}", image.code().brief(), e.getMessage());
        }
        initializationNanos = clock.now() - beginNanos;
        runnable = true;
    }

    @Override
    public Tier tier() {
        return runnable ? Tier.COMPILED : Tier.INTERPRETED;
    }

    @Override
    public long initializationNanos() {
        return initializationNanos;
    }

    @Override
    public List<String> notes() {
        return notes;
    }

    @Override
    public long footprintBytes() {
        return FOOTPRINT_BYTES;
    }

    @Override
    public void close() {
        closed = true;
        image.close();
    }
}
