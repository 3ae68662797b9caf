package io.runnel.exec.isolate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Programs that are ready or on their way, by their code: as many as fit and the newest few that do
 * not, the least used go first. However many ask for one at once, it is opened once, and compiled
 * once, behind the calls that run already if it can run before. What was rejected is not tried
 * again for a while.
 */
final class ProgramCache {
    private static final System.Logger LOG = System.getLogger(ProgramCache.class.getName());
    private static final Duration REJECTION_KEPT = Duration.ofSeconds(30);
    private static final int MOST_REJECTIONS = 1024;
    private static final int MOST_WARM_SHOWN = 64;
    private static final int MOST_UNADMITTED = 4;

    /** The weight of a program in the cache: its footprint in units that an int can count. */
    private static final int WEIGHT_UNIT_BYTES = 1024;

    private record Key(RuntimeKind runtime, CodeDigest code) {
        static Key of(Task task) {
            return new Key(task.runtime(), task.code());
        }
    }

    private final Map<RuntimeKind, TaskRuntime> runtimes;
    private final CodeStore codes;
    private final CompileQueue loader;
    private final CompileQueue compiler;
    private final Cache<Key, Program> programs;
    private final Map<Key, CompletableFuture<Program>> underway = new ConcurrentHashMap<>();
    private final Cache<Key, CodeRejectedException> rejections;

    /**
     * The newest of those that the cache did not admit, for what it holds is used more: who had
     * them compiled has to run them all the same. Guarded by itself.
     */
    private final LinkedHashMap<Key, Program> unadmitted = new LinkedHashMap<>();

    ProgramCache(
            ByteSize most,
            Map<RuntimeKind, TaskRuntime> runtimes,
            CodeStore codes,
            CompileQueue loader,
            CompileQueue compiler,
            LongSupplier nanoClock) {
        this.runtimes = Map.copyOf(runtimes);
        this.codes = codes;
        this.loader = loader;
        this.compiler = compiler;
        this.programs =
                Caffeine.newBuilder()
                        .maximumWeight(most.bytes() / WEIGHT_UNIT_BYTES)
                        .weigher((Key key, Program program) -> weight(program, most))
                        .removalListener(this::removed)
                        .executor(Runnable::run)
                        .build();
        this.rejections =
                Caffeine.newBuilder()
                        .maximumSize(MOST_REJECTIONS)
                        .expireAfterWrite(REJECTION_KEPT)
                        .ticker(nanoClock::getAsLong)
                        .executor(Runnable::run)
                        .build();
    }

    /** Never more than the whole cache: what is too large for it would be closed at once. */
    private static int weight(Program program, ByteSize most) {
        long units = program.footprintBytes() / WEIGHT_UNIT_BYTES + 1;
        return (int) Math.min(units, most.bytes() / WEIGHT_UNIT_BYTES);
    }

    /** What leaves before whoever had it made was told was not admitted. */
    private void removed(Key key, Program program, RemovalCause cause) {
        if (cause == RemovalCause.SIZE && underway.containsKey(key)) {
            keepUnadmitted(key, program);
        } else if (program != null && cause != RemovalCause.REPLACED) {
            // Replaced only by itself, to be weighed again.
            program.close();
        }
    }

    private void keepUnadmitted(Key key, Program program) {
        synchronized (unadmitted) {
            Optional.ofNullable(unadmitted.put(key, program)).ifPresent(Program::close);
            if (unadmitted.size() > MOST_UNADMITTED) {
                unadmitted.pollFirstEntry().getValue().close();
            }
        }
    }

    /** The task's program, if it can be used without waiting. */
    Optional<Program> ready(Task task) {
        Key key = Key.of(task);
        Program program = programs.getIfPresent(key);
        if (program != null) {
            return Optional.of(program);
        }
        synchronized (unadmitted) {
            return Optional.ofNullable(unadmitted.get(key));
        }
    }

    /**
     * The task's program, opened if need be.
     *
     * @return a copy that may be cancelled; fails as {@link TaskRunner#prepare}
     */
    CompletableFuture<Program> prepare(Task task) {
        Key key = Key.of(task);
        CodeRejectedException rejection = rejections.getIfPresent(key);
        if (rejection != null) {
            return CompletableFuture.failedFuture(rejection);
        }
        CompletableFuture<Program> mine = new CompletableFuture<>();
        CompletableFuture<Program> first = underway.putIfAbsent(key, mine);
        if (first == null) {
            // Whoever was underway before has put its program there before it left.
            ready(task).ifPresentOrElse(p -> land(key, mine, p), () -> open(key, mine, task));
        }
        return (first == null ? mine : first).copy();
    }

    /** As {@link #prepare(Task)}; says on any thread how it went. */
    void prepare(Task task, Runnable ready, Consumer<Throwable> failed) {
        var unused =
                prepare(task)
                        .whenComplete(
                                (program, failure) -> {
                                    if (failure == null) {
                                        ready.run();
                                    } else {
                                        failed.accept(causeOf(failure));
                                    }
                                });
    }

    private static Throwable causeOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    private void open(Key key, CompletableFuture<Program> mine, Task task) {
        var unused =
                loader.submit(() -> openNow(task), Program::close)
                        .whenComplete(
                                (program, failure) -> {
                                    if (failure != null) {
                                        fail(key, mine, failure);
                                    } else if (program.isRunnable()) {
                                        programs.put(key, program);
                                        land(key, mine, program);
                                        improve(key, program);
                                    } else {
                                        compile(key, mine, program);
                                    }
                                });
    }

    /** Compiles what runs already. */
    private void improve(Key key, Program program) {
        if (program.tier() == Tier.COMPILED) {
            return;
        }
        var unused =
                compiler.submit(() -> optimized(program), late -> {})
                        .whenComplete(
                                (same, failure) -> {
                                    if (failure == null) {
                                        // It weighs more now.
                                        programs.asMap().replace(key, program, program);
                                    } else {
                                        LOG.log(
                                                Level.INFO,
                                                "{0} stays as it is: {1}",
                                                key.code(),
                                                causeOf(failure).getMessage());
                                    }
                                });
    }

    /** Compiles what cannot run before. */
    private void compile(Key key, CompletableFuture<Program> mine, Program program) {
        var unused =
                compiler.submit(() -> optimized(program), Program::close)
                        .whenComplete(
                                (same, failure) -> {
                                    if (failure == null) {
                                        programs.put(key, program);
                                        land(key, mine, program);
                                    } else {
                                        program.close();
                                        fail(key, mine, failure);
                                    }
                                });
    }

    private static Program optimized(Program program)
            throws CodeRejectedException, InterruptedException {
        program.optimize();
        return program;
    }

    private void land(Key key, CompletableFuture<Program> mine, Program program) {
        underway.remove(key, mine);
        mine.complete(program);
    }

    private void fail(Key key, CompletableFuture<Program> mine, Throwable failure) {
        if (failure instanceof CodeRejectedException rejection) {
            rejections.put(key, rejection);
        }
        underway.remove(key, mine);
        mine.completeExceptionally(failure);
    }

    private Program openNow(Task task)
            throws IOException, CodeMissingException, CodeRejectedException, InterruptedException {
        TaskRuntime runtime = runtimes.get(task.runtime());
        Optional<byte[]> code = codes.read(task.code());
        if (code.isEmpty()) {
            throw new CodeMissingException(task.code());
        }
        return runtime.open(task, code.get());
    }

    boolean has(RuntimeKind runtime) {
        return runtimes.containsKey(runtime);
    }

    /** Code that is ready, the most used first. */
    List<CodeDigest> warm() {
        return programs.policy().eviction().orElseThrow().hottest(MOST_WARM_SHOWN).keySet().stream()
                .map(Key::code)
                .distinct()
                .toList();
    }

    /** Closes all programs. */
    void clear() {
        programs.invalidateAll();
        synchronized (unadmitted) {
            unadmitted.values().forEach(Program::close);
            unadmitted.clear();
        }
    }
}
