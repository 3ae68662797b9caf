package io.runnel.routing.forward;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.task.RegionId;

import java.util.List;
import java.util.Optional;

/** What came of forwarding a call. */
public sealed interface ForwardResult {
    /** The regions that were asked in vain, in order. */
    List<FailedAttempt> failed();

    /** The region whose answer was taken, if one's was. */
    default Optional<RegionId> by() {
        return switch (this) {
            case Answered answered -> Optional.of(answered.region());
            case Broken broken -> Optional.of(broken.region());
            case Refused _, ClientGone _, Unreached _ -> Optional.empty();
        };
    }

    /** How many were asked. */
    default int asked() {
        int last =
                switch (this) {
                    case Answered _, Broken _, ClientGone _ -> 1;
                    case Refused _, Unreached _ -> 0;
                };
        return failed().size() + last;
    }

    /**
     * A region answered, and its answer was handed over whole, whatever its status.
     *
     * @param node of the region, which answered
     * @param run what the region says of the task that it ran; empty if it ran none
     * @param headNanos from the call's start to the head of the answer
     */
    record Answered(
            RegionLink node,
            int status,
            Optional<Run> run,
            long headNanos,
            List<FailedAttempt> failed)
            implements ForwardResult {
        /** Which region it was. */
        public RegionId region() {
            return node.region();
        }
    }

    /**
     * What was run.
     *
     * @param version the task's
     * @param warm whether it had not to be started first
     */
    record Run(int version, boolean warm) {}

    /** A region's answer broke off; the client saw it break too. */
    record Broken(RegionId region, AttemptFailure failure, List<FailedAttempt> failed)
            implements ForwardResult {}

    /** The client was told of a failure. */
    record Refused(ErrorCode code, List<FailedAttempt> failed) implements ForwardResult {}

    /** The client went away; a region that was at work was told. */
    record ClientGone(List<FailedAttempt> failed) implements ForwardResult {}

    /**
     * No region could be asked, or none answered a call that may well be run twice. The client was
     * told nothing and the body is as it was: the call may be placed anew, or refused with {@link
     * RegionForwarder#refuse}.
     */
    record Unreached(List<FailedAttempt> failed) implements ForwardResult {}
}
