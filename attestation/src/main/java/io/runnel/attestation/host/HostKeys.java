package io.runnel.attestation.host;

import io.runnel.attestation.certificate.CertifiedKey;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The keys of hosts by the names that they are called by (RFC 6066, RFC 9525). Immutable. */
public final class HostKeys {
    /** None. */
    public static final HostKeys NONE = new HostKeys(List.of());

    private static final String ANY = "*.";

    private final List<HostKey> all;
    private final List<HostKey> usual;
    private final Map<String, List<HostKey>> byName = new HashMap<>();

    /** These, the most wanted first. */
    public HostKeys(List<HostKey> all) {
        this.all = List.copyOf(all);
        this.usual =
                all.stream()
                        .filter(key -> key.names().containsAll(all.getFirst().names()))
                        .toList();
        for (HostKey key : all) {
            for (String name : key.names()) {
                byName.computeIfAbsent(name, unused -> new ArrayList<>()).add(key);
            }
        }
    }

    /** All of them. */
    public List<HostKey> all() {
        return all;
    }

    /**
     * What is shown who calls a host by this name: of the certificates that have the name itself,
     * else of those that have it by a {@code *}, the first of this kind of key.
     *
     * @param algorithm of keys: {@code EC}, {@code RSA}
     * @return empty if there is none of this name, or none of the kind
     */
    public Optional<CertifiedKey> find(String host, String algorithm) {
        return first(named(host), algorithm);
    }

    /** Whether one is shown who calls a host by this name. */
    public boolean has(String host) {
        return !named(host).isEmpty();
    }

    /**
     * What is shown who says no name, or one that there is none of: the first of all; or what has
     * all its names, if that is of this kind and the first is not.
     */
    public Optional<CertifiedKey> usual(String algorithm) {
        return first(usual, algorithm);
    }

    private List<HostKey> named(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        List<HostKey> exact = byName.get(name);
        if (exact != null) {
            return exact;
        }
        int dot = name.indexOf('.');
        return dot < 1 ? List.of() : byName.getOrDefault(ANY + name.substring(dot + 1), List.of());
    }

    private static Optional<CertifiedKey> first(List<HostKey> keys, String algorithm) {
        return keys.stream().filter(key -> key.isOf(algorithm)).map(HostKey::key).findFirst();
    }
}
