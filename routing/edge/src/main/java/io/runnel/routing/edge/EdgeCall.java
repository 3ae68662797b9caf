package io.runnel.routing.edge;

import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.Origin;
import io.runnel.exec.http.Problem;
import io.runnel.exec.http.RunnelHeaders;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.placement.AccessRequest;
import io.runnel.routing.placement.CallParameters;
import io.runnel.routing.placement.CanaryCall;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A call that may be made: decoded, its caller proved and allowed.
 *
 * @param asked what it wants, by the name by which it was called
 * @param atOnce calls of the task that its owner lets be under way at once, if that is limited
 * @param canary by which alias it came, if some of its calls go to another version
 * @param grant by which it may, where the task is another account's and not everyone's
 * @param stale for how long nobody confirmed that it may, if longer than usual
 * @param form how it came
 * @param forwarded whether another node of ours sent it here
 * @param origin where it came into the network
 * @param rest what follows the task's name in the path, as it came
 * @param parameters what is set in it, whatever it says itself
 * @param by how it came, if not by the task's name alone
 * @param api by which route of an API it came, if by one
 * @param deadlineNanos when it must be over, on the node's nano clock
 */
public record EdgeCall(
        Exchange exchange,
        AccessRequest asked,
        VersionRecord version,
        OptionalInt atOnce,
        Optional<CanaryCall> canary,
        Caller caller,
        Optional<GrantRecord> grant,
        Optional<Duration> stale,
        Form form,
        boolean forwarded,
        Origin origin,
        String rest,
        CallParameters parameters,
        Optional<String> by,
        Optional<ApiCall> api,
        long deadlineNanos) {

    /** How a call comes. */
    public enum Form {
        /** By {@code /fn}. */
        TASK,
        /** By the Lambda Invoke path. */
        INVOKE,
        /** By the Lambda Invoke path that is answered as the guest writes. */
        STREAM,
        /** By the Lambda Invoke path, to be kept by a region and run later. */
        EVENT,
        /** It was kept by a region, and is to be run now. */
        KEPT
    }

    /** Refuses it before anything of it ran, so that whoever sent it may ask elsewhere. */
    void turnAway(Problem problem) {
        exchange.response().headers().set(RunnelHeaders.NOT_RUN, problem.code().label());
        exchange.refuse(problem);
    }

    /**
     * Whether limits of calls count it here: what another node of ours sends on was counted there,
     * and what a region keeps is counted when it runs.
     */
    boolean counts() {
        return !forwarded && form != Form.EVENT;
    }

    /** The same, answered elsewhere. */
    EdgeCall on(Exchange other) {
        long untilNanos = deadlineNanos - exchange.arrivedNanos() + other.arrivedNanos();
        return with(other, version, untilNanos);
    }

    /** The same of another version of its task: the one with which it was begun. */
    public EdgeCall of(VersionRecord other) {
        return with(exchange, other, deadlineNanos);
    }

    private EdgeCall with(
            Exchange otherExchange, VersionRecord otherVersion, long otherDeadlineNanos) {
        return new EdgeCall(
                otherExchange,
                asked,
                otherVersion,
                atOnce,
                canary,
                caller,
                grant,
                stale,
                form,
                forwarded,
                origin,
                rest,
                parameters,
                by,
                api,
                otherDeadlineNanos);
    }

    /** Which task is called. */
    public TaskRef ref() {
        return version.task().ref();
    }
}
