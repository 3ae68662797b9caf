/**
 * Who is who: bearer keys, the file where a user's keys lie, and the token by which nodes know each
 * other until they have identities.
 *
 * <p>Secrets are compared in constant time and stand in no message and no {@code toString}.
 */
package io.runnel.attestation;
