/**
 * What somebody must be so that something is done for it: decided by the facts that it proved, and
 * by nothing else.
 */
package io.runnel.attestation.policy;
