package io.runnel.attestation.document;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.identity.Identity;

import java.time.Instant;

/**
 * What may be relied on of a document that was checked.
 *
 * @param document as it was signed
 * @param signer whose key signed it: the node that it speaks of, or on which its instance runs
 * @param facts the subject's, with those that were disclosed
 * @param until when it counts: until it ends, or what it shows does
 */
public record Believed(
        IdentityDocument document, Identity signer, ObjectNode facts, Instant until) {
    /** Copies what could change. */
    public Believed {
        facts = facts.deepCopy();
    }

    @Override
    public ObjectNode facts() {
        return facts.deepCopy();
    }
}
