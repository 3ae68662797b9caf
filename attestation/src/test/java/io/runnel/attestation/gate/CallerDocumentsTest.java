package io.runnel.attestation.gate;

import static io.runnel.attestation.Verdicts.facts;
import static io.runnel.attestation.Verdicts.reasons;
import static io.runnel.attestation.certificate.TestNetwork.NOW;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.DocumentSigner;
import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.attestation.document.Event;
import io.runnel.attestation.document.Kind;
import io.runnel.attestation.identity.ChainCheck;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;
import io.runnel.exec.task.Requirements;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** What a node makes of what a caller shows, of whichever run on whichever node it is. */
class CallerDocumentsTest {
    private static final TaskRef PAY = TaskRef.of("acme", "pay");
    private static final TaskRef OTHER = TaskRef.of("acme", "other");

    private final TestNetwork net = new TestNetwork();
    private final AtomicInteger looked = new AtomicInteger();
    private volatile boolean revoked;
    private final ChainCheck chains =
            (chain, at) -> {
                looked.incrementAndGet();
                return revoked
                        ? Verdict.rejected(Reason.REVOKED, "by its authority")
                        : net.verifier.check(chain, at);
            };
    private final CallerDocuments documents =
            new CallerDocuments(new DocumentVerifier(chains), "net", new CallerNonces(net.random));

    private String signed(Kind kind, ObjectNode facts, String nonce) {
        DocumentSigner signer = new DocumentSigner(net.ams, net.random);
        Asked asked =
                new Asked(
                        Optional.of(documents.audience(PAY)),
                        Optional.of(nonce).filter(text -> !text.isEmpty()));
        return signer.signAsJwt(signer.draft(kind, Event.LAUNCH, facts, Set.of(), asked, NOW));
    }

    /** Of a run that may last ten seconds. */
    private static ObjectNode run() {
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("account", "demo").put("startedAt", NOW.toString());
        facts.putObject("limits").put("timeoutMillis", 10_000);
        return facts;
    }

    private List<Reason> why(String jwt, TaskRef task, Instant now) {
        return reasons(documents.check(jwt, task, false, now));
    }

    private static List<String> unmet(CallerDocuments.Shown shown, String fact, String value) {
        List<Requirements> asked =
                List.of(Requirements.NONE, new Requirements(Map.of(fact, List.of(value))));
        List<String> unmet = shown.unmetFacts(asked);
        for (int i = 0; i < 2; i++) {
            assertEquals(unmet.isEmpty(), shown.meets(asked), "asked " + i + " times before");
        }
        return unmet;
    }

    @Test
    void whatARunShowsIsBelievedForTheTaskThatItWasMadeFor() {
        String jwt = signed(Kind.INSTANCE, run(), "");
        CallerDocuments.Shown shown = facts(documents.check(jwt, PAY, false, NOW));
        assertEquals(List.of(), unmet(shown, "account", "demo"));
        assertEquals(List.of(), unmet(shown, "kind", "instance"));
        assertEquals(List.of("account"), unmet(shown, "account", "thief"));
        assertEquals(List.of("zone"), unmet(shown, "zone", "a"));
        assertEquals(
                List.of("fact-not-allowed: account is demo"),
                shown.unmet(List.of(new Requirements(Map.of("account", List.of("thief"))))).stream()
                        .map(Rejection::coded)
                        .toList());
        assertEquals(List.of(Reason.AUDIENCE_WRONG), why(jwt, OTHER, NOW));
        assertEquals(List.of(Reason.MALFORMED), why("garbage", PAY, NOW));
        CallerDocuments.Shown node =
                facts(
                        documents.check(
                                signed(Kind.NODE, run().put("kind", "instance"), ""),
                                PAY,
                                false,
                                NOW));
        assertEquals(List.of("kind"), unmet(node, "kind", "instance"));
        assertEquals(List.of(), unmet(node, "kind", "node"));
    }

    @Test
    void itCountsNoLongerThanTheRunMayLast() {
        String jwt = signed(Kind.INSTANCE, run(), "");
        assertEquals(List.of(), why(jwt, PAY, NOW.plusMillis(10_999)));
        assertTrue(documents.known(jwt, PAY, false, NOW.plusMillis(10_999)).isPresent());
        assertFalse(documents.known(jwt, PAY, false, NOW.plusSeconds(11)).isPresent());
        assertEquals(List.of(Reason.RUN_OVER), why(jwt, PAY, NOW.plusSeconds(11)));
        String endless = signed(Kind.INSTANCE, run().put("startedAt", "soon"), "");
        assertEquals(List.of(Reason.RUN_OVER), why(endless, PAY, NOW));
        assertEquals(List.of(), why(signed(Kind.NODE, run(), ""), PAY, NOW.plusSeconds(300)));
    }

    @Test
    void itsSignatureIsCheckedAgainEveryFewSeconds() {
        String jwt = signed(Kind.INSTANCE, run(), "");
        assertFalse(documents.known(jwt, PAY, false, NOW).isPresent());
        assertEquals(List.of(), why(jwt, PAY, NOW));
        Instant last = NOW.plus(CallerDocuments.GOOD).minusMillis(1);
        assertTrue(documents.known(jwt, PAY, false, last).isPresent());
        assertFalse(documents.known(jwt, OTHER, false, last).isPresent());
        assertEquals(1, looked.get());
        Instant after = NOW.plus(CallerDocuments.GOOD);
        assertFalse(documents.known(jwt, PAY, false, after).isPresent());
        revoked = true;
        assertEquals(List.of(Reason.REVOKED), why(jwt, PAY, after));
    }

    @Test
    void itIsFreshOnceWhereItsNonceIsFrom() {
        String jwt = signed(Kind.INSTANCE, run(), documents.nonce(NOW));
        assertEquals(
                List.of(), unmet(facts(documents.check(jwt, PAY, false, NOW)), "fresh", "true"));
        CallerDocuments.Shown again = documents.known(jwt, PAY, false, NOW).orElseThrow();
        assertEquals(List.of("fresh"), unmet(again, "fresh", "true"));
        assertEquals(
                List.of("fresh"),
                unmet(facts(documents.check(jwt, PAY, false, NOW)), "fresh", "true"));
        CallerDocuments.Shown passedOn = documents.known(jwt, PAY, true, NOW).orElseThrow();
        assertEquals(List.of(), unmet(passedOn, "fresh", "true"));
    }

    @Test
    void itIsNotFreshWithoutANonceOfHere() {
        for (String nonce : new String[] {"", "mine"}) {
            String jwt = signed(Kind.INSTANCE, run().put("fresh", true), nonce);
            CallerDocuments.Shown shown = facts(documents.check(jwt, PAY, false, NOW));
            assertEquals(List.of("fresh"), unmet(shown, "fresh", "true"), nonce);
            shown = facts(documents.check(jwt, PAY, true, NOW));
            assertEquals(List.of(), unmet(shown, "fresh", "true"), nonce);
        }
    }

    @Test
    void whatDoesNotMatchUsesNoNonceUp() {
        String nonce = documents.nonce(NOW);
        String jwt = signed(Kind.INSTANCE, run(), nonce);
        assertEquals(List.of(Reason.AUDIENCE_WRONG), why(jwt, OTHER, NOW));
        assertEquals(
                List.of(), unmet(facts(documents.check(jwt, PAY, false, NOW)), "fresh", "true"));
    }
}
