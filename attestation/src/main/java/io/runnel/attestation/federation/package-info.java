/** Tokens of other authorities, which say who somebody is there (OpenID Connect Core 1.0). */
package io.runnel.attestation.federation;
