package io.runnel.routing.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.TaskRef;

import java.time.Instant;
import java.util.Optional;

/** Aliases as JSON. */
final class AliasJson {
    private AliasJson() {}

    static void write(ObjectNode json, AliasRecord alias) {
        json.put("account", alias.task().account().value());
        json.put("task", alias.task().name().value());
        json.put("alias", alias.name());
        json.put("version", alias.version());
        alias.canary()
                .ifPresent(
                        canary -> {
                            ObjectNode one = json.putObject("canary");
                            one.put("version", canary.version());
                            one.put("permille", canary.permille());
                            canary.stickyBy().ifPresent(by -> one.put("stickyBy", by));
                        });
        alias.rolledBack()
                .ifPresent(
                        back -> {
                            ObjectNode one = json.putObject("rolledBack");
                            one.put("version", back.version());
                            one.put("atMs", back.at().toEpochMilli());
                            one.put("why", back.why());
                        });
    }

    static AliasRecord read(JsonFields fields) {
        return new AliasRecord(
                TaskRef.of(fields.text("account"), fields.text("task")),
                fields.text("alias"),
                fields.smallNumber("version"),
                fields.has("canary")
                        ? Optional.of(canary(fields.fields("canary")))
                        : Optional.empty(),
                fields.has("rolledBack")
                        ? Optional.of(rolledBack(fields.fields("rolledBack")))
                        : Optional.empty());
    }

    private static Canary canary(JsonFields fields) {
        return new Canary(
                fields.smallNumber("version"),
                fields.smallNumber("permille"),
                fields.has("stickyBy") ? Optional.of(fields.text("stickyBy")) : Optional.empty());
    }

    private static RolledBack rolledBack(JsonFields fields) {
        return new RolledBack(
                fields.smallNumber("version"),
                Instant.ofEpochMilli(fields.wholeNumber("atMs")),
                fields.text("why"));
    }
}
