/**
 * What one node shows another so that something is done for it, and what is believed of that: a
 * valid signature alone is not enough. The document must be the very node's that asks, over a
 * connection that only the holder of its certified key can have, and of now. What a run of a task
 * shows whoever it calls must have been made for that, and the run may not be over.
 *
 * <p>The mechanism is that of US10216921: attestation is a condition of actions.
 */
package io.runnel.attestation.gate;
