package io.runnel.exec.task;

import java.time.Instant;
import java.util.Optional;

/**
 * Says of a call who it is, to third parties: the host's own knowledge, signed, and nothing that
 * the guest says of itself but for whom it is. Safe for any thread.
 */
@FunctionalInterface
public interface InstanceDocuments {
    /** A host that can prove nothing. */
    InstanceDocuments NONE = (run, audience, nonce) -> Optional.empty();

    /**
     * One run of a call, as its host knows it.
     *
     * @param restored whether the call began from an image of an earlier moment
     * @param startedAt when the run began, by the host's clock; the same in all its documents
     */
    record Run(Invocation call, boolean restored, Instant startedAt) {}

    /**
     * A document of this run, as JWT.
     *
     * @param audience for whom it is; nobody if empty
     * @param nonce what they asked with; none if empty
     * @return empty if the host cannot sign now
     * @throws IllegalArgumentException if one of both is not of its form
     */
    Optional<String> of(Run run, String audience, String nonce);
}
