/**
 * What authorities did: one log for each region, to which is only ever added, each entry naming the
 * hash of the one before it; and which certificates are not worth anything any more by it. The
 * mechanism is that of US10216921. Nothing here reads a clock.
 */
package io.runnel.attestation.audit;
