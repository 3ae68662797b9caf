package io.runnel.region.cli;

import io.runnel.attestation.audit.AuditEntry;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Hashes of entries of audit logs, as somebody gives them. */
final class EntryHashes {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private EntryHashes() {}

    /**
     * Those of an option, without that of an empty log, in which nothing is that could be gone.
     *
     * @throws CliException if one is no hash
     */
    static Set<String> of(String option, List<String> given) {
        for (String hash : given) {
            if (!HASH.matcher(hash).matches()) {
                throw CliException.usage(
                        "%s: '%s' is not 64 hexadecimal digits".formatted(option, hash));
            }
        }
        Set<String> hashes = new LinkedHashSet<>(given);
        hashes.remove(AuditEntry.NOTHING);
        return hashes;
    }
}
