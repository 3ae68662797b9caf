package io.runnel.region.cli;

import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.exec.task.RegionId;
import io.runnel.region.cli.supervisor.DataFolder;
import io.runnel.region.cli.supervisor.LocalAddresses;
import io.runnel.topology.Region;
import io.runnel.topology.Topology;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/** The authorities of the regions that have nodes on this machine, made when they are missing. */
final class Authorities {
    private final AuthorityFolder folder;
    private final SecureRandom random;
    private final InstantSource clock;

    Authorities(DataFolder data, SecureRandom random, InstantSource clock) {
        this.folder = new AuthorityFolder(data.root());
        this.random = random;
        this.clock = clock;
    }

    /**
     * A network begins where its registry is: there the root is made, if there is none.
     *
     * @throws CliException if something is missing that cannot be made here: no other node would
     *     listen to those that are started without it
     */
    void ensure(Topology topology) {
        if (folder.root().isEmpty() && !isHere(topology.registry())) {
            throw CliException.failed(
                    "%s is missing: nodes here would know no other; copy it from where the network began"
                            .formatted(folder.rootCertificate()));
        }
        List<RegionId> here =
                topology.regions().stream().filter(Authorities::isHere).map(Region::name).toList();
        for (RegionId missing : folder.ensure(topology.network(), here, clock.instant(), random)) {
            throw CliException.failed(
                    "%s is missing: no other node would know those of %s; make it where the root's key is: runnel attest root certify %s"
                            .formatted(folder.regionKey(missing), missing, missing));
        }
    }

    private static boolean isHere(Region region) {
        return region.nodes().stream().anyMatch(node -> LocalAddresses.contain(node.listen()));
    }
}
