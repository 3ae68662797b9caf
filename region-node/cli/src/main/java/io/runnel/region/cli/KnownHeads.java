package io.runnel.region.cli;

import io.runnel.attestation.audit.AuditEntry;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Hashes of entries that somebody saw in audit logs before. For one thread. */
final class KnownHeads {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private final Set<String> missing;

    /**
     * None of them was found yet.
     *
     * @throws CliException if one is no hash
     */
    KnownHeads(List<String> hashes) {
        for (String hash : hashes) {
            if (!HASH.matcher(hash).matches()) {
                throw CliException.usage(
                        "--head: '%s' is not 64 hexadecimal digits".formatted(hash));
            }
        }
        this.missing = new LinkedHashSet<>(hashes);
        // An empty log has nothing in it that could be gone.
        this.missing.remove(AuditEntry.NOTHING);
    }

    void seen(AuditEntry entry) {
        missing.remove(entry.hash());
    }

    List<String> missing() {
        return List.copyOf(missing);
    }
}
