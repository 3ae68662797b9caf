/**
 * Certificates: who certifies whom, what one looks like, and whether a chain is to be believed. The
 * signatures are the JDK's, the forms Bouncy Castle's. Nothing here reads a clock.
 */
package io.runnel.attestation.certificate;
