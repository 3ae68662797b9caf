package io.runnel.region.cli;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.CredentialsFile;
import io.runnel.attestation.Profile;
import io.runnel.exec.task.AccountId;
import io.runnel.region.cli.supervisor.DataFolder;
import io.runnel.region.cli.supervisor.SupervisorClient;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Who a command speaks for, and to which regions: what the variables {@code RUNNEL_ACCOUNT}, {@code
 * RUNNEL_KEY} and {@code RUNNEL_ENDPOINT} say, else the data folder.
 *
 * @param regions the account's own first
 * @param root by which regions are believed
 * @param whyUnreachable says, when nothing answers, that no network runs on the data folder
 */
record Account(
        AccountId id,
        BearerToken key,
        List<URI> regions,
        NetworkRoot root,
        Supplier<Optional<String>> whyUnreachable) {
    static final String DEFAULT = "demo";

    /** The account of this shell and data folder. */
    static Account of(Shell shell, DataFolder data) {
        AccountId id = id(shell);
        Optional<Profile> profile = profile(data, id.value());
        BearerToken key = key(shell, data, id, profile);
        List<URI> regions =
                shell.variable("RUNNEL_ENDPOINT")
                        .map(text -> Urls.givenRegion("RUNNEL_ENDPOINT", text))
                        .map(List::of)
                        .orElseGet(() -> regions(profile, data));
        if (regions.isEmpty()) {
            throw CliException.failed(
                    ("no region is known: %s has no topology; start a network with %s, or set"
                                    + " RUNNEL_ENDPOINT")
                            .formatted(data.root(), shell.command(data, "up")));
        }
        boolean isFoldersOwn = shell.variable("RUNNEL_ENDPOINT").isEmpty();
        return new Account(
                id,
                key,
                regions,
                NetworkRoot.of(shell, data, profile),
                isFoldersOwn ? () -> noNetwork(shell, data) : Optional::empty);
    }

    /** The same account at regions that a person named. */
    static Account at(Shell shell, DataFolder data, List<URI> regions) {
        AccountId id = id(shell);
        Optional<Profile> profile = profile(data, id.value());
        return new Account(
                id,
                key(shell, data, id, profile),
                regions,
                NetworkRoot.of(shell, data, profile),
                Optional::empty);
    }

    /** The administrator's way to the regions. */
    static Api admin(Shell shell, DataFolder data) {
        Optional<Profile> profile = profile(data, NetworkStart.ADMIN);
        BearerToken key =
                shell.variable("RUNNEL_KEY")
                        .map(Account::key)
                        .or(() -> profile.map(Profile::token))
                        .orElseThrow(
                                () ->
                                        CliException.failed(
                                                "no [admin] key in %s; set RUNNEL_KEY=ID.SECRET"
                                                        .formatted(data.credentials())));
        List<URI> regions =
                shell.variable("RUNNEL_ENDPOINT")
                        .map(text -> List.of(Urls.givenRegion("RUNNEL_ENDPOINT", text)))
                        .orElseGet(() -> regions(profile, data));
        boolean isFoldersOwn = shell.variable("RUNNEL_ENDPOINT").isEmpty();
        return new Api(
                regions,
                key,
                NetworkRoot.of(shell, data, profile),
                isFoldersOwn ? () -> noNetwork(shell, data) : Optional::empty);
    }

    /** The way to the regions for who shows no key. */
    static Api anyone(Shell shell, DataFolder data) {
        List<URI> regions =
                shell.variable("RUNNEL_ENDPOINT")
                        .map(text -> List.of(Urls.givenRegion("RUNNEL_ENDPOINT", text)))
                        .orElseGet(() -> regions(Optional.empty(), data));
        boolean isFoldersOwn = shell.variable("RUNNEL_ENDPOINT").isEmpty();
        return new Api(
                regions,
                Optional.<BearerToken>empty(),
                NetworkRoot.of(shell, data, Optional.empty()),
                isFoldersOwn ? () -> noNetwork(shell, data) : Optional::empty);
    }

    /** The way to the regions of this account, if the shell is its, else of the administrator. */
    static Api of(Shell shell, DataFolder data, AccountId account) {
        return shell.variable("RUNNEL_ACCOUNT").filter(account.value()::equals).isPresent()
                ? of(shell, data).api()
                : admin(shell, data);
    }

    private static Optional<Profile> profile(DataFolder data, String name) {
        return Files.exists(data.credentials())
                ? new CredentialsFile(data.credentials()).profile(name)
                : Optional.empty();
    }

    private static BearerToken key(
            Shell shell, DataFolder data, AccountId id, Optional<Profile> profile) {
        return shell.variable("RUNNEL_KEY")
                .map(Account::key)
                .or(() -> profile.map(Profile::token))
                .orElseThrow(() -> noKey(shell, data, id));
    }

    Api api() {
        return new Api(regions, key, root, whyUnreachable);
    }

    /** A client for a node that is called by this address. */
    HttpClient client(URI node) {
        return regions.contains(node) ? root.newClient() : Api.newClient();
    }

    /** That no network runs on the data folder; empty if one does, or another was named. */
    Optional<String> absence() {
        return whyUnreachable.get();
    }

    private static Optional<String> noNetwork(Shell shell, DataFolder data) {
        return SupervisorClient.find(data).isPresent()
                ? Optional.empty()
                : Optional.of(DataOption.noNetwork(shell, data));
    }

    private static CliException noKey(Shell shell, DataFolder data, AccountId id) {
        return CliException.failed(
                "no key for account '%s' in %s; %s makes the first, or set RUNNEL_KEY=ID.SECRET"
                        .formatted(id, data.credentials(), shell.command(data, "up")));
    }

    private static AccountId id(Shell shell) {
        try {
            return new AccountId(shell.variable("RUNNEL_ACCOUNT").orElse(DEFAULT));
        } catch (IllegalArgumentException e) {
            throw CliException.usage("RUNNEL_ACCOUNT: %s".formatted(e.getMessage()));
        }
    }

    private static BearerToken key(String text) {
        return BearerToken.parse(text)
                .orElseThrow(() -> CliException.usage("RUNNEL_KEY must be ID.SECRET"));
    }

    private static List<URI> regions(Optional<Profile> profile, DataFolder data) {
        Set<URI> found = new LinkedHashSet<>();
        profile.flatMap(Profile::endpoint)
                .ifPresent(
                        home -> {
                            Urls.requireSecured(
                                    "endpoint of [%s] in %s"
                                            .formatted(profile.get().name(), data.credentials()),
                                    home);
                            found.add(home);
                        });
        if (Files.exists(data.topology())) {
            found.addAll(regions(TopologyReader.read(data.topology())));
        }
        return List.copyOf(found);
    }

    /** Where the regions of a topology take commands, the registry first. */
    static List<URI> regions(Topology topology) {
        Set<URI> found = new LinkedHashSet<>();
        found.add(Urls.ofRegion(topology.registry().nodes().getFirst()));
        topology.regions().stream()
                .flatMap(r -> r.nodes().stream())
                .map(Urls::ofRegion)
                .forEach(found::add);
        return List.copyOf(found);
    }
}
