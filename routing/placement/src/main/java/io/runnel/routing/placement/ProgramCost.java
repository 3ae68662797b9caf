package io.runnel.routing.placement;

import io.runnel.exec.task.ByteSize;

/**
 * What a program costs when it is ready, before that was measured: three times its code and 100 KB.
 * So much was seen of modules between 15 KB and 26 MB, compiled, with an idle isolate.
 */
public final class ProgramCost {
    private static final long LEAST_BYTES = 100_000;
    private static final int TIMES_CODE = 3;

    private ProgramCost() {}

    /** In bytes. */
    public static long bytes(ByteSize code) {
        return LEAST_BYTES + TIMES_CODE * code.bytes();
    }
}
