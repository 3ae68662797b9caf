package io.runnel.exec.http;

import io.runnel.exec.isolate.CallStreams;
import io.runnel.exec.isolate.RunningCall;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Outcome;

import java.util.function.Consumer;

/** How a call gets its slot: one that is reserved, or the queue. */
@FunctionalInterface
interface CallStarter {
    /** Returns at once; {@code onEnd} is called exactly once, on any thread. */
    RunningCall start(Invocation invocation, CallStreams streams, Consumer<Outcome> onEnd);
}
