package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.federation.IssuerKeySet;
import io.runnel.exec.task.AccountId;
import io.runnel.routing.catalog.KeyRights;
import io.runnel.routing.catalog.KeyScope;
import io.runnel.routing.catalog.TrustRecord;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A trust as requests and answers have it. */
final class TrustFields {
    private static final Duration LIFETIME = Duration.ofMinutes(15);

    private TrustFields() {}

    static TrustRecord read(JsonBody body, AccountId account, String name) {
        body.knowing("issuer", "audience", "claims", "scopes", "tasks", "lifetime", "keys");
        Optional<String> keys = body.optional("keys", TrustFields::keys);
        try {
            return new TrustRecord(
                    account,
                    name,
                    body.text("issuer"),
                    body.text("audience"),
                    body.textMap("claims"),
                    new KeyRights(scopes(body), body.texts("tasks"), Optional.empty()),
                    body.optional("lifetime", DurationText::parse).orElse(LIFETIME),
                    keys);
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid("trust", e.getMessage());
        }
    }

    private static String keys(String json) {
        // What nobody could be believed by is told now.
        return IssuerKeySet.parse(json).toString();
    }

    /** Who does not say what for gets a key for calls. */
    private static Set<KeyScope> scopes(JsonBody body) {
        Set<KeyScope> scopes = EnumSet.noneOf(KeyScope.class);
        body.texts("scopes")
                .forEach(one -> scopes.add(JsonBody.checked("scopes", one, KeyScope::parse)));
        return scopes.isEmpty() ? EnumSet.of(KeyScope.INVOKE) : scopes;
    }

    static ObjectNode of(TrustRecord trust) {
        ObjectNode json = ControlJson.object();
        put(json, trust);
        return json;
    }

    static void put(ObjectNode json, TrustRecord trust) {
        json.put("name", trust.name());
        json.put("issuer", trust.issuer());
        json.put("audience", trust.audience());
        new TreeMap<>(trust.claims()).forEach(json.putObject("claims")::put);
        var scopes = json.putArray("scopes");
        trust.rights().scopes().stream().sorted().map(KeyScope::label).forEach(scopes::add);
        trust.rights().tasks().forEach(json.putArray("tasks")::add);
        json.put("lifetime", DurationText.format(trust.lifetime()));
        trust.keys().ifPresent(keys -> json.put("keys", keys));
    }
}
