package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.CallerAliasRecord;

import java.util.Map;
import java.util.Optional;

/** A caller's alias as requests and answers have it. */
final class CallerAliasFields {
    private static final String SECRETS = "secrets";

    private CallerAliasFields() {}

    /**
     * What a request says.
     *
     * @param secrets the names of those that are secret, and what their values are kept under
     */
    static CallerAliasRecord read(JsonBody body, TaskRef name, Optional<SecretBundle> secrets) {
        body.knowing("of", "parameters", SECRETS);
        String of = body.text("of");
        int at = of.indexOf('@');
        TaskRef task = task(at < 0 ? of : of.substring(0, at), name.account());
        Qualifier version =
                at < 0
                        ? Qualifier.NONE
                        : Qualifier.parse(of.substring(at + 1))
                                .orElseThrow(CallerAliasFields::badTask);
        try {
            return new CallerAliasRecord(name, task, version, body.textMap("parameters"), secrets);
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid("alias", e.getMessage());
        }
    }

    /** The secret parameters of a request, with their values; a message never holds one. */
    static Map<String, String> secrets(JsonBody body) {
        Map<String, String> secrets = body.textMap(SECRETS);
        if (secrets.size() > CallerAliasRecord.MOST_PARAMETERS) {
            throw RefusedException.invalid(
                    SECRETS, "must be at most " + CallerAliasRecord.MOST_PARAMETERS);
        }
        try {
            secrets.forEach(CallerAliasRecord::require);
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid(SECRETS, e.getMessage());
        }
        return secrets;
    }

    private static TaskRef task(String text, AccountId own) {
        int slash = text.indexOf('/');
        String account = slash < 0 ? own.value() : text.substring(0, slash);
        String task = text.substring(slash + 1);
        if (!AccountId.isValid(account) || !TaskName.isValid(task)) {
            throw badTask();
        }
        return TaskRef.of(account, task);
    }

    private static RefusedException badTask() {
        return RefusedException.invalid(
                "of", "must be a task as acme/charge, acme/charge@3 or acme/charge@stable");
    }

    static ObjectNode of(CallerAliasRecord alias) {
        ObjectNode json = ControlJson.object();
        put(json, alias);
        return json;
    }

    static void put(ObjectNode json, CallerAliasRecord alias) {
        json.put("name", alias.name().name().value());
        json.put("path", "/fn/" + alias.name());
        json.put("of", alias.of().toString() + alias.version());
        alias.parameters().forEach(json.putObject("parameters")::put);
        var hidden = json.putArray(SECRETS);
        alias.secrets().ifPresent(bundle -> bundle.names().forEach(hidden::add));
    }
}
