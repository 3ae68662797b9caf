package io.runnel.exec.task;

import java.util.Optional;

/**
 * Says of a call who it is, to third parties: the host's own knowledge, signed, and nothing that
 * the guest says of itself but for whom it is. Safe for any thread.
 */
@FunctionalInterface
public interface InstanceDocuments {
    /** A host that can prove nothing. */
    InstanceDocuments NONE = (call, restored, audience, nonce) -> Optional.empty();

    /**
     * A document of this call, as JWT.
     *
     * @param restored whether the call began from an image of an earlier moment
     * @param audience for whom it is; nobody if empty
     * @param nonce what they asked with; none if empty
     * @return empty if the host cannot sign now
     * @throws IllegalArgumentException if one of both is not of its form
     */
    Optional<String> of(Invocation call, boolean restored, String audience, String nonce);
}
