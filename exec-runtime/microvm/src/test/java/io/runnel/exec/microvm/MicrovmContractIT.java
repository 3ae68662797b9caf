package io.runnel.exec.microvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.runnel.exec.isolate.Collected;
import io.runnel.exec.isolate.Contracts;
import io.runnel.exec.isolate.GuestAct;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.isolate.TaskRuntime;
import io.runnel.exec.isolate.TaskRuntimeContract;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The rules of runtimes, for functions in microVMs. */
final class MicrovmContractIT extends TaskRuntimeContract {
    private static TestMicrovms microvms;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        microvms = new TestMicrovms(folder);
    }

    @AfterAll
    static void close() {
        if (microvms != null) {
            microvms.close();
        }
    }

    @Override
    protected TaskRuntime runtime() {
        return microvms.runtime();
    }

    @Override
    protected byte[] code(GuestAct act) {
        return microvms.acting(act);
    }

    @Override
    protected int tries() {
        return 5;
    }

    @Override
    protected boolean isFreshAtOnce() {
        return false;
    }

    /** A function does not run before its event is whole. */
    @Override
    protected InputStream endless() {
        return InputStream.nullInputStream();
    }

    private Task task(GuestAct act) {
        return Contracts.task(RuntimeKind.LINUX, "acts", code(act), Limits.DEFAULT);
    }

    private Outcome run(GuestAct act, InputStream body, OutputSink out) throws Exception {
        Task task = task(act);
        try (Program program = runtime().open(task, code(act))) {
            return program.newIsolate()
                    .run(Contracts.invocation(task), body, out, OutputSink.NOWHERE);
        }
    }

    /** A program's own stack has its kernel's limit, and its end is a signal. */
    @Test
    @Override
    protected void endlessRecursionEndsAtTheStacksLimit() throws Exception {
        Outcome outcome = run(GuestAct.RECURSE, InputStream.nullInputStream(), OutputSink.NOWHERE);
        assertInstanceOf(Outcome.Trapped.class, outcome, outcome.toString());
    }

    /** A bootstrap is started once and not by its calls. */
    @Test
    @Override
    protected void seesTheInvocationsArguments() throws Exception {
        var out = new Collected();
        run(GuestAct.ARGUMENTS, InputStream.nullInputStream(), out);
        assertEquals("/var/task/bootstrap\n", out.text());
    }

    /** A function gets an event when it is whole: until then nobody but the host waits for it. */
    @Test
    @Override
    protected void anInterruptEndsAReader() throws Exception {
        var reads = new CountDownLatch(1);
        InputStream silent =
                new InputStream() {
                    @Override
                    public int read(byte[] to, int offset, int length) {
                        return read();
                    }

                    @Override
                    public int read() {
                        reads.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        return -1;
                    }
                };
        var result = new CompletableFuture<Outcome>();
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    try {
                                        result.complete(
                                                run(GuestAct.READ_ON, silent, OutputSink.NOWHERE));
                                    } catch (Exception e) {
                                        result.completeExceptionally(e);
                                        reads.countDown();
                                    }
                                });
        reads.await();
        thread.interrupt();
        assertInstanceOf(Outcome.Cancelled.class, result.get(20, TimeUnit.SECONDS));
    }
}
