package io.runnel.attestation.gate;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.DocumentSigner;
import io.runnel.attestation.document.Event;
import io.runnel.attestation.document.IdentityDocument;
import io.runnel.attestation.document.Kind;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Verdict;
import io.runnel.attestation.policy.FactPolicy;
import io.runnel.exec.task.Requirements;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The document that a node shows the others of its network, always one of the last minutes; and
 * what it says, for the node itself to know what it may do. Safe for any thread; only {@link #look}
 * blocks.
 */
public final class OwnDocument {
    /** How old it gets at most: it counts for three times as long. */
    static final Duration RENEWED_AFTER = IdentityDocument.LIFE.dividedBy(3);

    private static final int MOST_KNOWN = 1_000;

    private final NodeIdentity identity;
    private final Identity self;
    private final Supplier<ObjectNode> said;
    private final InstantSource clock;
    private volatile Optional<Facts> facts = Optional.empty();
    private volatile Optional<Shown> shown = Optional.empty();

    private record Shown(DocumentSigner signer, String jwt, Instant since) {}

    private record Facts(ObjectNode all, Instant since, Map<Requirements, Boolean> known) {}

    /**
     * None yet.
     *
     * @param self who the node is, or is to be
     * @param said what is signed of it; asked for each document anew; may block
     */
    public OwnDocument(
            NodeIdentity identity, Identity self, Supplier<ObjectNode> said, InstantSource clock) {
        this.identity = identity;
        this.self = self;
        this.said = said;
        this.clock = clock;
    }

    /** For whom such documents are: the nodes of a network. */
    public static String audience(String network) {
        return "runnel://%s/nodes".formatted(network);
    }

    /** Has the document made anew, if it is time; to be called every other second. */
    public synchronized void look() {
        Optional<DocumentSigner> signer = identity.signer();
        boolean isGood =
                signer.isPresent()
                        && shown.filter(last -> last.signer() == signer.get())
                                .filter(last -> isOfNow(last.since()))
                                .isPresent();
        if (facts.isEmpty() || (!isGood && (signer.isPresent() || !isOfNow(facts.get().since())))) {
            facts = Optional.of(read());
        }
        if (!isGood) {
            shown = signer.map(this::sign);
        }
    }

    private Facts read() {
        Instant now = clock.instant();
        ObjectNode next = said.get().put(IdentityDocument.NODE, self.uri());
        return facts.filter(before -> before.all().equals(next))
                .map(before -> new Facts(next, now, before.known()))
                .orElseGet(() -> new Facts(next, now, new ConcurrentHashMap<>()));
    }

    private boolean isOfNow(Instant since) {
        Instant now = clock.instant();
        return !now.isBefore(since) && now.isBefore(since.plus(RENEWED_AFTER));
    }

    private Shown sign(DocumentSigner signer) {
        Instant now = clock.instant();
        var asked = new Asked(Optional.of(audience(self.network())), Optional.empty());
        String jwt =
                signer.signAsJwt(
                        signer.draft(
                                Kind.NODE,
                                Event.REQUEST,
                                facts.orElseThrow().all(),
                                Set.of(),
                                asked,
                                now));
        return new Shown(signer, jwt, now);
    }

    /** As JWT; none while the node is nobody. */
    public Optional<String> jwt() {
        return shown.map(Shown::jwt);
    }

    /** Whether the node itself is so; not before it has looked at itself. */
    public boolean meets(Requirements asked) {
        if (asked.areNone()) {
            return true;
        }
        Optional<Facts> own = facts;
        if (own.isEmpty()) {
            return false;
        }
        Map<Requirements, Boolean> known = own.get().known();
        Boolean before = known.get(asked);
        if (before != null) {
            return before;
        }
        boolean met =
                new FactPolicy(asked).check(own.get().all()) instanceof Verdict.Trusted<ObjectNode>;
        if (known.size() < MOST_KNOWN) {
            known.put(asked, met);
        }
        return met;
    }
}
