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
import java.util.function.Consumer;

/** The authorities of the regions that have nodes on this machine, made when they are missing. */
final class Authorities {
    private final AuthorityFolder folder;
    private final Consumer<String> progress;
    private final SecureRandom random;
    private final InstantSource clock;

    Authorities(
            DataFolder data, Consumer<String> progress, SecureRandom random, InstantSource clock) {
        this.folder = new AuthorityFolder(data.root());
        this.progress = progress;
        this.random = random;
        this.clock = clock;
    }

    /** A network begins where its registry is: there the root is made, if there is none. */
    void ensure(Topology topology) {
        if (folder.root().isEmpty() && !isHere(topology.registry())) {
            progress.accept(
                    "%s is missing: nodes here can prove to nobody who they are; copy it from where the network began"
                            .formatted(folder.rootCertificate()));
            return;
        }
        List<RegionId> here =
                topology.regions().stream().filter(Authorities::isHere).map(Region::name).toList();
        for (RegionId missing : folder.ensure(topology.network(), here, clock.instant(), random)) {
            progress.accept(
                    "%s is missing: nodes of %s can prove to nobody who they are; make it where the root's key is, with runnel attest root certify"
                            .formatted(folder.regionKey(missing), missing));
        }
    }

    private static boolean isHere(Region region) {
        return region.nodes().stream().anyMatch(node -> LocalAddresses.contain(node.listen()));
    }
}
