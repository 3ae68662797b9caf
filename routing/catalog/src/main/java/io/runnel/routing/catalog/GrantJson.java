package io.runnel.routing.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.TaskRef;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Grants as JSON. What is not said by a grant does not stand there. */
final class GrantJson {
    private GrantJson() {}

    static void write(ObjectNode json, GrantRecord grant) {
        json.put("account", grant.task().account().value());
        json.put("task", grant.task().name().value());
        json.put("grantee", grant.grantee().toString());
        json.put("id", grant.id());
        json.put("effect", grant.effect().label());
        if (grant.version() > 0) {
            json.put("version", grant.version());
        }
        if (grant.revoked()) {
            json.put("revoked", true);
        }
        if (grant.placement() != GrantRecord.Placement.CALLER) {
            json.put("placement", grant.placement().label());
        }
        GrantTerms terms = grant.terms();
        terms.from().ifPresent(at -> json.put("fromMs", at.toEpochMilli()));
        terms.until().ifPresent(at -> json.put("untilMs", at.toEpochMilli()));
        if (!terms.methods().isEmpty()) {
            terms.methods().forEach(json.putArray("methods")::add);
        }
        if (!terms.networks().isEmpty()) {
            var networks = json.putArray("networks");
            terms.networks().forEach(network -> networks.add(network.toString()));
        }
        terms.maxStale().ifPresent(d -> json.put("maxStaleMs", d.toMillis()));
    }

    static GrantRecord read(JsonFields fields) {
        return new GrantRecord(
                TaskRef.of(fields.text("account"), fields.text("task")),
                fields.value("grantee", Grantee::parse),
                fields.text("id"),
                fields.has("version") ? fields.smallNumber("version") : 0,
                fields.value("effect", GrantRecord.Effect::parse),
                fields.has("revoked") && fields.flag("revoked"),
                fields.has("placement")
                        ? fields.value("placement", GrantRecord.Placement::parse)
                        : GrantRecord.Placement.CALLER,
                readTerms(fields));
    }

    /** Most grants have none: those are one. */
    private static GrantTerms readTerms(JsonFields fields) {
        GrantTerms terms =
                new GrantTerms(
                        instant(fields, "fromMs"),
                        instant(fields, "untilMs"),
                        fields.has("methods") ? fields.texts("methods") : List.of(),
                        fields.has("networks")
                                ? fields.texts("networks").stream()
                                        .map(AddressBlock::parse)
                                        .toList()
                                : List.of(),
                        fields.has("maxStaleMs")
                                ? Optional.of(Duration.ofMillis(fields.wholeNumber("maxStaleMs")))
                                : Optional.empty());
        return terms.equals(GrantTerms.NONE) ? GrantTerms.NONE : terms;
    }

    private static Optional<Instant> instant(JsonFields fields, String name) {
        return fields.has(name)
                ? Optional.of(Instant.ofEpochMilli(fields.wholeNumber(name)))
                : Optional.empty();
    }
}
