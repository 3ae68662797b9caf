package io.runnel.region.cli;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskName;
import io.runnel.region.cli.supervisor.DataFolder;
import io.runnel.topology.Address;
import io.runnel.topology.TopologyReader;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.Set;

/** The addresses that people paste and this program calls. */
final class Urls {
    private Urls() {}

    /** Where a node is called; one that listens everywhere is called on loopback. */
    static URI of(Address listen) {
        Address dialled = listen.isWildcard() ? new Address("127.0.0.1", listen.port()) : listen;
        return URI.create("http://" + dialled);
    }

    /** A task at the first POP of the network; empty if its topology is not known here. */
    static Optional<String> ofTask(DataFolder data, Account account, TaskName task) {
        return Files.exists(data.topology())
                ? TopologyReader.read(data.topology()).pops().stream()
                        .findFirst()
                        .map(pop -> task(of(pop.listen()), account.id(), task))
                : Optional.empty();
    }

    /**
     * A node's address that a person gave.
     *
     * @param what it is called, for the message
     * @throws CliException if it is none
     */
    static URI given(String what, String text) {
        try {
            URI uri = new URI(text);
            if (uri.getHost() != null && Set.of("http", "https").contains(uri.getScheme())) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Said below, as of any other text that is no address.
        }
        throw CliException.usage("%s must be http://HOST:PORT: '%s'".formatted(what, text));
    }

    /** A task at a node. */
    static String task(URI node, AccountId account, TaskName task) {
        return "%s/fn/%s/%s".formatted(node, account, task);
    }
}
