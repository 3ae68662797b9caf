/**
 * Where the keys of a network's root and of its regions' authorities lie, and who signs with a
 * node's own. A region's authority certifies nodes; the root certifies the authorities and is then
 * needed no more.
 */
package io.runnel.attestation.authority;
