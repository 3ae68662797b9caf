/**
 * Identity documents: what a node or one run of a task is, signed by who knows it, to be checked by
 * anybody who has the root's certificate and nothing else. The mechanism is that of US10216921.
 * Nothing here reads a clock.
 */
package io.runnel.attestation.document;
