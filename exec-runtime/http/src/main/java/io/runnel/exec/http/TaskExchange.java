package io.runnel.exec.http;

import io.runnel.exec.isolate.Reservation;
import io.runnel.exec.isolate.TaskRunner;

/**
 * Runs calls on this node: makes a request an invocation and a guest's output an answer, by the
 * task's handler: CGI (RFC 3875), an API Gateway event, or the Lambda Invoke call's payload. Safe
 * for any event loop; each method is called on its exchange's own.
 */
public final class TaskExchange {
    /** Runs calls on this runner. */
    public TaskExchange(TaskRunner runner) {}

    /** Runs a call of {@code /fn} in a slot that was reserved for it. */
    public void run(
            Exchange exchange, CallFacts facts, GatheredBody body, Reservation reservation) {}

    /** Runs a call of {@code /fn} when there is a slot. */
    public void run(Exchange exchange, CallFacts facts, GatheredBody body) {}

    /** Runs a Lambda Invoke call in a slot that was reserved for it. */
    public void invoke(
            Exchange exchange, CallFacts facts, GatheredBody body, Reservation reservation) {}

    /** Runs a Lambda Invoke call when there is a slot. */
    public void invoke(Exchange exchange, CallFacts facts, GatheredBody body) {}
}
