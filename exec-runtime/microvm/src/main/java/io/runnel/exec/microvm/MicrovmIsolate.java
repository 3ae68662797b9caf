package io.runnel.exec.microvm;

import io.runnel.exec.isolate.Isolate;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.microvm.FunctionStart.FailedException;
import io.runnel.exec.microvm.guest.GuestAnswer;
import io.runnel.exec.microvm.guest.GuestConfig;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Mobility;
import io.runnel.exec.task.MoveId;
import io.runnel.exec.task.MovedTo;
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
    private record Begun(LiveFunction live, StartKind kind, Optional<MovedState> moved) {
        /** It has run so long elsewhere. */
        long ranNanos() {
            return moved.map(MovedState::ranNanos).orElse(0L);
        }
    }

    @Override
    public Outcome run(Invocation call, InputStream body, OutputSink out, OutputSink log) {
        long beginNanos = now();
        boolean stays = false;
        try {
            Begun begun = begin(call);
            live = Optional.of(begun.live());
            long startedNanos = now();
            Execution execution =
                    new Execution(
                            call,
                            program,
                            begun.live(),
                            begun.kind(),
                            startedNanos - begun.ranNanos(),
                            new Execution.Moved());
            GuestAnswer answer = answer(execution, begun, body, out, log);
            long endNanos = now();
            Usage usage =
                    new Usage(
                            begun.kind(),
                            0,
                            startedNanos - beginNanos,
                            Math.max(1, endNanos - startedNanos + begun.ranNanos()),
                            0,
                            0,
                            0);
            stays = reuse == Reuse.KEPT && GuestEnds.leavesItWell(answer);
            Optional<MovedTo> elsewhere = execution.moved().to();
            if (answer instanceof GuestAnswer.Moved && elsewhere.isPresent()) {
                return new Outcome.Moved(usage, elsewhere.get());
            }
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
            Execution execution, Begun begun, InputStream body, OutputSink out, OutputSink log)
            throws IOException, InterruptedException {
        LiveFunction in = execution.live();
        program.executions().began(execution);
        try {
            GuestAnswer answer =
                    begun.moved().isPresent()
                            ? in.channel().await(head -> {}, out, log)
                            : asked(execution.call(), body, out, log, in);
            GuestEnds.tell(in.network().refusals(), log);
            return answer;
        } finally {
            program.executions().ended(execution);
        }
    }

    private GuestAnswer asked(
            Invocation call, InputStream body, OutputSink out, OutputSink log, LiveFunction in)
            throws IOException, InterruptedException {
        long deadlineMillis = program.clock().millisAt(call.deadlineNanos());
        return in.channel()
                .invoke(GuestSetup.call(call, deadlineMillis), body, head -> {}, out, log);
    }

    private Begun begin(Invocation call) throws IOException, InterruptedException, FailedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (call.mobility() instanceof Mobility.Resumed(MoveId id)) {
            return adopt(id);
        }
        GuestConfig config = GuestSetup.of(call);
        Optional<LiveFunction> there =
                live.filter(it -> it.isAlive() && it.config().equals(config));
        if (there.isPresent()) {
            return new Begun(there.get(), StartKind.WARM, Optional.empty());
        }
        close();
        StartKind kind = program.template(config).isPresent() ? StartKind.RESTORED : StartKind.COLD;
        return new Begun(program.start(config), kind, Optional.empty());
    }

    /** What was moved here while it ran; it has been running since. */
    private Begun adopt(MoveId id) throws IOException, InterruptedException {
        close();
        Arrivals.Adopted adopted =
                program.arrivals()
                        .take(id)
                        .orElseThrow(() -> new IOException("the call that was moved is not here"));
        return new Begun(adopted.live(), adopted.state().start(), Optional.of(adopted.state()));
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
