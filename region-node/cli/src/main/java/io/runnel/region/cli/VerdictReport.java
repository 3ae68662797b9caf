package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.document.Believed;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is thought of a document, whoever checked it.
 *
 * @param json as {@code --json} shows it
 */
record VerdictReport(ObjectNode json) {
    private static final String TRUSTED = "trusted";
    private static final String REASONS = "reasons";
    private static final List<String> TEXTS =
            List.of("signer", "kind", "event", "serial", "issuedAt", "notAfter");

    /** What was found here. */
    static VerdictReport of(Verdict<Believed> verdict) {
        return switch (verdict) {
            case Verdict.Trusted<Believed>(Believed believed) -> of(believed);
            case Verdict.Rejected<Believed>(List<Rejection> why) -> of(why);
        };
    }

    private static VerdictReport of(Believed believed) {
        ObjectNode all = Json.object();
        all.put(TRUSTED, true)
                .put("signer", believed.signer().uri())
                .put("kind", believed.document().kind().label())
                .put("event", believed.document().event().label())
                .put("serial", believed.document().serial())
                .put("issuedAt", believed.document().issuedAt().toString())
                .put("notAfter", believed.document().notAfter().toString());
        all.set("facts", believed.facts());
        return new VerdictReport(all);
    }

    private static VerdictReport of(List<Rejection> why) {
        ObjectNode all = Json.object().put(TRUSTED, false);
        for (Rejection rejection : why) {
            all.withArray(REASONS)
                    .addObject()
                    .put("code", rejection.reason().code())
                    .put("reason", rejection.reason().sentence())
                    .put("detail", rejection.detail());
        }
        return new VerdictReport(all);
    }

    /**
     * What a region answered; empty if it is no verdict. Only what is told of a verdict is taken
     * over.
     */
    static Optional<VerdictReport> told(JsonNode answer) {
        if (!answer.path(TRUSTED).isBoolean()) {
            return Optional.empty();
        }
        return answer.path(TRUSTED).booleanValue() ? believed(answer) : rejected(answer);
    }

    private static Optional<VerdictReport> believed(JsonNode answer) {
        if (!areTexts(answer, TEXTS) || !answer.path("facts").isObject()) {
            return Optional.empty();
        }
        ObjectNode all = Json.object().put(TRUSTED, true);
        TEXTS.forEach(name -> all.set(name, answer.path(name)));
        all.set("facts", answer.path("facts"));
        return Optional.of(new VerdictReport(all));
    }

    private static Optional<VerdictReport> rejected(JsonNode answer) {
        ObjectNode all = Json.object().put(TRUSTED, false);
        ArrayNode reasons = all.putArray(REASONS);
        for (JsonNode one : answer.path(REASONS)) {
            if (!areTexts(one, List.of("code", "reason"))) {
                return Optional.empty();
            }
            reasons.addObject().put("code", text(one, "code")).put("reason", text(one, "reason"));
        }
        return reasons.isEmpty() ? Optional.empty() : Optional.of(new VerdictReport(all));
    }

    private static boolean areTexts(JsonNode json, List<String> names) {
        return names.stream().allMatch(name -> json.path(name).isTextual());
    }

    private static String text(JsonNode json, String name) {
        return json.path(name).textValue();
    }

    /** Whether it is to be believed. */
    boolean isTrusted() {
        return json.path(TRUSTED).booleanValue();
    }

    /** The same for people. */
    String text() {
        return isTrusted() ? facts() : reasons();
    }

    private String facts() {
        Table table = new Table("fact", "value");
        json.path("facts").properties().stream()
                .sorted((one, other) -> one.getKey().compareTo(other.getKey()))
                .forEach(
                        field ->
                                table.row(
                                        field.getKey(),
                                        field.getValue().isTextual()
                                                ? field.getValue().asText()
                                                : field.getValue().toString()));
        return "trusted: %s, signed by %s, valid until %s%n%s"
                .formatted(text(json, "kind"), text(json, "signer"), text(json, "notAfter"), table);
    }

    private String reasons() {
        StringBuilder text = new StringBuilder("rejected");
        for (JsonNode one : json.path(REASONS)) {
            String details =
                    String.join(
                            ": ",
                            Stream.of("code", "detail")
                                    .filter(one::has)
                                    .map(n -> text(one, n))
                                    .toList());
            text.append("%n  %s (%s)".formatted(text(one, "reason"), details));
        }
        return text.toString();
    }
}
