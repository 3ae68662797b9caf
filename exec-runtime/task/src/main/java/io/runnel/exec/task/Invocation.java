package io.runnel.exec.task;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * One call of a task, without its body.
 *
 * @param environment what the guest sees as its environment: the task's own variables and, for an
 *     {@code http} task, the request's (RFC 3875); given away: nobody may change it any more
 * @param arguments what the guest sees as its arguments, the program's name first
 * @param deadlineNanos when the call must be over, on the node's nano clock
 * @param mobility whether it may be moved while it runs, or was
 */
public record Invocation(
        RequestId id,
        Task task,
        Caller caller,
        Map<String, String> environment,
        List<String> arguments,
        long deadlineNanos,
        Mobility mobility) {

    public Invocation {
        // Not copied: made for this one call, it is read once, and a copy would cost more than
        // that.
        environment = Collections.unmodifiableMap(environment);
        arguments = List.copyOf(arguments);
    }

    /** One that ends where it begins. */
    public Invocation(
            RequestId id,
            Task task,
            Caller caller,
            Map<String, String> environment,
            List<String> arguments,
            long deadlineNanos) {
        this(id, task, caller, environment, arguments, deadlineNanos, Mobility.FIXED);
    }
}
