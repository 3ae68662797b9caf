package io.runnel.attestation.identity;

/**
 * One reason why something is not believed.
 *
 * @param reason what whoever presented it may know
 * @param detail what the audit log says beside that; no secret
 */
public record Rejection(Reason reason, String detail) {}
