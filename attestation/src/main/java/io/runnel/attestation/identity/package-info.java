/**
 * Who somebody is, and what is said of who it may be: the names that certificates and documents
 * carry, and the verdict on them. Nothing here reads a clock.
 */
package io.runnel.attestation.identity;
