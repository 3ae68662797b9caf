package io.runnel.exec.isolate;

import io.runnel.exec.task.CodeDigest;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Brings code that is not in a node's store, from wherever it is to be had. */
@FunctionalInterface
public interface CodeBringer {
    /** There is nowhere to bring it from. */
    CodeBringer NONE = digest -> CompletableFuture.failedFuture(new CodeMissingException(digest));

    /**
     * Completes when the code is in the store; may be asked for the same code again. Returns at
     * once.
     */
    CompletionStage<Void> bring(CodeDigest digest);
}
