package io.runnel.pop;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.AttestationException;
import io.runnel.attestation.authority.NodeFacts;
import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.certificate.PemException;
import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.DocumentSigner;
import io.runnel.attestation.document.Event;
import io.runnel.attestation.document.Kind;
import io.runnel.attestation.document.MeasurementCheck;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.join.IdentityFile;
import io.runnel.attestation.join.JoinProof;
import io.runnel.attestation.join.JoinRequest;
import io.runnel.attestation.join.JoinTokenFile;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.Peer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;

import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Has a key of this POP's certified: by what it was certified with before, else by the join token
 * in its folder. Each region's node is asked until one does. Safe for any thread.
 */
final class PopEnrolment {
    private static final Logger LOG = System.getLogger(PopEnrolment.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final PopFacts facts;
    private final InternalClient client;
    private final NodeIdentity identity;
    private final IdentityFile file;
    private final JoinTokenFile tokens;
    private final NodeFacts said;
    private final Executor workers;
    private final SecureRandom random;
    private final InstantSource clock;

    /** Why it was not certified when that was said last: said once. */
    private volatile String refusal = "";

    PopEnrolment(
            PopFacts facts,
            InternalClient client,
            NodeIdentity identity,
            IdentityFile file,
            NodeFacts said,
            Executor workers,
            SecureRandom random,
            InstantSource clock) {
        this.facts = facts;
        this.client = client;
        this.identity = identity;
        this.file = file;
        this.tokens = new JoinTokenFile(facts.folder().own());
        this.said = said;
        this.workers = workers;
        this.random = random;
        this.clock = clock;
    }

    /**
     * Asks all once; blocks a while before that. Fails if none certifies the key.
     *
     * @return what was certified, not checked yet
     */
    Future<CertifiedKey> ask() {
        try {
            Optional<DocumentSigner> signer = identity.signer();
            List<Attempt> attempts = attempts(signer);
            if (attempts.isEmpty()) {
                tell(
                        "this POP has nothing to show: put a join token into %s (runnel attest token %s)"
                                .formatted(tokens.path(), facts.pop().name()));
                return Future.failedFuture("nothing to show");
            }
            return file.next(signer.map(DocumentSigner::key), random)
                    .map(pair -> ask(attempts, pair, said.get()))
                    .orElseGet(() -> Future.failedFuture("certified by another of its processes"));
        } catch (AttestationException | PemException | UncheckedIOException e) {
            tell("this POP cannot ask to be certified: " + e.getMessage());
            return Future.failedFuture(e);
        }
    }

    private Future<CertifiedKey> ask(List<Attempt> attempts, KeyPair pair, ObjectNode evidence) {
        Queue<String> reasons = new ConcurrentLinkedQueue<>();
        Future<CertifiedKey> certified = Future.failedFuture("nobody was asked");
        for (Attempt attempt : attempts) {
            certified =
                    certified.recover(
                            before ->
                                    ask(attempt, pair, evidence)
                                            .onFailure(e -> reasons.add(attempt.told(e))));
        }
        return certified.onFailure(
                last -> tell("no region certifies this POP: " + String.join("; ", reasons)));
    }

    private void tell(String why) {
        if (!why.equals(refusal)) {
            refusal = why;
            LOG.log(Level.WARNING, why);
        }
    }

    /** One region's node that is asked, by what shows what this was before or by a token. */
    private record Attempt(Peer peer, Optional<DocumentSigner> signer, String token) {
        String told(Throwable failure) {
            return "%s says %s".formatted(peer, failure.getMessage());
        }
    }

    private List<Attempt> attempts(Optional<DocumentSigner> signer) {
        List<Attempt> attempts = new ArrayList<>();
        if (signer.isPresent()) {
            facts.regions().forEach(peer -> attempts.add(new Attempt(peer, signer, "")));
        }
        for (Peer peer : facts.regions()) {
            tokens.of(peer.region())
                    .ifPresent(token -> attempts.add(new Attempt(peer, Optional.empty(), token)));
        }
        return attempts;
    }

    private Future<CertifiedKey> ask(Attempt attempt, KeyPair pair, ObjectNode evidence) {
        Peer peer = attempt.peer();
        return client.nonce(peer, facts.pop().name(), PATIENCE)
                .compose(
                        nonce ->
                                working(
                                        () ->
                                                JoinRequest.of(
                                                        pair,
                                                        nonce,
                                                        evidence,
                                                        proof(attempt, nonce, pair, evidence))))
                .compose(request -> client.certify(peer, facts.pop().name(), request, PATIENCE))
                .compose(pem -> working(() -> certified(pair, pem)));
    }

    private <T> Future<T> working(Supplier<T> work) {
        Promise<T> done = Promise.promise();
        workers.execute(
                () -> {
                    try {
                        done.complete(work.get());
                    } catch (RuntimeException e) {
                        done.fail(e);
                    }
                });
        return done.future();
    }

    private JoinProof proof(Attempt attempt, String nonce, KeyPair pair, ObjectNode evidence) {
        if (attempt.signer().isEmpty()) {
            return new JoinProof.Token(attempt.token());
        }
        DocumentSigner signer = attempt.signer().get();
        String network = signer.key().identity().network();
        var authority = new Identity.Authority(network, attempt.peer().region());
        ObjectNode shown = evidence.deepCopy();
        // Said in the request already, which is not to be twice as long for it.
        shown.remove(MeasurementCheck.SOFTWARE);
        shown.put(JoinRequest.NEXT_KEY, JoinRequest.hash(pair.getPublic()));
        return new JoinProof.Document(
                signer.signAsJwt(
                        signer.draft(
                                Kind.NODE,
                                Event.REQUEST,
                                shown,
                                Set.of(),
                                new Asked(Optional.of(authority.uri()), Optional.of(nonce)),
                                clock.instant())));
    }

    private static CertifiedKey certified(KeyPair pair, Buffer pem) {
        List<X509Certificate> chain = Pem.certificates(pem.toString());
        if (!chain.getFirst().getPublicKey().equals(pair.getPublic())) {
            throw new IllegalStateException("another key was certified");
        }
        return new CertifiedKey(pair.getPrivate(), chain);
    }

    /** Keeps what was certified, and takes the tokens away: they are used up. */
    void keep(CertifiedKey key) {
        refusal = "";
        try {
            file.write(key);
            boolean unused = tokens.delete();
        } catch (PemException | AttestationException e) {
            LOG.log(
                    Level.WARNING,
                    "this POP cannot keep who it is: it will need another join token",
                    e);
        }
    }
}
