package io.runnel.region.cli;

import io.runnel.region.cli.supervisor.DataFolder;
import io.runnel.topology.Pop;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** Which POP is called: the one named, {@code RUNNEL_POP}, or the first of the network. */
record PopChoice(Shell shell, DataFolder data) {
    /**
     * A node that is called.
     *
     * @param pop what is known of it, unless it was given by its address alone
     */
    record Chosen(URI url, Optional<Pop> pop) {
        /** A client for it. */
        HttpClient client(Account account) {
            return pop.map(PopTrust::client).orElseGet(() -> account.client(url));
        }
    }

    Chosen of(Optional<String> named) {
        Optional<String> wanted = named.or(() -> shell.variable("RUNNEL_POP"));
        if (wanted.filter(w -> w.contains("://")).isPresent()) {
            return new Chosen(Urls.given("a POP's address", wanted.get()), Optional.empty());
        }
        List<Pop> pops = pops();
        return pops.stream()
                .filter(p -> wanted.isEmpty() || p.name().value().equals(wanted.get()))
                .findFirst()
                .map(pop -> new Chosen(Urls.ofPop(pop), Optional.of(pop)))
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
