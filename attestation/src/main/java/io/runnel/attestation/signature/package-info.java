/**
 * Requests that their caller signed with a key (AWS Signature Version 4, as its authors describe
 * it): what they say, and whether the key made it. Nodes check by keys that are derived from a
 * caller's secret for a day, a region and a service; the secret stays where it was made.
 *
 * <p>Nodes prove who they are before they get such a key (US10216921).
 */
package io.runnel.attestation.signature;
