package io.runnel.exec.microvm;

import io.runnel.exec.isolate.Isolate;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.microvm.FunctionStart.FailedException;
import io.runnel.exec.microvm.guest.GuestAnswer;
import io.runnel.exec.microvm.guest.GuestConfig;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Reuse;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.Usage;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * A machine, or the place for one. One that is {@link Reuse#KEPT} keeps its machine, as long as its
 * calls are of the same task; else each call has one of its own.
 */
final class MicrovmIsolate implements Isolate {
    private static final System.Logger LOG = System.getLogger(MicrovmIsolate.class.getName());

    private final MicrovmProgram program;
    private final Reuse reuse;
    private Optional<LiveFunction> live = Optional.empty();

    MicrovmIsolate(MicrovmProgram program, Reuse reuse) {
        this.program = program;
        this.reuse = reuse;
    }

    /** A machine for a call. */
    private record Begun(LiveFunction live, StartKind kind) {}

    @Override
    public Outcome run(Invocation call, InputStream body, OutputSink out, OutputSink log) {
        long beginNanos = now();
        boolean stays = false;
        try {
            Begun begun = begin(GuestSetup.of(call));
            live = Optional.of(begun.live());
            long startedNanos = now();
            GuestAnswer answer = answer(call, body, out, log, begun.live());
            long endNanos = now();
            Usage usage =
                    new Usage(
                            begun.kind(),
                            0,
                            startedNanos - beginNanos,
                            Math.max(1, endNanos - startedNanos),
                            0,
                            0,
                            0);
            stays = reuse == Reuse.KEPT && GuestEnds.leavesItWell(answer);
            return ended(answer, usage, call, out);
        } catch (InterruptedException e) {
            return new Outcome.Cancelled(usage(beginNanos));
        } catch (FailedException e) {
            return ended(e.how(), usage(beginNanos), call, out);
        } catch (IOException e) {
            return failed(e, usage(beginNanos));
        } finally {
            if (!stays) {
                close();
            }
        }
    }

    private static Outcome ended(GuestAnswer answer, Usage usage, Invocation call, OutputSink out) {
        GuestEnds.said(answer).ifPresent(bytes -> out.write(bytes, 0, bytes.length));
        return GuestEnds.outcome(answer, usage, call.task().limits());
    }

    private GuestAnswer answer(
            Invocation call, InputStream body, OutputSink out, OutputSink log, LiveFunction in)
            throws IOException, InterruptedException {
        long deadlineMillis = program.clock().millisAt(call.deadlineNanos());
        GuestAnswer answer =
                in.channel()
                        .invoke(GuestSetup.call(call, deadlineMillis), body, head -> {}, out, log);
        GuestEnds.tell(in.network().refusals(), log);
        return answer;
    }

    private Begun begin(GuestConfig config)
            throws IOException, InterruptedException, FailedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Optional<LiveFunction> there =
                live.filter(it -> it.isAlive() && it.config().equals(config));
        if (there.isPresent()) {
            return new Begun(there.get(), StartKind.WARM);
        }
        close();
        StartKind kind = program.template(config).isPresent() ? StartKind.RESTORED : StartKind.COLD;
        return new Begun(program.start(config), kind);
    }

    /** Not the guest's doing, unless its thread was interrupted while a machine was started. */
    private static Outcome failed(IOException e, Usage usage) {
        if (Thread.interrupted()) {
            return new Outcome.Cancelled(usage);
        }
        LOG.log(Level.WARNING, "a machine did not run", e);
        return new Outcome.Trapped(usage, "its machine did not run: " + e.getMessage());
    }

    private Usage usage(long beginNanos) {
        return new Usage(StartKind.COLD, 0, 0, Math.max(1, now() - beginNanos), 0, 0, 0);
    }

    private long now() {
        return program.clock().now();
    }

    @Override
    public void prepare() {
        if (isReady() || program.template(program.usual()).isEmpty()) {
            return;
        }
        close();
        try {
            live = Optional.of(program.start(program.usual()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | FailedException e) {
            LOG.log(Level.INFO, "no machine is ready: {0}", e.getMessage());
        }
    }

    @Override
    public boolean isReady() {
        return live.filter(LiveFunction::isAlive).isPresent();
    }

    /** What its machine has for itself now; the snapshot's own pages are the page cache's. */
    @Override
    public long heldBytes() {
        return live.map(LiveFunction::heldBytes).orElse(0L);
    }

    /** Nothing that grows without end: a guest has the memory that it was started with. */
    @Override
    public long leftBytes() {
        return 0;
    }

    @Override
    public void close() {
        live.ifPresent(LiveFunction::close);
        live = Optional.empty();
    }
}
