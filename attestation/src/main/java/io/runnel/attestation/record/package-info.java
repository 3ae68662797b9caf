/**
 * Signatures under records of the catalog: made by the authority of the region that wrote them,
 * checked by whoever gets them, by whatever way.
 */
package io.runnel.attestation.record;
