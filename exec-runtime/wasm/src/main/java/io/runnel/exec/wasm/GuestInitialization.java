package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.TaskOptions;
import io.runnel.exec.wasi.GuestCall;
import io.runnel.exec.wasi.GuestExit;
import io.runnel.exec.wasi.GuestTerms;
import io.runnel.exec.wasi.HostSources;
import io.runnel.exec.wasi.StandardStreams;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs what a module wants to be run once, before all calls (an exported {@code runnel_init} or
 * {@code wizer.initialize}), on a thread of its own and within limits of its own. It sees no
 * caller's data: no arguments, no variables, an empty input; what it writes is thrown away. Its
 * clocks and random bytes are real ones: what it makes of them is the same for all calls. Its
 * clocks are coarse, whatever its task chose: what it measured could be read by tasks that chose
 * otherwise.
 */
final class GuestInitialization {
    static final Duration LIMIT = Duration.ofSeconds(10);
    static final ByteSize MEMORY = ByteSize.ofMiB(64);

    /** As a slot's: the guest's limit, and what the host needs. */
    private static final long STACK_BYTES = ByteSize.ofKiB(512 + 384).bytes();

    private static final GuestTerms TERMS =
            new GuestTerms(
                    Optional.empty(), Optional.empty(), TaskOptions.COARSE_CLOCK_NANOS, List.of());

    private GuestInitialization() {}

    /**
     * Runs it.
     *
     * @param run the guest's functions, in order
     * @throws CodeRejectedException if it did not end well
     * @throws InterruptedException if the calling thread was interrupted; then it is stopped
     */
    static void run(GuestInstance instance, HostSources host, Duration limit, Runnable run)
            throws CodeRejectedException, InterruptedException {
        AtomicReference<Optional<Throwable>> end = new AtomicReference<>();
        Thread thread =
                new Thread(
                        null,
                        () -> end.set(attempt(instance, host, run)),
                        "initialization",
                        STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(limit);
        } finally {
            // Whatever the guest does, it heeds this.
            thread.interrupt();
            awaitEnd(thread);
        }
        judge(end.get(), instance, limit);
    }

    private static void awaitEnd(Thread thread) throws InterruptedException {
        thread.join(Duration.ofSeconds(5));
        if (thread.isAlive()) {
            throw new IllegalStateException("the initialization does not stop");
        }
    }

    private static Optional<Throwable> attempt(
            GuestInstance instance, HostSources host, Runnable run) {
        GuestCall call =
                new GuestCall(
                        List.of(),
                        Map.of(),
                        new StandardStreams(
                                InputStream.nullInputStream(),
                                OutputSink.NOWHERE,
                                OutputSink.NOWHERE),
                        host,
                        TERMS);
        instance.memory().begin(call, MEMORY.bytes());
        try {
            run.run();
            return Optional.empty();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            return Optional.of(e);
        } finally {
            instance.memory().end();
        }
    }

    private static void judge(Optional<Throwable> end, GuestInstance instance, Duration limit)
            throws CodeRejectedException {
        if (end.isEmpty()) {
            return;
        }
        Throwable thrown = end.get();
        if (Ends.isInterrupt(thrown)) {
            throw rejected("took longer than %d s".formatted(limit.toSeconds()));
        } else if (instance.memory().growRefused()) {
            throw rejected("needed more than %s of memory".formatted(MEMORY));
        } else if (Ends.isStackExceeded(thrown)) {
            throw rejected("recursed too deeply");
        } else if (thrown instanceof GuestExit exit) {
            throw rejected("ended the program with code %d".formatted(exit.code()));
        }
        throw rejected("trapped: " + Messages.of(thrown));
    }

    private static CodeRejectedException rejected(String how) {
        return new CodeRejectedException(
                Code.COMPILE_LIMIT, "the module's initialization failed: it " + how);
    }
}
