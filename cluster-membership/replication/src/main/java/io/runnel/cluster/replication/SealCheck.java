package io.runnel.cluster.replication;

import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;
import io.runnel.attestation.record.AuthorityCertificates;
import io.runnel.attestation.record.RecordSigner;
import io.runnel.attestation.record.RecordVerifier;
import io.runnel.attestation.record.SignedRecord;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.HashChain;
import io.runnel.routing.catalog.RecordCheck;
import io.runnel.routing.catalog.RecordSeal;
import io.runnel.routing.catalog.RecordSeals;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Checks records by the certificates of regions' authorities that are known here, and has own ones
 * signed so that it knows them. Safe for any thread; a record takes a tenth of a millisecond, many
 * are spread over all processors. Never for an event loop.
 */
public final class SealCheck implements RecordCheck {
    private static final int WORTH_SPREADING = 16;

    private final AuthorityCertificates authorities;
    private final RecordVerifier verifier;

    /** One that believes what a node believes, and knows no authority yet. */
    public SealCheck(NodeTrust trust) {
        this.authorities = new AuthorityCertificates(trust.root(), RecordSeals.MOST_AUTHORITIES);
        this.verifier = new RecordVerifier(authorities, trust.revocations());
    }

    /** Whose records it can check, and what it learns more. */
    public AuthorityCertificates authorities() {
        return authorities;
    }

    /**
     * Signs a record: what was signed here is not verified here once more.
     *
     * @param by the authority of its region
     * @param record with its hash
     * @param live what stands of the log with it
     * @param at the time
     */
    public RecordSeal seal(RecordSigner by, FeedRecord record, String live, Instant at) {
        SignedRecord made = verifier.sign(by, record.hash(), live, at);
        return new RecordSeal(made.signer(), made.at(), made.live(), made.signature());
    }

    /** How many signatures it verified so far. */
    public long verified() {
        return verifier.verified();
    }

    @Override
    public void require(List<FeedRecord> records) {
        boolean spread = records.size() >= WORTH_SPREADING;
        (spread ? records.parallelStream() : records.stream())
                .map(this::fault)
                .flatMap(Optional::stream)
                .findFirst()
                .ifPresent(
                        fault -> {
                            throw fault;
                        });
    }

    private Optional<CatalogException> fault(FeedRecord record) {
        if (!HashChain.hashOf(record).equals(record.hash())) {
            return Optional.of(
                    refused(
                            CatalogException.Code.TAMPERED,
                            record,
                            "its hash is not of its content"));
        }
        if (record.seal().isEmpty()) {
            return Optional.of(forged(record, "nobody signed it"));
        }
        return switch (verifier.check(signed(record, record.seal().get()))) {
            case Verdict.Trusted<SignedRecord> trusted -> Optional.empty();
            case Verdict.Rejected<SignedRecord>(List<Rejection> reasons) ->
                    Optional.of(forged(record, reasons.getFirst().coded()));
        };
    }

    private static SignedRecord signed(FeedRecord record, RecordSeal seal) {
        return new SignedRecord(
                record.origin(),
                record.hash(),
                seal.live(),
                seal.signer(),
                seal.at(),
                seal.signature());
    }

    private static CatalogException forged(FeedRecord record, String why) {
        return refused(CatalogException.Code.FORGED, record, why);
    }

    private static CatalogException refused(
            CatalogException.Code code, FeedRecord record, String why) {
        return new CatalogException(
                code,
                "record %d of %s/%s: %s"
                        .formatted(record.seq(), record.origin(), record.log(), why));
    }
}
