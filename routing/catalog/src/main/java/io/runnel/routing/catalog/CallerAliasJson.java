package io.runnel.routing.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;

import java.util.Optional;

/** Callers' aliases as JSON. */
final class CallerAliasJson {
    private CallerAliasJson() {}

    static void write(ObjectNode json, CallerAliasRecord alias) {
        json.put("account", alias.name().account().value());
        json.put("name", alias.name().name().value());
        json.put("owner", alias.of().account().value());
        json.put("task", alias.of().name().value());
        Qualifier version = alias.version();
        if (version.version() > 0) {
            json.put("version", version.version());
        } else if (!version.alias().isEmpty()) {
            json.put("alias", version.alias());
        }
        alias.parameters().forEach(json.putObject("parameters")::put);
        alias.secrets().ifPresent(secrets -> RecordJson.putSecrets(json, secrets));
    }

    static CallerAliasRecord read(JsonFields fields) {
        return new CallerAliasRecord(
                TaskRef.of(fields.text("account"), fields.text("name")),
                TaskRef.of(fields.text("owner"), fields.text("task")),
                version(fields),
                fields.textMap("parameters"),
                fields.has("secrets")
                        ? Optional.of(RecordJson.readSecrets(fields.fields("secrets")))
                        : Optional.empty());
    }

    private static Qualifier version(JsonFields fields) {
        if (fields.has("alias")) {
            return Qualifier.of(fields.text("alias"));
        }
        return fields.has("version") ? Qualifier.of(fields.smallNumber("version")) : Qualifier.NONE;
    }
}
