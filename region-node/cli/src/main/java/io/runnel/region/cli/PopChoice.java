package io.runnel.region.cli;

import io.runnel.region.cli.supervisor.DataFolder;
import io.runnel.topology.Pop;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** Which POP is called: the one named, {@code RUNNEL_POP}, or the first of the network. */
record PopChoice(Shell shell, DataFolder data) {
    URI of(Optional<String> named) {
        Optional<String> wanted = named.or(() -> shell.variable("RUNNEL_POP"));
        if (wanted.filter(w -> w.contains("://")).isPresent()) {
            return Urls.given("a POP's address", wanted.get());
        }
        List<Pop> pops = pops();
        return pops.stream()
                .filter(p -> wanted.isEmpty() || p.name().value().equals(wanted.get()))
                .findFirst()
                .map(p -> Urls.ofPop(p.listen()))
                .orElseThrow(
                        () ->
                                CliException.failed(
                                        "no POP '%s'; there are: %s"
                                                .formatted(
                                                        wanted.orElse(""),
                                                        String.join(
                                                                ", ",
                                                                pops.stream()
                                                                        .map(p -> p.name().value())
                                                                        .toList()))));
    }

    private List<Pop> pops() {
        if (!Files.exists(data.topology())) {
            throw CliException.failed(
                    "no network in %s; start one: %s, or set RUNNEL_POP to a POP's address"
                            .formatted(data.root(), shell.command(data, "up")));
        }
        Topology topology = TopologyReader.read(data.topology());
        return topology.pops();
    }
}
