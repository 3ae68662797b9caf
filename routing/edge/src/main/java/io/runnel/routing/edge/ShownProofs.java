package io.runnel.routing.edge;

import io.runnel.attestation.KeyId;
import io.runnel.attestation.signature.SignatureV4;
import io.runnel.exec.http.CallerProof;
import io.runnel.exec.http.Credentials;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.KeyFacts;
import io.runnel.exec.http.Origin;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.CredentialFlaw;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.placement.Proof;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Proves who calls by what a call shows, in any of its forms, and says so where that proves
 * nothing. For any event loop; never blocks.
 *
 * @param signed checks what callers signed
 */
record ShownProofs(SignedCalls signed) {
    /** Goes on with what came of it: at once, but for what is signed. */
    void prove(Exchange exchange, Origin origin, Catalog now, Consumer<Proof> then) {
        HttpServerRequest request = exchange.request();
        Credentials shown =
                Credentials.of(request.headers(), Objects.requireNonNullElse(request.query(), ""));
        if (shown instanceof Credentials.Signed(SignatureV4 signature)) {
            factsOf(now, signature.key())
                    .ifPresentOrElse(
                            facts -> signed.prove(exchange, origin, signature, facts, then),
                            () -> signed.refute(exchange, origin, signature, then));
            return;
        }
        then.accept(
                switch (CallerProof.check(shown, id -> factsOf(now, id))) {
                    case CallerProof.Proved(Caller caller) -> new Proof.Proved(caller);
                    case CallerProof.BadCredentials _ -> new Proof.Bad(shown.flaw());
                });
    }

    private static Optional<KeyFacts> factsOf(Catalog now, KeyId id) {
        return now.key(id.value()).map(key -> new KeyFacts(key.account(), key.secretSha256()));
    }

    /** Refuses a call whose caller is not proved. */
    void refuse(Exchange exchange, Proof proof) {
        signed.refuse(
                exchange,
                switch (proof) {
                    case Proof.Bad(CredentialFlaw flaw) -> flaw;
                    case Proof.Owner _ -> CredentialFlaw.UNKNOWN;
                    case Proof.Proved(Caller.Keyed _) -> CredentialFlaw.UNKNOWN;
                    case Proof.Proved(Caller.Anonymous _) -> flawOfNone(exchange);
                });
    }

    /**
     * Where no guest sees an {@code Authorization}, one that is not by a key of ours is by none.
     */
    private static CredentialFlaw flawOfNone(Exchange exchange) {
        return exchange.request().headers().contains(HttpHeaders.AUTHORIZATION)
                ? CredentialFlaw.UNKNOWN
                : CredentialFlaw.MISSING;
    }
}
