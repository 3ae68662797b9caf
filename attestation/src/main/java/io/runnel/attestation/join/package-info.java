/**
 * How a POP becomes a node of the network: with a key of its own, evidence of what it is, and a
 * token that is good once, or a document of what it was before; and what it keeps of that on its
 * disk. Decides nothing: that is the authority's.
 */
package io.runnel.attestation.join;
