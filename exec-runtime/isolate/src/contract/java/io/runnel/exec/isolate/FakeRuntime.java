package io.runnel.exec.isolate;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A runtime whose guests are Java: code is {@code fake:NAME}, and what NAME does is told by {@link
 * #define}. Held to the same contract as the real ones.
 */
public final class FakeRuntime implements TaskRuntime {
    private static final String MARK = "fake:";

    /** What a guest does. */
    @FunctionalInterface
    public interface Guest {
        /**
         * Runs to its end.
         *
         * @return its exit code
         */
        int run(Invocation invocation, InputStream body, OutputSink out, OutputSink log)
                throws InterruptedException, IOException;
    }

    /** The guest did what its machine forbids. */
    public static final class TrapError extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public TrapError(String reason) {
            super(reason);
        }
    }

    /** The guest needs more memory than it may have. */
    public static final class MemoryError extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final RuntimeKind kind;
    private final Map<String, Guest> guests = new ConcurrentHashMap<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private volatile long footprintBytes = 1024;
    private volatile long isolateBytes = 1024;
    private volatile boolean compiledOnly;
    private volatile CountDownLatch compilerGate = new CountDownLatch(0);

    public FakeRuntime(RuntimeKind kind) {
        this.kind = kind;
        for (GuestAct act : GuestAct.values()) {
            define(act.name(), FakeGuests.of(act));
        }
    }

    /** Says what the guest of this name does, and answers its code. */
    public byte[] define(String name, Guest guest) {
        guests.put(name, guest);
        return code(name);
    }

    /** The code of the guest of this name. */
    public static byte[] code(String name) {
        return (MARK + name).getBytes(StandardCharsets.UTF_8);
    }

    /** A task of this code with these limits, of account {@code demo}. */
    public Task task(String name, Limits limits) {
        return Contracts.task(kind, name.toLowerCase(java.util.Locale.ROOT), code(name), limits);
    }

    /** How often {@link #open} was called. */
    public int opened() {
        return opened.get();
    }

    /** How many programs were closed. */
    public int closed() {
        return closed.get();
    }

    /** Programs opened from now on run only once they are optimized, if so. */
    public void setCompiledOnly(boolean only) {
        compiledOnly = only;
    }

    /** Programs opened from now on are optimized when this gate is open. */
    public void setCompilerGate(CountDownLatch gate) {
        compilerGate = gate;
    }

    /** What isolates of programs opened from now on say that they keep while idle. */
    public void setIsolateBytes(long bytes) {
        isolateBytes = bytes;
    }

    /** What programs opened from now on say about their size. */
    public void setFootprintBytes(long bytes) {
        footprintBytes = bytes;
    }

    @Override
    public RuntimeKind kind() {
        return kind;
    }

    @Override
    public CodeReport inspect(byte[] code, Limits limits) throws CodeRejectedException {
        guestOf(code);
        return new CodeReport(ByteSize.ZERO, 1, List.of());
    }

    @Override
    public Program open(Task task, byte[] code) throws CodeRejectedException {
        opened.incrementAndGet();
        if (!CodeDigest.of(code).equals(task.code())) {
            throw new IllegalArgumentException("not the task's code");
        }
        return new FakeProgram(
                guestOf(code),
                footprintBytes,
                isolateBytes,
                !compiledOnly,
                compilerGate,
                closed::incrementAndGet);
    }

    private Guest guestOf(byte[] code) throws CodeRejectedException {
        if (code.length > Limits.MODULE.bytes()) {
            throw rejected(CodeRejectedException.Code.TOO_LARGE, code.length + " bytes");
        }
        String text = new String(code, StandardCharsets.UTF_8);
        Guest guest = text.startsWith(MARK) ? guests.get(text.substring(MARK.length())) : null;
        return Optional.ofNullable(guest)
                .orElseThrow(() -> rejected(CodeRejectedException.Code.MALFORMED, "no fake code"));
    }

    private static CodeRejectedException rejected(CodeRejectedException.Code code, String text) {
        return new CodeRejectedException(code, text);
    }

    /** Those of methods whose name says so. */
    @Override
    public GuestFrames frames(byte[] code) {
        return frame ->
                frame.getMethodName().startsWith("guest")
                        ? Optional.of(frame.getMethodName())
                        : Optional.empty();
    }
}
