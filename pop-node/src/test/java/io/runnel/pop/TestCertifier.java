package io.runnel.pop;

import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.join.JoinRequest;
import io.runnel.cluster.replication.CertificateHandler;
import io.runnel.exec.task.PopId;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Certifies whoever asks, and remembers what was shown. */
final class TestCertifier implements CertificateHandler.Certifier {
    private final CertificateAuthority authority;
    private final InstantSource clock;

    /** What was asked, in turn. */
    final List<JoinRequest> asked = new CopyOnWriteArrayList<>();

    /** How long what it certifies is good, from now on. */
    volatile Duration life = CertificateAuthority.NODE_LIFE;

    /** Why nobody is certified; empty if everybody is. */
    volatile String refuses = "";

    TestCertifier(CertificateAuthority authority, InstantSource clock) {
        this.authority = authority;
        this.clock = clock;
    }

    @Override
    public Optional<String> nonce(PopId pop) {
        return Optional.of("nonce-" + asked.size());
    }

    @Override
    public CertificateHandler.Answer certify(PopId pop, JoinRequest request, String by) {
        asked.add(request);
        if (!refuses.isEmpty()) {
            return CertificateHandler.Answer.refused(refuses);
        }
        Instant now = clock.instant();
        return new CertificateHandler.Answer(
                Optional.of(
                        authority.certify(
                                new Identity.Pop("test", pop), request.request().key(), now, life)),
                "");
    }
}
