package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AliasRecord;
import io.runnel.routing.catalog.Canary;
import io.runnel.routing.placement.CanaryEvidence;
import io.runnel.topology.CanaryCount;

import java.util.Optional;
import java.util.OptionalInt;

/** An alias as requests and answers have it. */
final class AliasFields {
    private static final String CANARY = "canary";

    private AliasFields() {}

    /**
     * What a request says.
     *
     * @param usual the version, if none is named; 0 where one must be
     */
    static AliasRecord read(JsonBody body, TaskRef task, String name, int usual) {
        body.knowing("version", CANARY);
        Optional<JsonBody> canary = body.optionalObject(CANARY);
        int version =
                usual > 0
                        ? body.optionalPositive("version").orElse(usual)
                        : body.positive("version");
        try {
            return new AliasRecord(
                    task,
                    name,
                    version,
                    canary.map(it -> canary(it, OptionalInt.empty())),
                    Optional.empty());
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid("alias", e.getMessage());
        }
    }

    /**
     * What a request says of a canary.
     *
     * @param version which one it is; if empty, the request says so
     */
    static Canary canary(JsonBody body, OptionalInt version) {
        if (version.isPresent()) {
            body.knowing("permille", "stickyBy");
        } else {
            body.knowing("version", "permille", "stickyBy");
        }
        int number = version.isPresent() ? version.getAsInt() : body.positive("version");
        try {
            return new Canary(
                    number,
                    body.positive("permille"),
                    body.has("stickyBy") ? Optional.of(body.text("stickyBy")) : Optional.empty());
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid(CANARY, e.getMessage());
        }
    }

    static ObjectNode of(AliasRecord alias, Optional<CanaryCount> count) {
        ObjectNode json = ControlJson.object();
        put(json, alias, count);
        return json;
    }

    static void put(ObjectNode json, AliasRecord alias, Optional<CanaryCount> count) {
        json.put("name", alias.name());
        json.put("path", "/fn/" + alias.key());
        json.put("version", alias.version());
        alias.canary().ifPresent(canary -> put(json.putObject(CANARY), canary, count));
        alias.rolledBack()
                .ifPresent(
                        back -> {
                            ObjectNode one = json.putObject("rolledBack");
                            one.put("version", back.version());
                            one.put("at", back.at().toString());
                            one.put("why", back.why());
                        });
    }

    private static void put(ObjectNode json, Canary canary, Optional<CanaryCount> count) {
        json.put("version", canary.version());
        json.put("permille", canary.permille());
        canary.stickyBy().ifPresent(by -> json.put("stickyBy", by));
        count.ifPresent(
                counted -> {
                    json.put("calls", counted.canaryCalls());
                    json.put("failed", counted.canaryFailed());
                    json.put("othersCalls", counted.calls());
                    json.put("othersFailed", counted.failed());
                    json.put("evidence", CanaryEvidence.of(counted));
                });
        json.put("evidenceEnough", CanaryEvidence.ENOUGH);
    }
}
