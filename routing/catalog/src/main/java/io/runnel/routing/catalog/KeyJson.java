package io.runnel.routing.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.AccountId;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Access keys as JSON. One that may be used for everything is said as before there were rights. */
final class KeyJson {
    private KeyJson() {}

    static void write(ObjectNode json, KeyRecord key) {
        json.put("id", key.id());
        json.put("account", key.account().value());
        json.put("secretSha256", key.secretSha256());
        writeRights(json, key.rights());
        key.trust().ifPresent(name -> json.put("trust", name));
    }

    static void writeRights(ObjectNode json, KeyRights rights) {
        if (!rights.scopes().equals(KeyRights.ALL.scopes())) {
            var scopes = json.putArray("scopes");
            rights.scopes().stream().sorted().map(KeyScope::label).forEach(scopes::add);
        }
        if (!rights.tasks().isEmpty()) {
            rights.tasks().forEach(json.putArray("tasks")::add);
        }
        rights.expires().ifPresent(at -> json.put("expiresMs", at.toEpochMilli()));
    }

    static KeyRecord read(JsonFields fields) {
        return new KeyRecord(
                fields.text("id"),
                fields.value("account", AccountId::new),
                fields.text("secretSha256"),
                readRights(fields),
                fields.has("trust") ? Optional.of(fields.text("trust")) : Optional.empty());
    }

    static KeyRights readRights(JsonFields fields) {
        KeyRights rights =
                new KeyRights(
                        fields.has("scopes")
                                ? scopes(fields.texts("scopes"))
                                : KeyRights.ALL.scopes(),
                        fields.has("tasks") ? fields.texts("tasks") : List.of(),
                        fields.has("expiresMs")
                                ? Optional.of(Instant.ofEpochMilli(fields.wholeNumber("expiresMs")))
                                : Optional.empty());
        return rights.equals(KeyRights.ALL) ? KeyRights.ALL : rights;
    }

    private static Set<KeyScope> scopes(List<String> labels) {
        Set<KeyScope> scopes = EnumSet.noneOf(KeyScope.class);
        labels.forEach(label -> scopes.add(KeyScope.parse(label)));
        return scopes;
    }
}
