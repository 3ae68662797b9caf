package io.runnel.region.server;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.gate.PeerDocuments;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;
import io.runnel.attestation.policy.FactPolicy;
import io.runnel.cluster.replication.CodeHandler;
import io.runnel.cluster.replication.FeedHandler;
import io.runnel.cluster.replication.SecretHandler;
import io.runnel.cluster.replication.SigningKeyHandler;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Requirements;
import io.runnel.exec.task.SecretBundle;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.placement.EligibleRegions;
import io.runnel.routing.placement.Fit;
import io.runnel.topology.Policy;
import io.runnel.topology.Topology;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What a node of another place must be so that it is given what it asks for: records, by the
 * topology's policy; code, by that and by what the accounts that own it ask of nodes. It shows that
 * by its document, with each request; what goes on it must show again in time. Nodes of this region
 * need not: they have its authority's key and its database anyway. Safe for any thread.
 */
final class NodeGates {
    private final RegionId region;
    private final Topology topology;
    private final Supplier<Catalog> catalog;
    private final PeerDocuments documents;
    private final InstantSource clock;

    /** Until when followers have shown enough. */
    private final Map<NodeName, Instant> followers = new ConcurrentHashMap<>();

    /**
     * Those of one node.
     *
     * @param region its own
     * @param documents whose it believes
     */
    NodeGates(
            RegionId region,
            Topology topology,
            Supplier<Catalog> catalog,
            PeerDocuments documents,
            InstantSource clock) {
        this.region = region;
        this.topology = topology;
        this.catalog = catalog;
        this.documents = documents;
        this.clock = clock;
    }

    /**
     * Somebody was not given what it asked for.
     *
     * @param action what was to be done for it
     * @param why all that speaks against it
     */
    record Denial(Policy.Action action, String why) {
        /** What it is told, and what is written of it. */
        String text() {
            return "the policy '%s': %s".formatted(action.label(), why);
        }
    }

    /** Whether something may be asked of who sends requests to this path. */
    static boolean concern(String path) {
        return path.equals(FeedHandler.PATH)
                || path.startsWith(CodeHandler.PATH)
                || path.startsWith(SecretHandler.PATH)
                || path.startsWith(SigningKeyHandler.PATH);
    }

    /**
     * Why somebody is not given what it asks for. Blocks for a signature, and looks through the
     * accounts: not for event loops.
     *
     * @param path one that {@link #concern} them
     * @param jwt its document
     */
    Optional<Denial> denial(Identity who, String path, Optional<String> jwt) {
        if (who instanceof Identity.RegionNode mate && mate.region().equals(region)) {
            return Optional.empty();
        }
        if (path.startsWith(SecretHandler.PATH)) {
            return denialOfSecrets(who, path.substring(SecretHandler.PATH.length()), jwt);
        }
        if (path.startsWith(SigningKeyHandler.PATH)) {
            return denialOfSigningKey(who, path.substring(SigningKeyHandler.PATH.length()), jwt);
        }
        return path.equals(FeedHandler.PATH)
                ? denialOfRecords(who, jwt)
                : denialOfCode(who, path.substring(CodeHandler.PATH.length()), jwt);
    }

    /** Who shows nothing of itself gets none, whatever is asked of it. */
    private Optional<Denial> denialOfSecrets(Identity who, String path, Optional<String> jwt) {
        Catalog now = catalog.get();
        Optional<SecretBundle.Key> key = SecretBundle.Key.parse(path);
        Optional<VersionRecord> version = key.flatMap(its -> version(now, its));
        boolean isOfAlias = key.filter(its -> isOfAlias(now, its)).isPresent();
        Optional<AccountRecord> owner =
                key.filter(its -> version.isPresent() || isOfAlias)
                        .flatMap(its -> now.account(its.task().account()));
        if (owner.isEmpty()) {
            return deniedSecrets("no version and no alias is known to have these secrets");
        }
        boolean mayHave =
                version.map(its -> mayRun(who, its)).orElse(who instanceof Identity.RegionNode);
        return mayHave
                ? denialOfSecrets(who, jwt, owner.get())
                : deniedSecrets("what they are of may not run there");
    }

    private static boolean isOfAlias(Catalog now, SecretBundle.Key key) {
        return now.callerAlias(key.task())
                .flatMap(alias -> alias.value().secretKey())
                .filter(key::equals)
                .isPresent();
    }

    /** What a key's secret gives is the secret of its account, for a day. */
    private Optional<Denial> denialOfSigningKey(Identity who, String path, Optional<String> jwt) {
        Catalog now = catalog.get();
        Optional<AccountRecord> owner =
                SigningKeyHandler.Wanted.parse(path)
                        .flatMap(wanted -> now.key(wanted.key().value()))
                        .flatMap(key -> now.account(key.account()));
        return owner.isEmpty()
                ? deniedSecrets("no account is known to have this key")
                : denialOfSecrets(who, jwt, owner.get());
    }

    private Optional<Denial> denialOfSecrets(
            Identity who, Optional<String> jwt, AccountRecord owner) {
        return switch (documents.check(who, jwt, clock.instant())) {
            case Verdict.Rejected<PeerDocuments.Shown>(List<Rejection> why) ->
                    deniedSecrets(Rejection.text(why));
            case Verdict.Trusted<PeerDocuments.Shown>(PeerDocuments.Shown shown) -> {
                List<Rejection> why = new ArrayList<>();
                Stream.of(
                                topology.required(Policy.Action.READ_SECRET, owner.id()),
                                owner.requires())
                        .forEach(one -> check(one, shown.facts()).ifPresent(why::addAll));
                yield why.isEmpty() ? Optional.empty() : deniedSecrets(Rejection.text(why));
            }
        };
    }

    private static Optional<Denial> deniedSecrets(String why) {
        return Optional.of(new Denial(Policy.Action.READ_SECRET, why));
    }

    private static Optional<VersionRecord> version(Catalog now, SecretBundle.Key key) {
        return now.versions(key.task()).stream()
                .filter(version -> SecretBundle.Key.of(version.task()).equals(Optional.of(key)))
                .findFirst();
    }

    /** By the version's own settings, whatever the node is. */
    private boolean mayRun(Identity who, VersionRecord version) {
        return switch (who) {
            case Identity.RegionNode node ->
                    EligibleRegions.of(version, topology).include(node.region());
            case Identity.Pop pop ->
                    topology.pop(pop.pop())
                            .filter(its -> Fit.of(version, its) == Fit.FITS)
                            .isPresent();
            case Identity.Supervisor _, Identity.Root _, Identity.Authority _ -> false;
        };
    }

    private Optional<Denial> denialOfRecords(Identity who, Optional<String> jwt) {
        Requirements asked = topology.required(Policy.Action.REPLICATE);
        if (asked.areNone()) {
            return Optional.empty();
        }
        // What it showed before counts no more.
        followers.remove(name(who));
        return switch (documents.check(who, jwt, clock.instant())) {
            case Verdict.Rejected<PeerDocuments.Shown>(List<Rejection> why) ->
                    Optional.of(new Denial(Policy.Action.REPLICATE, Rejection.text(why)));
            case Verdict.Trusted<PeerDocuments.Shown>(PeerDocuments.Shown shown) -> {
                Optional<List<Rejection>> why = check(asked, shown.facts());
                if (why.isEmpty()) {
                    followers.put(name(who), shown.until());
                }
                yield why.map(all -> new Denial(Policy.Action.REPLICATE, Rejection.text(all)));
            }
        };
    }

    /** Whether a follower may go on. */
    boolean mayFollow(Optional<NodeName> node) {
        if (topology.required(Policy.Action.REPLICATE).areNone()) {
            return true;
        }
        boolean isMate =
                node.flatMap(topology::regionNode).isPresent()
                        && node.flatMap(topology::regionOf)
                                .filter(its -> its.name().equals(region))
                                .isPresent();
        return isMate || node.map(followers::get).filter(clock.instant()::isBefore).isPresent();
    }

    private static NodeName name(Identity who) {
        return switch (who) {
            case Identity.RegionNode node -> node.node();
            case Identity.Pop pop -> new NodeName(pop.pop().value());
            case Identity.Supervisor supervisor -> supervisor.machine();
            case Identity.Root _, Identity.Authority _ ->
                    throw new IllegalArgumentException("no node: " + who.uri());
        };
    }

    /** It is enough if one of the accounts that have this code lets it go there. */
    private Optional<Denial> denialOfCode(Identity who, String digest, Optional<String> jwt) {
        if (!CodeDigest.isValid(digest)) {
            return Optional.empty();
        }
        List<List<Requirements>> asked = asked(new CodeDigest(digest));
        if (asked.isEmpty()) {
            return Optional.of(
                    new Denial(Policy.Action.FETCH_CODE, "no account is known to have this code"));
        }
        if (asked.stream().anyMatch(one -> one.stream().allMatch(Requirements::areNone))) {
            return Optional.empty();
        }
        return switch (documents.check(who, jwt, clock.instant())) {
            case Verdict.Rejected<PeerDocuments.Shown>(List<Rejection> why) ->
                    Optional.of(new Denial(Policy.Action.FETCH_CODE, Rejection.text(why)));
            case Verdict.Trusted<PeerDocuments.Shown>(PeerDocuments.Shown shown) ->
                    denialOfCode(asked, shown.facts());
        };
    }

    private static Optional<Denial> denialOfCode(List<List<Requirements>> asked, ObjectNode facts) {
        List<Rejection> first = List.of();
        for (List<Requirements> one : asked) {
            List<Rejection> why = new ArrayList<>();
            one.forEach(requirements -> check(requirements, facts).ifPresent(why::addAll));
            if (why.isEmpty()) {
                return Optional.empty();
            }
            first = first.isEmpty() ? why : first;
        }
        return Optional.of(new Denial(Policy.Action.FETCH_CODE, Rejection.text(first)));
    }

    /** Of each account that has this code: by the network, and by itself. */
    private List<List<Requirements>> asked(CodeDigest code) {
        Catalog now = catalog.get();
        return now.accounts()
                .filter(account -> now.usesCode(account.id(), code))
                .map(
                        owner ->
                                List.of(
                                        topology.required(Policy.Action.FETCH_CODE, owner.id()),
                                        owner.requires()))
                .toList();
    }

    private static Optional<List<Rejection>> check(Requirements asked, ObjectNode facts) {
        return switch (new FactPolicy(asked).check(facts)) {
            case Verdict.Trusted<ObjectNode> relied -> Optional.empty();
            case Verdict.Rejected<ObjectNode>(List<Rejection> why) -> Optional.of(why);
        };
    }
}
