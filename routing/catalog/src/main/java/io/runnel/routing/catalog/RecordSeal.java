package io.runnel.routing.catalog;

import io.runnel.exec.task.CodeDigest;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What an origin signed under one of its records. Immutable.
 *
 * @param signer SHA-256 of the certificate of the authority that signed, in lower-case hexadecimal
 * @param at when it signed, in milliseconds: when the record was written, but for records that are
 *     older than signatures
 * @param live what stood of the log with this record: see {@link LiveSum#digest}
 * @param signature over the record's hash, {@code signer}, {@code at} and {@code live}: 64 bytes in
 *     lower-case hexadecimal
 */
public record RecordSeal(String signer, Instant at, String live, String signature) {
    private static final Pattern SIGNATURE = Pattern.compile("[0-9a-f]{128}");

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if a value is not of its form
     */
    public RecordSeal {
        if (!CodeDigest.isValid(signer) || !CodeDigest.isValid(live)) {
            throw new IllegalArgumentException("signer and live must be 64 of 0-9 and a-f");
        }
        if (!SIGNATURE.matcher(signature).matches()) {
            throw new IllegalArgumentException("signature must be 128 of 0-9 and a-f");
        }
    }
}
