package io.runnel.region.cli;

import io.runnel.region.cli.supervisor.DataFolder;
import io.runnel.topology.Region;
import io.runnel.topology.TopologyReader;

import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;

/** Which region is asked: the one at an address, or one that the data folder's topology names. */
record RegionChoice(DataFolder data) {
    /**
     * Where it takes commands: at each of its nodes.
     *
     * @param option with what it was said, for messages
     * @param named {@code https://HOST:PORT}, or a region's name
     * @throws CliException if it is neither
     */
    List<URI> of(String option, String named) {
        if (named.contains("://")) {
            return List.of(Urls.givenRegion(option, named));
        }
        if (!Files.exists(data.topology())) {
            throw CliException.failed(
                    ("no region '%s' is known: %s has no topology; give its address, %s"
                                    + " https://HOST:PORT")
                            .formatted(named, data.root(), option));
        }
        List<Region> regions = TopologyReader.read(data.topology()).regions();
        return regions.stream()
                .filter(region -> region.name().value().equals(named))
                .findFirst()
                .map(region -> region.nodes().stream().map(Urls::ofRegion).toList())
                .orElseThrow(
                        () ->
                                CliException.failed(
                                        "no region '%s'; there are: %s"
                                                .formatted(named, names(regions))));
    }

    private static String names(List<Region> regions) {
        return regions.stream()
                .map(region -> region.name().value())
                .collect(Collectors.joining(", "));
    }
}
