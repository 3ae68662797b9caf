package io.runnel.routing.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.AccountId;

import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;

/** Trusts as JSON. */
final class TrustJson {
    private TrustJson() {}

    static void write(ObjectNode json, TrustRecord trust) {
        json.put("account", trust.account().value());
        json.put("name", trust.name());
        json.put("issuer", trust.issuer());
        json.put("audience", trust.audience());
        new TreeMap<>(trust.claims()).forEach(json.putObject("claims")::put);
        KeyJson.writeRights(json, trust.rights());
        json.put("lifetimeMs", trust.lifetime().toMillis());
        trust.keys().ifPresent(keys -> json.put("keys", keys));
    }

    static TrustRecord read(JsonFields fields) {
        return new TrustRecord(
                fields.value("account", AccountId::new),
                fields.text("name"),
                fields.text("issuer"),
                fields.text("audience"),
                fields.textMap("claims"),
                KeyJson.readRights(fields),
                Duration.ofMillis(fields.wholeNumber("lifetimeMs")),
                fields.has("keys") ? Optional.of(fields.text("keys")) : Optional.empty());
    }
}
