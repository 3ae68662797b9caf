package io.runnel.exec.isolate;

import io.runnel.exec.task.CodeDigest;

import java.io.Serial;

/** The code is not in this node's store, or what is there is not what its digest says. */
public final class CodeMissingException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    public CodeMissingException(CodeDigest digest) {
        super("code is not here: " + digest);
    }
}
