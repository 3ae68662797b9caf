package io.runnel.routing.placement;

import io.runnel.exec.task.SecretBundle;
import io.runnel.routing.catalog.CallerAliasRecord;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Parameters that are set in a call, whatever it says of them itself. Pure.
 *
 * @param open by name
 * @param secret what the values of others are kept under, by name
 */
public record CallParameters(Map<String, String> open, Map<String, SecretBundle.Key> secret) {
    /** None. */
    public static final CallParameters NONE = new CallParameters(Map.of(), Map.of());

    /** The maps are copied. */
    public CallParameters {
        open = Map.copyOf(open);
        secret = Map.copyOf(secret);
    }

    /** With others too, over which these have the last word. */
    public CallParameters over(Map<String, String> others) {
        if (others.isEmpty()) {
            return this;
        }
        Map<String, String> all = new TreeMap<>(others);
        all.keySet().removeAll(secret.keySet());
        all.putAll(open);
        return new CallParameters(all, secret);
    }

    /** With those of an alias, which have the last word. */
    CallParameters and(CallerAliasRecord alias) {
        Map<String, String> allOpen = new TreeMap<>(open);
        Map<String, SecretBundle.Key> allSecret = new TreeMap<>(secret);
        alias.parameters()
                .forEach(
                        (name, value) -> {
                            allOpen.put(name, value);
                            allSecret.remove(name);
                        });
        alias.secrets()
                .ifPresent(
                        bundle ->
                                bundle.names()
                                        .forEach(
                                                name -> {
                                                    allOpen.remove(name);
                                                    allSecret.put(
                                                            name, alias.secretKey().orElseThrow());
                                                }));
        return new CallParameters(allOpen, allSecret);
    }

    /** Whether some are secret. */
    public boolean haveSecrets() {
        return !secret.isEmpty();
    }

    /** What their values are kept under. */
    public Set<SecretBundle.Key> bundles() {
        return secret.values().stream().collect(Collectors.toUnmodifiableSet());
    }
}
