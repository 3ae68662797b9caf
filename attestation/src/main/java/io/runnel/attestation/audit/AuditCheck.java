package io.runnel.attestation.audit;

import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;

import java.util.List;
import java.util.Optional;

/**
 * Follows an audit log from its beginning, and finds what was changed, taken out, put in or put
 * elsewhere; not what was cut off at its end, which only who knew of it can tell. For one thread.
 */
public final class AuditCheck {
    private final Identity.Authority authority;
    private Optional<AuditEntry> last = Optional.empty();
    private String lastHash = AuditEntry.NOTHING;

    /** Of the log of this authority. */
    public AuditCheck(Identity.Authority authority) {
        this.authority = authority;
    }

    /**
     * Looks at the next entry.
     *
     * @return what is wrong with it; nothing more is to be believed after that
     */
    public Optional<String> accept(String text) {
        return switch (AuditEntry.read(text)) {
            case Verdict.Rejected<AuditEntry>(List<Rejection> reasons) ->
                    Optional.of(reasons.getFirst().reason().sentence());
            case Verdict.Trusted<AuditEntry>(AuditEntry entry) -> follow(entry, text);
        };
    }

    private Optional<String> follow(AuditEntry entry, String text) {
        if (!entry.authority().equals(authority)) {
            return Optional.of("it is of another log: " + entry.authority().uri());
        }
        long due = last.map(AuditEntry::seq).orElse(0L) + 1;
        if (entry.seq() != due) {
            return Optional.of("it has number %d, %d is due".formatted(entry.seq(), due));
        }
        if (!entry.prev().equals(lastHash)) {
            return Optional.of("it names another entry before it than stands there");
        }
        last = Optional.of(entry);
        lastHash = AuditEntry.hash(text);
        return Optional.empty();
    }

    /** The last entry that was sound. */
    public Optional<AuditEntry> last() {
        return last;
    }
}
