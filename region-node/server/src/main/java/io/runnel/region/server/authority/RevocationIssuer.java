package io.runnel.region.server.authority;

import io.runnel.attestation.audit.Revocations;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.RevocationList;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Signs which certificates are revoked, and does it once for all who ask. For one thread at a time;
 * {@link #heardOf} for any.
 */
final class RevocationIssuer {
    /** A list is signed anew though nothing was revoked: others rely on it for an hour. */
    private static final Duration LIST_AGE = Duration.ofMinutes(10);

    private final CertificateAuthority authority;
    private final InstantSource clock;

    /** The number of the newest list of this authority, whichever node signed it. */
    private final AtomicReference<BigInteger> newest = new AtomicReference<>(BigInteger.ZERO);

    private Optional<Signed> last = Optional.empty();

    private record Signed(long entries, Instant since, RevocationList list) {}

    RevocationIssuer(CertificateAuthority authority, InstantSource clock) {
        this.authority = authority;
        this.clock = clock;
    }

    /** A list of this authority is known that has this number: the next gets a higher one. */
    void heardOf(BigInteger number) {
        newest.accumulateAndGet(number, BigInteger::max);
    }

    /**
     * The list.
     *
     * @param entries how many entries of the log are known; the same list as before if no more are
     */
    RevocationList signed(long entries, Revocations known) {
        Instant now = clock.instant();
        if (last.isEmpty() || !isGood(last.get(), entries, now)) {
            last = Optional.of(new Signed(entries, now, sign(known, now)));
        }
        return last.get().list();
    }

    private static boolean isGood(Signed before, long entries, Instant now) {
        return before.entries() == entries
                && now.isBefore(before.since().plus(LIST_AGE))
                && !now.isBefore(before.since());
    }

    private RevocationList sign(Revocations known, Instant now) {
        Map<BigInteger, Instant> serials = new LinkedHashMap<>();
        for (Revocations.Revoked one : known.revoked(now)) {
            serials.put(one.serial(), one.since());
        }
        BigInteger number =
                newest.accumulateAndGet(
                        BigInteger.valueOf(now.toEpochMilli()),
                        (before, clocks) -> clocks.max(before.add(BigInteger.ONE)));
        return new RevocationList(
                authority.certificate(), authority.revocationList(serials, number, now));
    }
}
