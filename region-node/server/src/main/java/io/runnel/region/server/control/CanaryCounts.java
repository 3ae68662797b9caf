package io.runnel.region.server.control;

import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AliasRecord;
import io.runnel.routing.catalog.Stamped;
import io.runnel.topology.CanaryCount;
import io.runnel.topology.NetworkView;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What all nodes together counted of versions that are tried. Pure. */
public final class CanaryCounts {
    private CanaryCounts() {}

    private record Key(TaskRef task, String alias, long seq) {}

    /** One of each alias's record. */
    public static Collection<CanaryCount> of(NetworkView network) {
        Map<Key, CanaryCount> sums = new LinkedHashMap<>();
        network.all().stream()
                .flatMap(node -> node.canaries().stream())
                .forEach(
                        one ->
                                sums.merge(
                                        new Key(one.task(), one.alias(), one.seq()),
                                        one,
                                        CanaryCount::plus));
        return sums.values();
    }

    /** That of one alias as it is now. */
    static Optional<CanaryCount> of(NetworkView network, Stamped<AliasRecord> alias) {
        return network.all().stream()
                .flatMap(node -> node.canaries().stream())
                .filter(one -> one.seq() == alias.seq())
                .filter(one -> one.task().equals(alias.value().task()))
                .filter(one -> one.alias().equals(alias.value().name()))
                .reduce(CanaryCount::plus);
    }
}
