package io.runnel.routing.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;

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
        JsonFields.putQualifier(json, alias.version());
        alias.parameters().forEach(json.putObject("parameters")::put);
        alias.secrets().ifPresent(secrets -> RecordJson.putSecrets(json, secrets));
    }

    static CallerAliasRecord read(JsonFields fields) {
        return new CallerAliasRecord(
                TaskRef.of(fields.text("account"), fields.text("name")),
                TaskRef.of(fields.text("owner"), fields.text("task")),
                fields.qualifier(),
                fields.textMap("parameters"),
                fields.has("secrets")
                        ? Optional.of(RecordJson.readSecrets(fields.fields("secrets")))
                        : Optional.empty());
    }
}
