package io.runnel.region.server.authority;

import io.runnel.attestation.audit.AuditCheck;
import io.runnel.attestation.audit.AuditEntry;
import io.runnel.attestation.audit.AuditFact;
import io.runnel.attestation.audit.Heads;
import io.runnel.attestation.audit.Proofs;
import io.runnel.attestation.audit.Revocations;
import io.runnel.attestation.identity.Identity;
import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.StoreException;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What the region's authority did, in the region's store, which its nodes share: what one of them
 * decides, it decides by all that the others did before. Blocks; safe for any thread.
 */
final class AuthorityLog {
    private final Identity.Authority authority;
    private final RegionStore store;
    private final InstantSource clock;
    private final AuditCheck check;
    private final Known known = new Known(new Revocations(), new Proofs(), new Heads());

    /** Why nothing is to be said by what is known: there is more that is not believed. */
    private Optional<String> broken = Optional.empty();

    AuthorityLog(Identity.Authority authority, RegionStore store, InstantSource clock) {
        this.authority = authority;
        this.store = store;
        this.clock = clock;
        this.check = new AuditCheck(authority);
    }

    /** What follows from the log. Guarded by it. */
    record Known(Revocations revocations, Proofs proofs, Heads heads) {
        private void learn(AuditEntry entry) {
            revocations.learn(entry);
            proofs.learn(entry);
            heads.learn(entry);
        }
    }

    /**
     * Something decided, and what is to be written of it first.
     *
     * @param written nothing, if nothing changes
     */
    record Decision<T>(T result, List<AuditFact> written) {
        static <T> Decision<T> of(T result, AuditFact written) {
            return new Decision<>(result, List.of(written));
        }

        static <T> Decision<T> unwritten(T result) {
            return new Decision<>(result, List.of());
        }
    }

    /**
     * Decides by what stands in the log, and writes what was decided; anew if another node wrote
     * meanwhile.
     *
     * @throws AuditBrokenException if the log is not what was written
     * @throws StoreException if it cannot be read or written
     */
    synchronized <T> T decide(Function<Known, Decision<T>> decision) {
        while (true) {
            catchUp();
            Decision<T> decided = decision.apply(known);
            if (isWritten(decided.written())) {
                return decided.result();
            }
        }
    }

    private boolean isWritten(List<AuditFact> facts) {
        for (AuditFact fact : facts) {
            AuditEntry next = AuditEntry.after(check.last(), clock.instant(), authority, fact);
            try {
                store.appendAudit(next.seq(), next.text()).join();
            } catch (CompletionException e) {
                StoreException why = told(e);
                if (why.code() == StoreException.Code.CONFLICT) {
                    return false;
                }
                throw why;
            }
            learn(next.text());
        }
        return true;
    }

    private void catchUp() {
        List<String> more;
        do {
            more = read(length(), RegionStore.MOST_ENTRIES);
            more.forEach(this::learn);
        } while (more.size() == RegionStore.MOST_ENTRIES);
    }

    private void learn(String text) {
        broken = check.accept(text);
        requireSound();
        known.learn(check.last().orElseThrow());
    }

    /**
     * Learns what the region's other nodes wrote.
     *
     * @throws AuditBrokenException if the log is not what was written
     * @throws StoreException if it cannot be read
     */
    synchronized void look() {
        catchUp();
    }

    private void requireSound() {
        if (broken.isPresent()) {
            throw new AuditBrokenException(length() + 1, broken.get());
        }
    }

    /**
     * What is known, without looking; {@code use} is also told how many entries that is.
     *
     * @throws AuditBrokenException if more was found than is believed
     */
    synchronized <T> T known(BiFunction<Long, Known, T> use) {
        requireSound();
        return use.apply(length(), known);
    }

    private long length() {
        return check.last().map(AuditEntry::seq).orElse(0L);
    }

    /** The entries that follow, as they stand there, unchecked. */
    List<String> read(long afterSeq, int limit) {
        try {
            return store.readAudit(afterSeq, limit).join();
        } catch (CompletionException e) {
            throw told(e);
        }
    }

    private static StoreException told(CompletionException e) {
        if (e.getCause() instanceof StoreException told) {
            return told;
        }
        throw e;
    }
}
