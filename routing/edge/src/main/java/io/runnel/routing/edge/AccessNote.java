package io.runnel.routing.edge;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.placement.AccessRequest;
import io.runnel.routing.placement.Proof;

import java.util.Optional;

/**
 * That a call was allowed or denied.
 *
 * @param request the call
 * @param kind what it has in common with others
 */
public record AccessNote(RequestId request, Kind kind) {
    private static final int LONGEST_METHOD = 20;

    /** Of 32 calls that are allowed one is noted: the same at each node that decides on it. */
    private static final char SAMPLED = '0';

    /**
     * What calls may have in common.
     *
     * @param reason why, as {@code not-found} or {@code grant:default}
     * @param account that called; empty if nobody proved who he is
     * @param key the access key that it called with
     * @param task by the name by which it was called
     * @param source the network that the call came from, as {@code 192.0.2.0/24}
     */
    public record Kind(
            boolean allowed,
            String reason,
            Optional<AccountId> account,
            Optional<String> key,
            TaskRef task,
            String method,
            String source) {}

    /** One that was decided on so. */
    static AccessNote of(
            RequestId request, boolean allowed, String reason, Proof proof, AccessRequest asked) {
        Optional<Caller.Keyed> caller =
                switch (proof) {
                    case Proof.Proved(Caller.Keyed keyed) -> Optional.of(keyed);
                    case Proof.Proved(Caller.Anonymous _) -> Optional.empty();
                    case Proof.Owner _, Proof.Bad _ -> Optional.empty();
                };
        String method = asked.method();
        return new AccessNote(
                request,
                new Kind(
                        allowed,
                        reason,
                        caller.map(Caller.Keyed::account),
                        caller.map(Caller.Keyed::keyId),
                        asked.task(),
                        method.substring(0, Math.min(method.length(), LONGEST_METHOD)),
                        SourcePrefix.text(asked.source())));
    }

    /** Whether a call is to be noted also if it is allowed. */
    static boolean isSampled(RequestId request) {
        return request.value().charAt(request.value().length() - 1) == SAMPLED;
    }
}
