package io.runnel.region.cli.supervisor;

import io.runnel.attestation.AttestationException;
import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.PemException;
import io.runnel.attestation.document.DocumentSigner;
import io.runnel.attestation.identity.Identity;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Region;
import io.runnel.topology.Topology;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who the supervisor of this machine can prove to be: by keys of its own, in memory only, which
 * authorities certify whose keys are on this machine too. Where there are none it is nobody.
 * Blocks; confined to one thread at a time.
 */
final class SupervisorIdentity {
    private static final Logger LOG = System.getLogger(SupervisorIdentity.class.getName());

    private final AuthorityFolder authorities;
    private final NodeName machine;
    private final SecureRandom random;
    private final Map<RegionId, NodeIdentity> known = new HashMap<>();

    SupervisorIdentity(DataFolder data, NodeName machine, SecureRandom random) {
        this.authorities = new AuthorityFolder(data.root());
        this.machine = machine;
        this.random = random;
    }

    /**
     * What signs for it: certified by this region's authority, else by the first of the others that
     * is here. Renewed when it is due.
     */
    Optional<DocumentSigner> signer(Topology topology, RegionId preferred, Instant now) {
        return Stream.concat(
                        Stream.of(preferred),
                        topology.regions().stream()
                                .map(Region::name)
                                .filter(name -> !name.equals(preferred)))
                .flatMap(region -> certified(topology.network(), region, now).stream())
                .findFirst();
    }

    private Optional<DocumentSigner> certified(String network, RegionId region, Instant now) {
        NodeIdentity own = known.computeIfAbsent(region, name -> new NodeIdentity(random));
        if (own.isDue(now)) {
            try {
                authorities
                        .authority(region, random)
                        .map(authority -> certify(authority, network, now))
                        .ifPresent(own::become);
            } catch (AttestationException | PemException | IllegalArgumentException e) {
                LOG.log(
                        Level.WARNING,
                        () ->
                                "the authority of %s certifies no supervisor: %s"
                                        .formatted(region, e));
            }
        }
        return own.signer().filter(signer -> isGood(signer, now));
    }

    private CertifiedKey certify(CertificateAuthority authority, String network, Instant now) {
        return authority.create(
                new Identity.Supervisor(network, machine), now, CertificateAuthority.NODE_LIFE);
    }

    private static boolean isGood(DocumentSigner signer, Instant now) {
        return now.isBefore(signer.key().certificate().getNotAfter().toInstant());
    }
}
