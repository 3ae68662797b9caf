package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.Reuse;
import io.runnel.exec.task.Task;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The rules of {@link TaskRuntime}, {@link Program} and {@link Isolate}, as tests. */
public abstract class TaskRuntimeContract {
    /** The room that a runner gives its slots: the limit of stack, and what the host needs. */
    private static final long STACK_BYTES = ByteSize.ofKiB(512 + 384).bytes();

    private static final Limits LIMITS = Limits.DEFAULT.withMemory(ByteSize.ofMiB(4));

    /** The runtime under test. */
    protected abstract TaskRuntime runtime();

    /** Whether the tests run code that was optimized; else, code as it was opened. */
    protected boolean optimizes() {
        return false;
    }

    /** How often a runtime is tried that was attacked. */
    protected int tries() {
        return 100;
    }

    /** Whether an isolate whose calls find fresh memory is ready for the next one at once. */
    protected boolean isFreshAtOnce() {
        return true;
    }

    /** What a guest reads that is interrupted: nothing, for ever. */
    protected InputStream endless() {
        return new SilentInput();
    }

    /** Code for it that does this. */
    protected abstract byte[] code(GuestAct act);

    @Test
    protected void acceptsEveryGuestOfTheContract() throws Exception {
        for (GuestAct act : GuestAct.values()) {
            assertTrue(runtime().inspect(code(act), LIMITS).functions() > 0, act.name());
        }
    }

    @Test
    protected void rejectsWhatIsNoCode() {
        byte[] noise = new byte[4096];
        new Random(7).nextBytes(noise);
        byte[] hello = code(GuestAct.HELLO);
        byte[] cut = Arrays.copyOf(hello, hello.length - 1);
        for (byte[] bad : new byte[][] {new byte[0], {0}, noise, cut}) {
            var e = assertThrows(CodeRejectedException.class, () -> runtime().inspect(bad, LIMITS));
            assertEquals(CodeRejectedException.Code.MALFORMED, e.code(), e.getMessage());
            assertFalse(e.getMessage().isBlank());
        }
    }

    @Test
    protected void rejectsWhatIsTooLarge() {
        byte[] large = Arrays.copyOf(code(GuestAct.HELLO), (int) Limits.MODULE.bytes() + 1);
        var e = assertThrows(CodeRejectedException.class, () -> runtime().inspect(large, LIMITS));
        assertEquals(CodeRejectedException.Code.TOO_LARGE, e.code(), e.getMessage());
    }

    @Test
    protected void runsToTheEnd() throws Exception {
        var out = new Collected();
        Outcome outcome = run(GuestAct.HELLO, InputStream.nullInputStream(), out);
        assertInstanceOf(Outcome.Completed.class, outcome, outcome.toString());
        assertEquals("hello", out.text());
        assertTrue(outcome.usage().runNanos() > 0, outcome.toString());
    }

    @Test
    protected void tellsTheExitCode() throws Exception {
        Outcome outcome = run(GuestAct.EXIT_3, InputStream.nullInputStream(), new Collected());
        assertEquals(3, assertInstanceOf(Outcome.FunctionError.class, outcome).exitCode());
    }

    @Test
    protected void readsItsInputAndWritesItsOutput() throws Exception {
        byte[] sent = new byte[300_000];
        Arrays.fill(sent, (byte) 'x');
        var out = new Collected();
        Outcome outcome = run(GuestAct.ECHO, new ByteArrayInputStream(sent), out);
        assertInstanceOf(Outcome.Completed.class, outcome, outcome.toString());
        assertEquals("x".repeat(sent.length), out.text());
    }

    @Test
    protected void writesItsLogApart() throws Exception {
        var out = new Collected();
        var log = new Collected();
        Isolate isolate = isolate(GuestAct.LOG);
        onStack(() -> isolate.run(call(GuestAct.LOG), InputStream.nullInputStream(), out, log));
        assertEquals("", out.text());
        assertEquals("note", log.text());
    }

    @Test
    protected void seesTheInvocationsVariablesAndNoOthers() throws Exception {
        var out = new Collected();
        Map<String, String> environment = Map.of("REQUEST_METHOD", "GET", "NAME", "Zoë = ok");
        Outcome outcome =
                run(GuestAct.ENVIRONMENT, with(GuestAct.ENVIRONMENT, environment, List.of()), out);
        assertInstanceOf(Outcome.Completed.class, outcome, outcome.toString());
        assertEquals(Set.of("REQUEST_METHOD=GET", "NAME=Zoë = ok"), lines(out));
    }

    @Test
    protected void seesTheInvocationsArguments() throws Exception {
        var out = new Collected();
        List<String> arguments = List.of("task", "--flag", "größe");
        run(GuestAct.ARGUMENTS, with(GuestAct.ARGUMENTS, Map.of(), arguments), out);
        assertEquals("task\n--flag\ngröße\n", out.text());
    }

    @Test
    protected void remembersNothing() throws Exception {
        Program program = prepare(GuestAct.REMEMBER);
        Isolate isolate = program.newIsolate();
        for (int i = 0; i < 5; i++) {
            assertRemembersNothing(isolate);
            assertRemembersNothing(program.newIsolate());
        }
    }

    @Test
    protected void whatIsKeptIsRemembered() throws Exception {
        Program program = prepare(GuestAct.COUNT);
        Isolate kept = program.newIsolate(Reuse.KEPT);
        Isolate other = program.newIsolate(Reuse.KEPT);
        for (int i = 0; i < 5; i++) {
            assertEquals(Integer.toString(i), counted(kept));
            assertEquals("0", counted(program.newIsolate(Reuse.FRESH)));
        }
        assertEquals("0", counted(other), "each has its own");
        assertTrue(kept.heldBytes() > 0);
    }

    @Test
    protected void whatIsKeptIsForgottenAfterABadEnd() throws Exception {
        Program program = prepare(GuestAct.COUNT);
        Isolate kept = program.newIsolate(Reuse.KEPT);
        assertEquals("0", counted(kept));
        var closed = new SinkClosedException(SinkClosedException.Reason.GONE);
        assertThrows(
                SinkClosedException.class,
                () ->
                        onStack(
                                () ->
                                        kept.run(
                                                call(GuestAct.COUNT),
                                                nothing(),
                                                (bytes, offset, length) -> {
                                                    throw closed;
                                                },
                                                OutputSink.NOWHERE)));
        assertEquals("0", counted(kept));
    }

    @Test
    protected void preparingChangesSpeedOnly() throws Exception {
        for (Reuse reuse : Reuse.values()) {
            Program program = prepare(GuestAct.COUNT);
            Isolate isolate = program.newIsolate(reuse);
            assertFalse(isolate.isReady());
            isolate.prepare();
            assertTrue(isolate.isReady());
            isolate.prepare();
            assertTrue(isolate.heldBytes() > 0);
            assertEquals("0", counted(isolate));
            assertEquals(reuse == Reuse.KEPT || isFreshAtOnce(), isolate.isReady());
            isolate.prepare();
            assertTrue(isolate.isReady());
            assertEquals(reuse == Reuse.KEPT ? "1" : "0", counted(isolate));
        }
    }

    @Test
    protected void trapsAreTold() throws Exception {
        Outcome outcome = run(GuestAct.TRAP, nothing(), new Collected());
        assertFalse(assertInstanceOf(Outcome.Trapped.class, outcome).reason().isBlank());
        assertStillAnswers();
    }

    @Test
    protected void endlessRecursionEndsAtTheStacksLimit() throws Exception {
        for (int i = 0; i < tries() / 5; i++) {
            Outcome outcome = run(GuestAct.RECURSE, nothing(), new Collected());
            var exceeded = assertInstanceOf(Outcome.StackExceeded.class, outcome);
            assertEquals(LIMITS.stack(), exceeded.limit());
        }
        assertStillAnswers();
    }

    @Test
    protected void memoryEndsAtItsLimit() throws Exception {
        Outcome outcome = run(GuestAct.GROW, nothing(), new Collected());
        var exceeded = assertInstanceOf(Outcome.MemoryExceeded.class, outcome);
        assertEquals(LIMITS.memory(), exceeded.limit());
        assertStillAnswers();
    }

    @Test
    protected void anInterruptEndsACounter() throws Exception {
        assertInterruptEnds(GuestAct.SPIN);
    }

    @Test
    protected void anInterruptEndsASleeper() throws Exception {
        assertInterruptEnds(GuestAct.SLEEP);
    }

    @Test
    protected void anInterruptEndsAReader() throws Exception {
        assertInterruptEnds(GuestAct.READ_ON);
    }

    private void assertInterruptEnds(GuestAct act) throws Exception {
        var out = new Collected();
        Isolate isolate = isolate(act);
        var result = new CompletableFuture<Outcome>();
        var status = new CompletableFuture<Boolean>();
        Thread thread =
                start(
                        () -> {
                            result.complete(
                                    isolate.run(call(act), endless(), out, OutputSink.NOWHERE));
                            status.complete(Thread.currentThread().isInterrupted());
                        });
        out.awaitFirst();
        thread.interrupt();
        assertInstanceOf(Outcome.Cancelled.class, result.get(20, TimeUnit.SECONDS));
        assertFalse(status.get(20, TimeUnit.SECONDS), "interrupt status is left");
        assertStillAnswers();
    }

    @Test
    protected void aClosedSinkEndsTheGuest() throws Exception {
        var closed = new SinkClosedException(SinkClosedException.Reason.GONE);
        OutputSink sink =
                (bytes, offset, length) -> {
                    throw closed;
                };
        Isolate isolate = isolate(GuestAct.FLOOD);
        var thrown =
                assertThrows(
                        SinkClosedException.class,
                        () ->
                                onStack(
                                        () ->
                                                isolate.run(
                                                        call(GuestAct.FLOOD),
                                                        nothing(),
                                                        sink,
                                                        OutputSink.NOWHERE)));
        assertSame(closed, thrown);
        assertStillAnswers();
    }

    @Test
    protected void aClosedProgramMakesNoIsolatesButRunsTheOldOnes() throws Exception {
        Program program = prepare(GuestAct.HELLO);
        Isolate old = program.newIsolate();
        program.close();
        assertThrows(IllegalStateException.class, program::newIsolate);
        var out = new Collected();
        onStack(() -> old.run(call(GuestAct.HELLO), nothing(), out, OutputSink.NOWHERE));
        assertEquals("hello", out.text());
    }

    @Test
    protected void optimizingChangesSpeedOnly() throws Exception {
        Program program = runtime().open(task(GuestAct.REMEMBER), code(GuestAct.REMEMBER));
        Isolate kept = program.newIsolate();
        if (program.isRunnable()) {
            assertRemembersNothing(kept);
        }
        program.optimize();
        assertTrue(program.isRunnable());
        assertSame(Tier.COMPILED, program.tier());
        for (int i = 0; i < 3; i++) {
            assertRemembersNothing(kept);
            assertRemembersNothing(program.newIsolate());
        }
        assertTrue(program.footprintBytes() > 0);
        assertFalse(program.notes().stream().anyMatch(String::isBlank));
    }

    @Test
    protected void optimizingLosesNothingThatIsKept() throws Exception {
        Program program = runtime().open(task(GuestAct.COUNT), code(GuestAct.COUNT));
        Isolate kept = program.newIsolate(Reuse.KEPT);
        boolean hasRun = program.isRunnable();
        if (hasRun) {
            assertEquals("0", counted(kept));
        }
        program.optimize();
        assertEquals(hasRun ? "1" : "0", counted(kept));
        assertEquals(hasRun ? "2" : "1", counted(kept));
    }

    private void assertRemembersNothing(Isolate isolate) throws Exception {
        assertEquals("0", remembered(isolate));
    }

    private String remembered(Isolate isolate) throws Exception {
        return output(isolate, GuestAct.REMEMBER);
    }

    private String counted(Isolate isolate) throws Exception {
        return output(isolate, GuestAct.COUNT);
    }

    private String output(Isolate isolate, GuestAct act) throws Exception {
        var out = new Collected();
        onStack(() -> isolate.run(call(act), nothing(), out, OutputSink.NOWHERE));
        return out.text();
    }

    /** Calls after an attack find the runtime as it was. */
    private void assertStillAnswers() throws Exception {
        Program program = prepare(GuestAct.HELLO);
        for (int i = 0; i < tries(); i++) {
            var out = new Collected();
            Outcome outcome =
                    onStack(
                            () ->
                                    program.newIsolate()
                                            .run(
                                                    call(GuestAct.HELLO),
                                                    nothing(),
                                                    out,
                                                    OutputSink.NOWHERE));
            assertInstanceOf(Outcome.Completed.class, outcome, outcome.toString());
            assertEquals("hello", out.text());
        }
    }

    private static InputStream nothing() {
        return InputStream.nullInputStream();
    }

    private Task task(GuestAct act) {
        String name = act.name().toLowerCase(java.util.Locale.ROOT);
        return Contracts.task(runtime().kind(), name, code(act), LIMITS);
    }

    private Invocation call(GuestAct act) {
        return Contracts.invocation(task(act));
    }

    private Invocation with(GuestAct act, Map<String, String> environment, List<String> arguments) {
        return new Invocation(
                RequestId.next(1, new Random(1)),
                task(act),
                Caller.ANONYMOUS,
                environment,
                arguments,
                Long.MAX_VALUE);
    }

    private Program prepare(GuestAct act) throws Exception {
        Program program = runtime().open(task(act), code(act));
        if (optimizes() || !program.isRunnable()) {
            program.optimize();
        }
        return program;
    }

    private Isolate isolate(GuestAct act) throws Exception {
        return prepare(act).newIsolate();
    }

    private Outcome run(GuestAct act, InputStream body, Collected out) throws Exception {
        Isolate isolate = isolate(act);
        return onStack(() -> isolate.run(call(act), body, out, OutputSink.NOWHERE));
    }

    private Outcome run(GuestAct act, Invocation invocation, Collected out) throws Exception {
        Isolate isolate = isolate(act);
        return onStack(() -> isolate.run(invocation, nothing(), out, OutputSink.NOWHERE));
    }

    private static Set<String> lines(Collected out) {
        return new TreeSet<>(out.text().lines().toList());
    }

    private interface Run {
        Outcome run();
    }

    /** Runs on a thread with a slot's stack, as a runner does. */
    private static Outcome onStack(Run run) throws Exception {
        var result = new CompletableFuture<Outcome>();
        start(
                () -> {
                    try {
                        result.complete(run.run());
                    } catch (RuntimeException | Error e) {
                        result.completeExceptionally(e);
                    }
                });
        try {
            return result.get(60, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static Thread start(Runnable work) {
        Thread thread = new Thread(null, work, "isolate", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
