package io.runnel.routing.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Grants as JSON. What is not said by a grant does not stand there. */
final class GrantJson {
    /**
     * Who knows nothing of aliases, or of terms that came later, must not take a grant for one of
     * everything, or on no terms: with this number it is nothing to him.
     */
    private static final int NOT_UNDERSTOOD = -1;

    private GrantJson() {}

    static void write(ObjectNode json, GrantRecord grant) {
        json.put("account", grant.task().account().value());
        json.put("task", grant.task().name().value());
        json.put("grantee", grant.grantee().toString());
        json.put("id", grant.id());
        json.put("effect", grant.effect().label());
        Qualifier only = grant.only();
        if (!only.alias().isEmpty()) {
            json.put("alias", only.alias());
            json.put("version", NOT_UNDERSTOOD);
        } else if (asksMore(grant.terms())) {
            json.put("only", only.version());
            json.put("version", NOT_UNDERSTOOD);
        } else if (only.version() > 0) {
            json.put("version", only.version());
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
        if (!terms.regions().isEmpty()) {
            var regions = json.putArray("regions");
            terms.regions().forEach(region -> regions.add(region.value()));
        }
        terms.rate()
                .ifPresent(
                        rate ->
                                json.putObject("rate")
                                        .put("perSecond", rate.perSecond())
                                        .put("burst", rate.burst()));
        terms.agreement().ifPresent(text -> json.put("agreement", text));
        if (!terms.routes().isEmpty()) {
            terms.routes().forEach(json.putArray("routes")::add);
        }
    }

    /** Terms that nodes of an earlier version did not know. */
    private static boolean asksMore(GrantTerms terms) {
        return terms.limitCalls() || terms.agreement().isPresent() || !terms.routes().isEmpty();
    }

    static GrantRecord read(JsonFields fields) {
        return new GrantRecord(
                TaskRef.of(fields.text("account"), fields.text("task")),
                fields.value("grantee", Grantee::parse),
                fields.text("id"),
                only(fields),
                fields.value("effect", GrantRecord.Effect::parse),
                fields.has("revoked") && fields.flag("revoked"),
                fields.has("placement")
                        ? fields.value("placement", GrantRecord.Placement::parse)
                        : GrantRecord.Placement.CALLER,
                readTerms(fields));
    }

    private static Qualifier only(JsonFields fields) {
        if (fields.has("alias")) {
            return Qualifier.of(fields.text("alias"));
        }
        if (fields.has("only")) {
            int version = fields.smallNumber("only");
            return version > 0 ? Qualifier.of(version) : Qualifier.NONE;
        }
        return fields.has("version") ? Qualifier.of(fields.smallNumber("version")) : Qualifier.NONE;
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
                                : Optional.empty(),
                        fields.has("regions")
                                ? fields.texts("regions").stream().map(RegionId::new).toList()
                                : List.of(),
                        fields.has("rate")
                                ? Optional.of(readRate(fields.fields("rate")))
                                : Optional.empty(),
                        fields.has("agreement")
                                ? Optional.of(fields.text("agreement"))
                                : Optional.empty(),
                        fields.has("routes") ? fields.texts("routes") : List.of());
        return terms.equals(GrantTerms.NONE) ? GrantTerms.NONE : terms;
    }

    private static CallRate readRate(JsonFields fields) {
        return new CallRate(fields.smallNumber("perSecond"), fields.smallNumber("burst"));
    }

    private static Optional<Instant> instant(JsonFields fields, String name) {
        return fields.has(name)
                ? Optional.of(Instant.ofEpochMilli(fields.wholeNumber(name)))
                : Optional.empty();
    }
}
