package io.runnel.exec.isolate;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Opens programs for a {@link WarmPool}. However many ask for one at once, it is opened once, and
 * compiled once, behind the calls that run already if it can run before. What was rejected is not
 * tried again for a while. Safe for any thread.
 */
final class ProgramLoader implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ProgramLoader.class.getName());

    /** Hears what starts took. Any thread; must not block. */
    @FunctionalInterface
    interface StartWatch {
        /** The task's program was opened. */
        void opened(Task task, long nanos);
    }

    private final Map<RuntimeKind, TaskRuntime> runtimes;
    private final CodeStore codes;
    private final CompileQueues queues;
    private final Clocks clocks;
    private final WarmPool pool;
    private final PoolCounters counters;
    private final StartWatch watch;
    private final Map<ProgramKey, CompletableFuture<OpenProgram>> underway =
            new ConcurrentHashMap<>();
    private final Rejections rejections;

    /** Works on these queues, which are its own. */
    ProgramLoader(
            Map<RuntimeKind, TaskRuntime> runtimes,
            CodeStore codes,
            CompileQueues queues,
            Clocks clocks,
            WarmPool pool,
            PoolCounters counters,
            StartWatch watch) {
        this.runtimes = Map.copyOf(runtimes);
        this.codes = codes;
        this.queues = queues;
        this.clocks = clocks;
        this.pool = pool;
        this.counters = counters;
        this.watch = watch;
        this.rejections = new Rejections(clocks.nanos());
    }

    boolean has(RuntimeKind runtime) {
        return runtimes.containsKey(runtime);
    }

    /** What has deadlines. */
    List<Expiring> queues() {
        return queues.all();
    }

    /**
     * The task's program, opened if need be.
     *
     * @return a copy that may be cancelled; fails as {@link TaskRunner#prepare}
     */
    CompletableFuture<OpenProgram> prepare(Task task) {
        ProgramKey key = ProgramKey.of(task);
        Optional<CodeRejectedException> rejection = rejections.of(key);
        if (rejection.isPresent()) {
            return CompletableFuture.failedFuture(rejection.get());
        }
        CompletableFuture<OpenProgram> mine = new CompletableFuture<>();
        CompletableFuture<OpenProgram> first = underway.putIfAbsent(key, mine);
        if (first == null) {
            // Whoever was underway before has put its program there before it left.
            pool.of(key).ifPresentOrElse(p -> land(key, mine, p), () -> open(key, mine, task));
        }
        return (first == null ? mine : first).copy();
    }

    /** As {@link #prepare(Task)}; says on any thread how it went. */
    void prepare(Task task, Consumer<OpenProgram> ready, Consumer<Throwable> failed) {
        var unused =
                prepare(task)
                        .whenComplete(
                                (program, failure) -> {
                                    if (failure == null) {
                                        ready.accept(program);
                                    } else {
                                        failed.accept(causeOf(failure));
                                    }
                                });
    }

    /** Has code brought to the store, and notes how long that took. */
    CompletableFuture<Void> bring(CodeBringer bringer, CodeDigest digest) {
        long beginNanos = clocks.nanos().getAsLong();
        return bringer.bring(digest)
                .thenRun(
                        () ->
                                counters.took(
                                        StartPhase.FETCH, clocks.nanos().getAsLong() - beginNanos))
                .toCompletableFuture();
    }

    /** Why the task's code was rejected, if that was lately. */
    Optional<CodeRejectedException> rejection(Task task) {
        return rejections.of(ProgramKey.of(task));
    }

    static Throwable causeOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    /** Does a piece of work on the thread that opens programs. */
    <T> CompletableFuture<T> submit(Callable<T> work, Consumer<T> late) {
        return queues.loading().submit(work, late);
    }

    private void open(ProgramKey key, CompletableFuture<OpenProgram> mine, Task task) {
        var unused =
                queues.loading()
                        .submit(() -> openNow(key, task), opened -> opened.program().close())
                        .whenComplete(
                                (opened, failure) -> {
                                    if (failure != null) {
                                        fail(key, mine, failure);
                                    } else if (opened.program().isRunnable()) {
                                        OpenProgram made = admit(key, opened, opened.nanos());
                                        land(key, mine, made);
                                        improve(made);
                                    } else {
                                        compile(key, mine, opened);
                                    }
                                });
    }

    private record Opened(AccountId account, Program program, long nanos) {}

    private Opened openNow(ProgramKey key, Task task)
            throws IOException, CodeMissingException, CodeRejectedException, InterruptedException {
        long beginNanos = clocks.nanos().getAsLong();
        Optional<byte[]> code = codes.read(key.code());
        if (code.isEmpty()) {
            throw new CodeMissingException(key.code());
        }
        long readNanos = clocks.nanos().getAsLong();
        counters.took(StartPhase.VERIFY, readNanos - beginNanos);
        Program program = runtimes.get(key.runtime()).open(task, code.get());
        long nanos = clocks.nanos().getAsLong() - beginNanos;
        counters.took(StartPhase.PARSE, beginNanos + nanos - readNanos);
        watch.opened(task, nanos);
        return new Opened(task.ref().account(), program, nanos);
    }

    private OpenProgram admit(ProgramKey key, Opened opened, long startNanos) {
        OpenProgram made =
                new OpenProgram(
                        key,
                        opened.account(),
                        opened.program(),
                        startNanos,
                        pool.budget(),
                        counters,
                        clocks.millis().getAsLong());
        pool.add(made, clocks.millis().getAsLong());
        return made;
    }

    /** Compiles what runs already, unless that is done or under way. */
    void improve(OpenProgram made) {
        if (!made.beginImproving()) {
            return;
        }
        if (made.program().tier() == Tier.COMPILED) {
            made.settle();
            return;
        }
        var unused =
                queues.optimizing(made.key().runtime())
                        .submit(() -> optimized(made), late -> {})
                        .whenComplete((done, failure) -> improved(made, failure));
    }

    private OpenProgram optimized(OpenProgram made)
            throws CodeRejectedException, InterruptedException {
        if (!made.isClosed()) {
            optimize(made.program());
        }
        return made;
    }

    private void improved(OpenProgram made, Throwable failure) {
        if (failure instanceof RejectedExecutionException) {
            // Too many wait; it is asked for again.
            made.giveImprovingUp();
            return;
        }
        if (failure != null) {
            LOG.log(
                    Level.INFO,
                    "{0} stays as it is: {1}",
                    made.key().code(),
                    causeOf(failure).getMessage());
            made.staysBecause(String.valueOf(causeOf(failure).getMessage()));
        }
        made.settle();
        pool.makeRoom(clocks.millis().getAsLong());
    }

    /** Compiles what cannot run before. */
    private void compile(ProgramKey key, CompletableFuture<OpenProgram> mine, Opened opened) {
        Program program = opened.program();
        var unused =
                queues.optimizing(key.runtime())
                        .submit(() -> optimize(program), late -> program.close())
                        .whenComplete(
                                (nanos, failure) -> {
                                    if (failure == null) {
                                        OpenProgram made =
                                                admit(key, opened, opened.nanos() + nanos);
                                        made.settle();
                                        land(key, mine, made);
                                    } else {
                                        program.close();
                                        fail(key, mine, failure);
                                    }
                                });
    }

    private long optimize(Program program) throws CodeRejectedException, InterruptedException {
        long beginNanos = clocks.nanos().getAsLong();
        program.optimize();
        long nanos = clocks.nanos().getAsLong() - beginNanos;
        long ofGuest = program.initializationNanos();
        counters.took(StartPhase.COMPILE, nanos - ofGuest);
        if (ofGuest > 0) {
            counters.took(StartPhase.INIT, ofGuest);
        }
        return nanos;
    }

    private void land(ProgramKey key, CompletableFuture<OpenProgram> mine, OpenProgram program) {
        underway.remove(key, mine);
        mine.complete(program);
    }

    private void fail(ProgramKey key, CompletableFuture<OpenProgram> mine, Throwable failure) {
        if (failure instanceof CodeRejectedException rejection) {
            rejections.add(key, rejection);
        }
        underway.remove(key, mine);
        mine.completeExceptionally(failure);
    }

    /** Their programs are closed. */
    void closeRuntimes() {
        runtimes.values().forEach(TaskRuntime::close);
    }

    @Override
    public void close() {
        queues.close();
    }
}
