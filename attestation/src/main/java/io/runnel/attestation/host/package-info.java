/**
 * Certificates of names of hosts, which users know from authorities that have nothing to do with
 * the network: by files, exchanged while they are in use.
 */
package io.runnel.attestation.host;
