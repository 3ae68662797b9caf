package io.runnel.exec.http;

import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.RunningCall;
import io.runnel.exec.task.Outcome;

/** One call whose guest's output becomes an answer. For the exchange's event loop, but for some. */
interface GuestCall {
    /** The guest's standard output; for its slot's thread. */
    OutputSink output();

    /** The call was given to a slot or a queue. */
    void started(RunningCall call);

    /** Nobody waits for the guest any more. */
    void stop();

    /** The guest has ended. Any thread. */
    void ended(Outcome outcome);

    /** No slot took the call, and somebody else answers it. Any thread. */
    void withdrawn();
}
