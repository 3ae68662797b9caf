package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AddressBlock;
import io.runnel.routing.catalog.CallRate;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.GrantRecord.Effect;
import io.runnel.routing.catalog.GrantRecord.Placement;
import io.runnel.routing.catalog.GrantTerms;
import io.runnel.routing.catalog.Grantee;
import io.runnel.topology.Topology;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/** A grant as requests and answers have it. */
final class GrantFields {
    private GrantFields() {}

    static GrantRecord read(
            JsonBody body, TaskRef task, Grantee grantee, String id, Topology topology) {
        body.knowing(
                "effect",
                "version",
                "alias",
                "placement",
                "from",
                "until",
                "methods",
                "networks",
                "maxStale",
                "regions",
                "perSecond",
                "burst",
                "agreement",
                "routes");
        List<AddressBlock> networks =
                body.texts("networks").stream()
                        .map(one -> JsonBody.checked("networks", one, AddressBlock::parse))
                        .toList();
        try {
            return new GrantRecord(
                    task,
                    grantee,
                    id,
                    only(body),
                    body.optional("effect", Effect::parse).orElse(Effect.ALLOW),
                    false,
                    body.optional("placement", Placement::parse).orElse(Placement.CALLER),
                    new GrantTerms(
                            body.optional("from", GrantFields::instant),
                            body.optional("until", GrantFields::instant),
                            body.texts("methods"),
                            networks,
                            body.optional("maxStale", DurationText::parse),
                            VersionRequest.regions(body, topology),
                            rate(body),
                            body.optional("agreement", text -> text),
                            body.texts("routes")));
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid("grant", e.getMessage());
        }
    }

    private static Optional<CallRate> rate(JsonBody body) {
        if (!body.has("perSecond")) {
            if (body.has("burst")) {
                throw RefusedException.invalid("burst", "needs perSecond");
            }
            return Optional.empty();
        }
        int perSecond = body.positive("perSecond");
        return Optional.of(
                new CallRate(perSecond, body.optionalPositive("burst").orElse(perSecond)));
    }

    private static Qualifier only(JsonBody body) {
        if (!body.has("alias")) {
            return body.has("version") ? Qualifier.of(body.positive("version")) : Qualifier.NONE;
        }
        if (body.has("version")) {
            throw RefusedException.invalid("alias", "goes with no version");
        }
        return body.value("alias", Qualifier::of);
    }

    static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("must be a time as 2027-01-31T12:00:00Z", e);
        }
    }

    static ObjectNode of(GrantRecord grant, Catalog catalog) {
        ObjectNode json = ControlJson.object();
        put(json, grant, catalog);
        return json;
    }

    /**
     * Tells it.
     *
     * @param catalog knows whether it is of a task or of an API
     */
    static void put(ObjectNode json, GrantRecord grant, Catalog catalog) {
        json.put("account", grant.task().account().value());
        json.put("task", grant.task().name().value());
        boolean isOfApi = AccountNames.isApi(catalog, grant.task());
        json.put("path", (isOfApi ? "/api/" : "/fn/") + grant.task() + grant.only());
        json.put("grantee", grant.grantee().toString());
        json.put("id", grant.id());
        json.put("effect", grant.effect().label());
        json.put("revoked", grant.revoked());
        json.put("placement", grant.placement().label());
        if (grant.only().version() > 0) {
            json.put("version", grant.only().version());
        }
        if (!grant.only().alias().isEmpty()) {
            json.put("alias", grant.only().alias());
        }
        GrantTerms terms = grant.terms();
        terms.from().ifPresent(at -> json.put("from", at.toString()));
        terms.until().ifPresent(at -> json.put("until", at.toString()));
        if (!terms.methods().isEmpty()) {
            terms.methods().forEach(json.putArray("methods")::add);
        }
        if (!terms.networks().isEmpty()) {
            var networks = json.putArray("networks");
            terms.networks().forEach(network -> networks.add(network.toString()));
        }
        terms.maxStale().ifPresent(time -> json.put("maxStale", DurationText.format(time)));
        if (!terms.regions().isEmpty()) {
            var regions = json.putArray("regions");
            terms.regions().forEach(region -> regions.add(region.value()));
        }
        terms.rate()
                .ifPresent(
                        rate -> json.put("perSecond", rate.perSecond()).put("burst", rate.burst()));
        terms.agreement().ifPresent(text -> json.put("agreement", text));
        if (!terms.routes().isEmpty()) {
            terms.routes().forEach(json.putArray("routes")::add);
        }
    }
}
