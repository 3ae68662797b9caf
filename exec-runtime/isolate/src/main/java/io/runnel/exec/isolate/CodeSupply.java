package io.runnel.exec.isolate;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What a runner asks its node for before it prepares isolates for calls that are expected: nobody
 * waits for what this brings. Safe for any thread; no method blocks.
 */
public interface CodeSupply extends CodeBringer {
    /**
     * The version that a call of this task would run now.
     *
     * @param called the version that was called last
     * @return empty if a call would find none, or would run elsewhere: then nothing is prepared
     */
    Optional<Task> live(Task called);

    /**
     * Whether it is for this node to prepare isolates for calls of the task that are expected; not
     * if another does so for both.
     */
    default boolean prepares(TaskRef task) {
        return true;
    }

    /** What others expect to come to this node about now, for each task once; a few hundred. */
    default List<ExpectedCalls> expected() {
        return List.of();
    }

    /**
     * How much of what a node keeps warm may be kept for an account's tasks: more than 0, and 1 if
     * that is not limited.
     */
    default double warmShare(AccountId account) {
        return 1;
    }

    /** One that limits no account. */
    static CodeSupply of(Function<Task, Optional<Task>> live, CodeBringer bringer) {
        return of(live, bringer, account -> 1);
    }

    /** One of these parts. */
    static CodeSupply of(
            Function<Task, Optional<Task>> live,
            CodeBringer bringer,
            ToDoubleFunction<AccountId> warmShares) {
        return new CodeSupply() {
            @Override
            public Optional<Task> live(Task called) {
                return live.apply(called);
            }

            @Override
            public CompletionStage<Void> bring(CodeDigest digest) {
                return bringer.bring(digest);
            }

            @Override
            public double warmShare(AccountId account) {
                return warmShares.applyAsDouble(account);
            }
        };
    }

    /** Of a node that has nothing but what it has: what was called last is live. */
    static CodeSupply none() {
        return of(Optional::of, CodeBringer.NONE);
    }
}
