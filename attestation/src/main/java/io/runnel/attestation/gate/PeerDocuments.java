package io.runnel.attestation.gate;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.Believed;
import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.attestation.document.Kind;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;
import io.runnel.exec.task.RegionId;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * What other nodes show of themselves, with each request that needs it. A document's signature is
 * checked once; from then on it is known by its text until it ends. Keeps one for each node: ask
 * only for nodes of the topology, that have shown who they are. Safe for any thread.
 */
public final class PeerDocuments {
    private final DocumentVerifier verifier;
    private final Asked asked;
    private final Map<Identity, Held> held = new ConcurrentHashMap<>();

    private record Held(String jwt, Shown shown) {}

    /**
     * What a node has shown.
     *
     * @param facts of the document
     * @param until when it counts
     */
    public record Shown(ObjectNode facts, Instant until) {}

    /** Believes what this believes, of the nodes of this network. */
    public PeerDocuments(DocumentVerifier verifier, String network) {
        this.verifier = verifier;
        this.asked = new Asked(Optional.of(OwnDocument.audience(network)), Optional.empty());
    }

    /**
     * Looks at a document.
     *
     * @param who is at the other end of the connection, as was proved by that
     * @param jwt what it shows; hostile
     * @return what may be relied on, not to be changed; or why nothing may
     */
    public Verdict<Shown> check(Identity who, Optional<String> jwt, Instant now) {
        if (jwt.isEmpty()) {
            return Verdict.rejected(Reason.UNSIGNED, "no document");
        }
        Held before = held.get(who);
        if (before != null
                && before.jwt().equals(jwt.get())
                && now.isBefore(before.shown().until())) {
            return Verdict.trusted(before.shown());
        }
        Verdict<Shown> checked = verify(jwt.get(), now, who::equals);
        if (checked instanceof Verdict.Trusted<Shown>(Shown shown)) {
            held.put(who, new Held(jwt.get(), shown));
        }
        return checked;
    }

    /**
     * Looks at the document of whichever node of a region is at the other end of a connection.
     *
     * @param jwt hostile
     */
    public Verdict<Shown> check(RegionId region, String jwt, Instant now) {
        return verify(
                jwt,
                now,
                signer ->
                        signer instanceof Identity.RegionNode node && node.region().equals(region));
    }

    private Verdict<Shown> verify(String jwt, Instant now, Predicate<Identity> isItself) {
        return switch (verifier.verify(jwt, List.of(), asked, now)) {
            case Verdict.Rejected<Believed>(List<Rejection> why) -> new Verdict.Rejected<>(why);
            case Verdict.Trusted<Believed>(Believed believed) ->
                    isItself.test(believed.signer()) && believed.document().kind() == Kind.NODE
                            ? Verdict.trusted(new Shown(believed.facts(), believed.until()))
                            : Verdict.rejected(
                                    Reason.SIGNER_IS_NOT_SUBJECT, believed.signer().uri());
        };
    }
}
