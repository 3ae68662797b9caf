package io.runnel.region.cli;

import io.runnel.attestation.audit.AuditCheck;
import io.runnel.attestation.audit.AuditEntry;
import io.runnel.attestation.audit.AuditEvent;
import io.runnel.attestation.audit.AuditFact;
import io.runnel.attestation.identity.Identity;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A region's audit log, followed from its beginning as far as it is sound.
 *
 * @param hashes of its entries, in their order
 * @param testimonies what it says of others' logs
 * @param broken what is wrong with the next entry, if anything is
 */
record AuditTrail(
        Identity.Authority authority,
        List<String> hashes,
        List<Testimony> testimonies,
        Optional<String> broken) {
    /**
     * That an authority found another's log sound.
     *
     * @param head up to there
     */
    record Testimony(Identity.Authority by, Identity about, AuditFact.Head head, Instant at) {
        private String contradicted(String how) {
            return "entry %d is %s %s witnessed at %s: %s"
                    .formatted(head.seq(), how, by.region(), at, head.hash());
        }
    }

    AuditTrail {
        hashes = List.copyOf(hashes);
        testimonies = List.copyOf(testimonies);
    }

    /**
     * Follows these entries of an authority's log.
     *
     * @param telling so many of the first are asked what they say of other logs
     */
    static AuditTrail follow(Identity.Authority authority, List<String> entries, int telling) {
        var check = new AuditCheck(authority);
        List<String> hashes = new ArrayList<>();
        List<Testimony> testimonies = new ArrayList<>();
        for (String text : entries) {
            Optional<String> broken = check.accept(text);
            if (broken.isPresent()) {
                String why = "entry %d: %s".formatted(hashes.size() + 1, broken.get());
                return new AuditTrail(authority, hashes, testimonies, Optional.of(why));
            }
            AuditEntry entry = check.last().orElseThrow();
            hashes.add(entry.hash());
            AuditFact fact = entry.fact();
            if (fact.event() == AuditEvent.WITNESSED && hashes.size() <= telling) {
                fact.head()
                        .map(head -> new Testimony(authority, fact.subject(), head, entry.at()))
                        .ifPresent(testimonies::add);
            }
        }
        return new AuditTrail(authority, hashes, testimonies, Optional.empty());
    }

    String region() {
        return authority.region().value();
    }

    /** The hash of its last entry that is sound. */
    String head() {
        return hashes.isEmpty() ? AuditEntry.NOTHING : hashes.getLast();
    }

    /** Those of these that are about this log. */
    List<Testimony> of(List<Testimony> all) {
        return all.stream().filter(one -> one.about().equals(authority)).toList();
    }

    /**
     * What is wrong with it, if anything is.
     *
     * @param all what any region says of any log
     * @param lost hashes of entries that are known to have been lost
     */
    Optional<String> doubt(List<Testimony> all, Set<String> lost) {
        return broken.or(
                () ->
                        of(all).stream()
                                .filter(one -> !lost.contains(one.head().hash()))
                                .flatMap(one -> doubt(one).stream())
                                .findFirst());
    }

    private Optional<String> doubt(Testimony one) {
        if (one.head().seq() > hashes.size()) {
            return Optional.of(one.contradicted("gone, which"));
        }
        return hashes.get((int) one.head().seq() - 1).equals(one.head().hash())
                ? Optional.empty()
                : Optional.of(one.contradicted("another than that which"));
    }
}
