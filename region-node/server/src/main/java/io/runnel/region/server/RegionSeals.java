package io.runnel.region.server;

import io.runnel.attestation.AttestationException;
import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.PemException;
import io.runnel.attestation.record.RecordSigner;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.cluster.replication.SealCheck;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.RecordSeal;
import io.runnel.routing.catalog.RecordSeals;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A region's records are signed by its authority, whose key each of its nodes has; all regions' are
 * checked. A node without that key writes nothing. Safe for any thread.
 *
 * @param check what is believed of records
 */
record RegionSeals(SealCheck check, Optional<RecordSigner> signer) implements RecordSeals {
    private static final Logger LOG = System.getLogger(RegionSeals.class.getName());

    /** Those of this node; it knows its own region's authority. */
    static RegionSeals of(RegionFacts facts, NodeTrust trust, SecureRandom random) {
        var folder = new AuthorityFolder(facts.folder().data());
        Optional<RecordSigner> signer =
                authority(folder, facts, random)
                        .map(own -> new RecordSigner(own.key(), facts.region().name(), random));
        RegionSeals seals = new RegionSeals(new SealCheck(trust), signer);
        seals.learn(seals.own());
        return seals;
    }

    private static Optional<CertificateAuthority> authority(
            AuthorityFolder folder, RegionFacts facts, SecureRandom random) {
        try {
            return folder.authority(facts.region().name(), random);
        } catch (AttestationException | PemException e) {
            LOG.log(Level.WARNING, "this node can sign no record", e);
            return Optional.empty();
        }
    }

    /** The certificate of this region's authority, as PEM; none if its key is not here. */
    List<String> own() {
        return signer.map(RecordSigner::certificate).stream().toList();
    }

    @Override
    public RecordSeal seal(FeedRecord record, String live, Instant at) {
        RecordSigner own = signer.orElseThrow(() -> unsignable("its key is not at this node"));
        if (!own.isGood(at)) {
            throw unsignable("its certificate is not of now");
        }
        return check.seal(own, record, live, at);
    }

    private static CatalogException unsignable(String why) {
        return new CatalogException(
                CatalogException.Code.UNSIGNABLE, "the region's authority signs nothing: " + why);
    }

    @Override
    public void learn(List<String> certificates) {
        List<String> unused = check.authorities().learn(certificates);
    }

    @Override
    public void require(List<FeedRecord> records) {
        check.require(records);
    }
}
