package io.runnel.attestation.record;

import io.runnel.exec.task.RegionId;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * What a region's authority signed of a record, or is said to have signed. Immutable.
 *
 * @param origin the region that is said to have written it
 * @param hash of the record: it stands for its content, its origin and all records before it
 * @param live the digest of what stood of the origin's log then
 * @param signer the id of the authority's certificate: {@link AuthorityCertificates#id}
 * @param at when it signed, in milliseconds
 * @param signature ES256 as JWTs write it, in lower-case hexadecimal
 */
public record SignedRecord(
        RegionId origin, String hash, String live, String signer, Instant at, String signature) {
    /** So that it is nothing else that an authority ever signs. */
    private static final String DOMAIN = "runnel feed record 1";

    byte[] text() {
        return text(hash, live, signer, at);
    }

    static byte[] text(String hash, String live, String signer, Instant at) {
        return String.join("\n", DOMAIN, hash, live, signer, Long.toString(at.toEpochMilli()))
                .getBytes(StandardCharsets.UTF_8);
    }
}
