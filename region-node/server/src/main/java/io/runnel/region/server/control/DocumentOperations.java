package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.Believed;
import io.runnel.attestation.document.Disclosure;
import io.runnel.attestation.document.IdentityDocument;
import io.runnel.attestation.document.SignedDocument;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Whether identity documents are to be believed, for who does not check them itself. */
final class DocumentOperations {
    private final ControlSettings settings;

    DocumentOperations(ControlSettings settings) {
        this.settings = settings;
    }

    CompletionStage<Reply> verify(Call call) {
        JsonBody body =
                call.body()
                        .knowing(
                                "document", "signature", "jwt", "disclosures", "audience", "nonce");
        Asked expected = expected(body);
        Function<Instant, Verdict<Believed>> check = check(body, expected);
        return CompletableFuture.supplyAsync(
                () -> Reply.ok(json(check.apply(settings.clock().instant()))), settings.disk());
    }

    private Function<Instant, Verdict<Believed>> check(JsonBody body, Asked expected) {
        boolean asJwt = body.has("jwt");
        if (asJwt == (body.has("document") || body.has("signature"))) {
            throw RefusedException.invalid(
                    "body", "must have document and signature, or jwt, and not both");
        }
        List<String> disclosures = body.texts("disclosures");
        if (asJwt) {
            String jwt = body.text("jwt");
            return now -> settings.documents().verify(jwt, read(disclosures), expected, now);
        }
        byte[] document = body.text("document").getBytes(StandardCharsets.UTF_8);
        byte[] signature = body.value("signature", DocumentOperations::decoded);
        return now ->
                settings.documents()
                        .verify(
                                new SignedDocument(document, signature, read(disclosures)),
                                expected,
                                now);
    }

    private static List<Disclosure> read(List<String> disclosures) {
        try {
            return Disclosure.parseAll(disclosures);
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid("disclosures", e.getMessage());
        }
    }

    private static byte[] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be in base64", e);
        }
    }

    /** Each is checked by its own name. */
    private static Asked expected(JsonBody body) {
        return new Asked(
                body.optional("audience", text -> new Asked(Optional.of(text), Optional.empty()))
                        .flatMap(Asked::audience),
                body.optional("nonce", text -> new Asked(Optional.empty(), Optional.of(text)))
                        .flatMap(Asked::nonce));
    }

    private static ObjectNode json(Verdict<Believed> verdict) {
        return switch (verdict) {
            case Verdict.Trusted<Believed>(Believed believed) -> json(believed);
            case Verdict.Rejected<Believed>(List<Rejection> why) -> json(why);
        };
    }

    private static ObjectNode json(Believed believed) {
        IdentityDocument document = believed.document();
        ObjectNode json = ControlJson.object();
        json.put("trusted", true)
                .put("signer", believed.signer().uri())
                .put("kind", document.kind().label())
                .put("event", document.event().label())
                .put("serial", document.serial())
                .put("issuedAt", document.issuedAt().toString())
                .put("notAfter", document.notAfter().toString());
        json.set("facts", believed.facts());
        return json;
    }

    /** Details stay here: some are the libraries' words. */
    private static ObjectNode json(List<Rejection> why) {
        ObjectNode json =
                ControlJson.list(
                        "reasons",
                        why,
                        (one, rejection) ->
                                one.put("code", rejection.reason().code())
                                        .put("reason", rejection.reason().sentence()));
        json.put("trusted", false);
        return json;
    }
}
