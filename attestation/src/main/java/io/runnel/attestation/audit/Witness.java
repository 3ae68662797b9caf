package io.runnel.attestation.audit;

import io.runnel.attestation.identity.Identity;

import java.util.List;
import java.util.Optional;

/**
 * Follows another authority's log, part by part, and finds whether what stood there still does: a
 * chain of hashes shows what was changed in its middle, and only somebody else's memory shows that
 * all of it was written anew, or that its end was cut off. For one thread.
 */
public final class Witness {
    private static final Found NOTHING = new Found.Nothing();

    private final Identity.Authority other;
    private AuditCheck check;

    /** The number of its last entry that is more than what that authority witnessed of others. */
    private long news;

    /** One that knows nothing of this authority's log. */
    public Witness(Identity.Authority other) {
        this.other = other;
        this.check = new AuditCheck(other);
    }

    /** What was found. */
    public sealed interface Found {
        /** Nothing that is to be written down. */
        record Nothing() implements Found {}

        /** It is sound up to here. */
        record Sound(AuditFact.Head head) implements Found {}

        /** It is not what it was; from the next part on it is followed from its beginning. */
        record Otherwise(String why) implements Found {}
    }

    /** Whose log it is. */
    public Identity.Authority other() {
        return other;
    }

    /**
     * After which entry the next part is to begin: with the last one that is known, for it may have
     * been changed since.
     */
    public long after() {
        return Math.max(0, length() - 1);
    }

    private long length() {
        return check.last().map(AuditEntry::seq).orElse(0L);
    }

    /**
     * Looks at the next part.
     *
     * @param texts the entries that come {@link #after}
     * @param end whether there are no more
     * @param witnessed the last that was written down of it
     */
    public Found hear(List<String> texts, boolean end, Optional<AuditFact.Head> witnessed) {
        Optional<String> wrong = follow(texts, witnessed);
        long least = witnessed.map(AuditFact.Head::seq).orElse(0L);
        if (wrong.isEmpty() && end && length() < least) {
            wrong = gone(least);
        }
        if (wrong.isPresent()) {
            check = new AuditCheck(other);
            news = 0;
            return new Found.Otherwise(wrong.get());
        }
        return end && news > least
                ? new Found.Sound(AuditFact.Head.of(check.last().orElseThrow()))
                : NOTHING;
    }

    private Optional<String> follow(List<String> texts, Optional<AuditFact.Head> witnessed) {
        List<String> more = texts;
        if (length() > 0) {
            if (texts.isEmpty()) {
                return gone(length());
            }
            if (!texts.getFirst().equals(check.last().orElseThrow().text())) {
                return changed(length());
            }
            more = texts.subList(1, texts.size());
        }
        for (String text : more) {
            Optional<String> wrong = check.accept(text);
            if (wrong.isPresent()) {
                return wrong.map(why -> "entry %d: %s".formatted(length() + 1, why));
            }
            AuditEntry entry = check.last().orElseThrow();
            if (witnessed.filter(head -> isAnother(entry, head)).isPresent()) {
                return changed(entry.seq());
            }
            // Else two that witness each other would never come to an end.
            if (entry.fact().event() != AuditEvent.WITNESSED) {
                news = entry.seq();
            }
        }
        return Optional.empty();
    }

    private static boolean isAnother(AuditEntry entry, AuditFact.Head head) {
        return entry.seq() == head.seq() && !entry.hash().equals(head.hash());
    }

    private static Optional<String> gone(long seq) {
        return Optional.of("entry %d is gone".formatted(seq));
    }

    private static Optional<String> changed(long seq) {
        return Optional.of("entry %d is another now".formatted(seq));
    }
}
