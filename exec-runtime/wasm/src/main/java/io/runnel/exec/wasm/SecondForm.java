package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;

import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * Chooses between the forms of a program's compiled code, by how long its calls ran: the one
 * without marks ({@link UnmarkedForm}) is loaded when they are found to run long, by a thread of
 * its own; of all programs' one at a time. Safe for any thread.
 */
final class SecondForm {
    private static final System.Logger LOG = System.getLogger(SecondForm.class.getName());
    private static final Semaphore ONE_AT_A_TIME = new Semaphore(1);

    private final Compilation compilation;
    private final LongRuns runs = new LongRuns();
    private volatile Optional<Engine> first = Optional.empty();
    private volatile Optional<CompletableFuture<Optional<Engine>>> second = Optional.empty();

    SecondForm(Compilation compilation) {
        this.compilation = compilation;
    }

    /**
     * What calls should run with from now on.
     *
     * @param with what one that has ended ran with; of compiled code
     * @param nanos how long it ran
     * @param memoryBytes what is brought back after it
     */
    Engine after(Engine with, long nanos, long memoryBytes) {
        runs.add(nanos);
        if (with.marks()) {
            return runs.areLong(memoryBytes) ? second(with) : with;
        }
        return runs.areShort(memoryBytes) ? first.orElse(with) : with;
    }

    private Engine second(Engine marked) {
        first = Optional.of(marked);
        var loading = second;
        if (loading.isEmpty()) {
            load();
            return marked;
        }
        return loading.get().getNow(Optional.empty()).orElse(marked);
    }

    private synchronized void load() {
        if (second.isPresent() || !ONE_AT_A_TIME.tryAcquire()) {
            return;
        }
        var loading = new CompletableFuture<Optional<Engine>>();
        second = Optional.of(loading);
        Thread.ofPlatform().daemon().name("wasm-second-form").start(() -> load(loading));
    }

    private void load(CompletableFuture<Optional<Engine>> loading) {
        try {
            loading.complete(compilation.unmarked());
        } catch (CodeRejectedException | RuntimeException | OutOfMemoryError e) {
            LOG.log(Level.WARNING, "a program keeps its marks: {0}", e.toString());
            loading.complete(Optional.empty());
        } finally {
            ONE_AT_A_TIME.release();
        }
    }

    /** Of the second form, once it is asked for; empty inside if there is none. */
    Optional<CompletableFuture<Optional<Engine>>> loading() {
        return second;
    }

    boolean isLoaded() {
        return second.filter(s -> s.getNow(Optional.empty()).isPresent()).isPresent();
    }
}
