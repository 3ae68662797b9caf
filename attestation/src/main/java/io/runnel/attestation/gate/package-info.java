/**
 * What one node shows another so that something is done for it, and what is believed of that: a
 * valid signature alone is not enough. The document must be the very node's that asks, over a
 * connection that only the holder of its certified key can have, and of now.
 *
 * <p>The mechanism is that of US10216921: attestation is a condition of actions.
 */
package io.runnel.attestation.gate;
