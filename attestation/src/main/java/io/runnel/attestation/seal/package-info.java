/** What only the holder of a certified key can read. */
package io.runnel.attestation.seal;
