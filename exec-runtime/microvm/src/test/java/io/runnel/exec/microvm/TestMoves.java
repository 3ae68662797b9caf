package io.runnel.exec.microvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.Collected;
import io.runnel.exec.isolate.Contracts;
import io.runnel.exec.isolate.MoveLink;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Mobility;
import io.runnel.exec.task.MoveId;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * Two nodes' microVMs on this computer, and calls of a function that says each step that it takes
 * and at its end whether it remembers all of them.
 */
final class TestMoves implements AutoCloseable {
    private final TestMicrovms here;
    private final TestMicrovms there;
    private final byte[] code;
    private final Task task;
    private final MicrovmProgram program;
    private final MicrovmProgram programThere;

    TestMoves(Path folder) throws Exception {
        here = new TestMicrovms(Files.createDirectory(folder.resolve("a")));
        there = new TestMicrovms(Files.createDirectory(folder.resolve("b")));
        code = here.acting("WANDER");
        task = Contracts.task(RuntimeKind.LINUX, "wander", code, Limits.DEFAULT);
        program = here.runtime().open(task, code);
        program.optimize();
        programThere = there.runtime().open(task, code);
    }

    TestMicrovms here() {
        return here;
    }

    TestMicrovms there() {
        return there;
    }

    Task task() {
        return task;
    }

    byte[] code() {
        return code;
    }

    /** A call under way. */
    static final class Running {
        private final Invocation call;
        private final Collected out = new Collected();
        private final Collected log = new Collected();
        private final CompletableFuture<Outcome> outcome;
        private final CompletableFuture<Thread> thread = new CompletableFuture<>();

        private Running(Task task, MicrovmProgram in, Mobility mobility) {
            Invocation plain = Contracts.invocation(task);
            this.call =
                    new Invocation(
                            plain.id(),
                            task,
                            plain.caller(),
                            plain.environment(),
                            plain.arguments(),
                            plain.deadlineNanos(),
                            mobility);
            this.outcome = CompletableFuture.supplyAsync(() -> run(in), Thread::startVirtualThread);
        }

        private Outcome run(MicrovmProgram in) {
            thread.complete(Thread.currentThread());
            return in.newIsolate().run(call, InputStream.nullInputStream(), out, log);
        }

        RequestId id() {
            return call.id();
        }

        /** Returns when it waits, for so long at most. */
        void awaitWaiting() throws Exception {
            Thread its = thread.get(60, TimeUnit.SECONDS);
            while (its.getState() != Thread.State.TIMED_WAITING && its.isAlive()) {
                Thread.onSpinWait();
            }
        }

        Outcome end() throws Exception {
            return outcome.get(60, TimeUnit.SECONDS);
        }

        String said() {
            return log.text();
        }

        String answer() {
            return out.text();
        }
    }

    /** One that may be moved, and has taken its first step. */
    Running begun() throws InterruptedException {
        return begun(Mobility.MOVABLE);
    }

    Running begun(Mobility mobility) throws InterruptedException {
        Running running = new Running(task, program, mobility);
        running.log.awaitFirst();
        return running;
    }

    /** Asks for the answer of one that went there. */
    Running resumed(MoveId id) {
        return new Running(task, programThere, new Mobility.Resumed(id));
    }

    int thereRunning() {
        return there.runtime().moves().running().size();
    }

    /** Each step was said once, in order. */
    private static void assertWhole(String answer, String log) {
        int steps = Integer.parseInt(answer.substring(0, answer.indexOf(' ')));
        assertEquals(steps + " steps, whole", answer);
        List<String> said = IntStream.range(0, steps).mapToObj(i -> "step " + i).toList();
        assertEquals(said, log.lines().toList());
    }

    void assertEndsHere(Running running) throws Exception {
        assertInstanceOf(Outcome.Completed.class, running.end());
        assertWhole(running.answer(), running.said());
        assertTrue(here.runtime().moves().running().isEmpty());
    }

    /** It was begun here, and everything of it was done once. */
    Outcome.Completed assertEndsThere(Running begun, MoveId id) throws Exception {
        assertEquals("", begun.answer());
        Running rest = resumed(id);
        Outcome.Completed end = assertInstanceOf(Outcome.Completed.class, rest.end(), rest.said());
        assertWhole(rest.answer(), begun.said() + rest.said());
        assertTrue(!rest.said().isEmpty(), "all of it was said before it went");
        return end;
    }

    /** The way there, which works. */
    MoveLink link() {
        return new MoveLink() {
            @Override
            public void offer(MoveId id, byte[] offer) throws IOException, InterruptedException {
                there.runtime().moves().expect(id, MoveOffer.ofJson(offer), task, code);
            }

            @Override
            public void bring(MoveId id, Sending sending) throws IOException, InterruptedException {
                PipedOutputStream out = new PipedOutputStream();
                try (PipedInputStream in = new PipedInputStream(out, 1 << 16)) {
                    CompletableFuture<Void> came =
                            CompletableFuture.runAsync(
                                    () -> receive(id, in), Thread::startVirtualThread);
                    try {
                        sending.to(out);
                    } finally {
                        out.close();
                    }
                    came.get(60, TimeUnit.SECONDS);
                } catch (ExecutionException | TimeoutException e) {
                    throw new IOException(e);
                }
            }

            @Override
            public boolean goOn(MoveId id, byte[] state) throws IOException, InterruptedException {
                return there.runtime().moves().goOn(id, task, state);
            }

            @Override
            public void drop(MoveId id) {
                there.runtime().moves().drop(id);
            }
        };
    }

    private void receive(MoveId id, InputStream in) {
        try {
            there.runtime().moves().receive(id, in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        program.close();
        programThere.close();
        here.close();
        there.close();
    }
}
