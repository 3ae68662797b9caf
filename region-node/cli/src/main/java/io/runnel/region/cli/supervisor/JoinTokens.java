package io.runnel.region.cli.supervisor;

import io.runnel.attestation.AttestationException;
import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.PemException;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.join.IdentityFile;
import io.runnel.attestation.join.JoinToken;
import io.runnel.attestation.join.JoinTokenFile;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Pop;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyException;
import io.runnel.topology.TopologyReader;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes what POPs of this machine join with, where the keys of their regions' authorities are on
 * this machine too: whoever has these may certify anyway. Others are brought their tokens by the
 * operator. Blocks; safe for any thread.
 */
final class JoinTokens {
    private static final Logger LOG = System.getLogger(JoinTokens.class.getName());

    private final DataFolder data;
    private final SecureRandom random;
    private final InstantSource clock;

    JoinTokens(DataFolder data, SecureRandom random, InstantSource clock) {
        this.data = data;
        this.random = random;
        this.clock = clock;
    }

    /** What a POP needs before it starts, unless it is somebody still. */
    void ensure(PopId name) {
        Path folder = data.node(new NodeName(name.value()));
        try {
            Topology topology = TopologyReader.read(data.topology());
            Optional<Pop> pop = topology.pop(name);
            if (pop.isPresent() && !isSomebody(new IdentityFile(folder))) {
                List<String> tokens = tokens(topology.network(), pop.get());
                if (!tokens.isEmpty()) {
                    new JoinTokenFile(folder).write(tokens);
                }
            }
        } catch (TopologyException | AttestationException | PemException e) {
            LOG.log(Level.WARNING, () -> "no join token for %s: %s".formatted(name, e));
        }
    }

    /** What does not read is of nobody. */
    private boolean isSomebody(IdentityFile file) {
        try {
            return file.read().filter(this::isGood).isPresent();
        } catch (PemException e) {
            return false;
        }
    }

    private boolean isGood(CertifiedKey key) {
        return clock.instant().isBefore(key.certificate().getNotAfter().toInstant());
    }

    private List<String> tokens(String network, Pop pop) {
        AuthorityFolder authorities = new AuthorityFolder(data.root());
        Instant now = clock.instant();
        var who = new Identity.Pop(network, pop.name());
        List<String> tokens = new ArrayList<>();
        for (RegionId region : pop.regions()) {
            var authority = new Identity.Authority(network, region);
            authorities
                    .authority(region, random)
                    .ifPresent(
                            own ->
                                    tokens.add(
                                            JoinToken.create(
                                                            authority,
                                                            who,
                                                            now,
                                                            JoinToken.LIFE,
                                                            random)
                                                    .signed(own.key())));
        }
        return tokens;
    }
}
