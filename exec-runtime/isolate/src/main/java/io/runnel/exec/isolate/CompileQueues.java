package io.runnel.exec.isolate;

import io.runnel.exec.task.RuntimeKind;

import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Where a node's programs are opened and made ready.
 *
 * @param loading opens them
 * @param compiling optimizes those that are compiled; gives way to calls
 * @param starting optimizes those that are started as processes, which takes seconds in which
 *     nothing is done but to wait: what is compiled goes on meanwhile
 */
record CompileQueues(CompileQueue loading, CompileQueue compiling, CompileQueue starting)
        implements AutoCloseable {
    /**
     * Queues that are empty.
     *
     * @param limit of each piece of work
     * @param watch hears of deadlines
     */
    static CompileQueues of(Duration limit, LongSupplier nanoClock, LongConsumer watch) {
        return new CompileQueues(
                new CompileQueue("loader", false, limit, nanoClock, watch, CpuTime::of),
                new CompileQueue("compiler", true, limit, nanoClock, watch, CpuTime::of),
                new CompileQueue("starter", true, limit, nanoClock, watch, CpuTime::of));
    }

    /** Where programs of this kind are optimized. */
    CompileQueue optimizing(RuntimeKind kind) {
        return switch (kind) {
            case WASM, JS -> compiling;
            case LINUX -> starting;
        };
    }

    /** What has deadlines. */
    List<Expiring> all() {
        return List.of(loading, compiling, starting);
    }

    @Override
    public void close() {
        loading.close();
        compiling.close();
        starting.close();
    }
}
