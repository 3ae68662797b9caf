package io.runnel.region.cli;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskName;
import io.runnel.region.cli.supervisor.DataFolder;
import io.runnel.region.cli.supervisor.NodeReport;
import io.runnel.topology.Address;
import io.runnel.topology.Pop;
import io.runnel.topology.RegionNode;
import io.runnel.topology.TopologyReader;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.Set;

/** The addresses that people paste and this program calls. */
final class Urls {
    private Urls() {}

    private static final String SECURED = "https";

    /** Where users call a node; one that listens everywhere is called on loopback. */
    static URI of(NodeReport node) {
        return of(node.listen(), node.secured());
    }

    private static URI of(Address listen, boolean secured) {
        return URI.create((secured ? SECURED : "http") + "://" + dialled(listen));
    }

    /** Where users call a region's node. */
    static URI ofRegion(RegionNode node) {
        return of(node.listen(), true);
    }

    /** Where users call a POP. */
    static URI ofPop(Pop pop) {
        return of(pop.listen(), pop.isSecured());
    }

    /** Where operators call a node. */
    static URI ofAdmin(Address admin) {
        return URI.create("http://" + dialled(admin));
    }

    private static Address dialled(Address listen) {
        return listen.isWildcard() ? new Address("127.0.0.1", listen.port()) : listen;
    }

    /** A task at the first POP of the network; empty if its topology is not known here. */
    static Optional<String> ofTask(DataFolder data, Account account, TaskName task) {
        return Files.exists(data.topology())
                ? TopologyReader.read(data.topology()).pops().stream()
                        .findFirst()
                        .map(pop -> task(ofPop(pop), account.id(), task))
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
            if (uri.getHost() != null && Set.of("http", SECURED).contains(uri.getScheme())) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Said below, as of any other text that is no address.
        }
        throw CliException.usage(
                "%s must be http://HOST:PORT or https://HOST:PORT: '%s'".formatted(what, text));
    }

    /**
     * A region's address that a person gave.
     *
     * @param what it is called, for the message
     * @throws CliException if it is none, or in clear text
     */
    static URI givenRegion(String what, String text) {
        URI uri = given(what, text);
        requireSecured(what, uri);
        return uri;
    }

    /**
     * Checks that an address of a region is one of TLS.
     *
     * @param what it is called, for the message
     * @throws CliException if it is in clear text
     */
    static void requireSecured(String what, URI region) {
        if (!SECURED.equals(region.getScheme())) {
            throw CliException.usage(
                    "%s must begin with https://, for regions speak TLS only: '%s'"
                            .formatted(what, region));
        }
    }

    /** A task at a node. */
    static String task(URI node, AccountId account, TaskName task) {
        return "%s/fn/%s/%s".formatted(node, account, task);
    }
}
