package io.runnel.topology;

import io.runnel.topology.Fields.Placed;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The addresses of a file, none of which may be taken twice. Port 0 is no address yet. A proxy may
 * serve several links if it leads all of them to the same place.
 */
final class AddressBook {
    private static final String ANY_HOST = "*";

    /** Who has an address: {@code target} is empty for listeners, which share with nobody. */
    private record Owner(Mark at, String path, String target) {}

    private final Problems problems;
    private final Map<Integer, Map<String, Owner>> byPort = new HashMap<>();

    AddressBook(Problems problems) {
        this.problems = problems;
    }

    void listener(Placed<Address> address) {
        take(address, "");
    }

    /** A proxy's address in a link to {@code target}. */
    void proxy(Placed<Address> address, String target) {
        take(address, target);
    }

    private void take(Placed<Address> address, String target) {
        if (address.value().port() == 0) {
            return;
        }
        Map<String, Owner> hosts =
                byPort.computeIfAbsent(address.value().port(), _ -> new HashMap<>());
        Owner owner = new Owner(address.at(), address.path(), target);
        taken(hosts, address.value())
                .filter(other -> target.isEmpty() || !other.target.equals(target))
                .ifPresentOrElse(
                        other -> tell(address, other),
                        () -> hosts.put(hostKey(address.value()), owner));
    }

    private void tell(Placed<Address> address, Owner other) {
        problems.add(
                address.at(),
                address.path(),
                "address must be unique: '%s' is taken by %s at %s"
                        .formatted(address.value(), other.path, other.at));
    }

    private static Optional<Owner> taken(Map<String, Owner> hosts, Address address) {
        if (address.isWildcard()) {
            return hosts.values().stream().findFirst();
        }
        return Optional.ofNullable(hosts.get(address.hostKey()))
                .or(() -> Optional.ofNullable(hosts.get(ANY_HOST)));
    }

    private static String hostKey(Address address) {
        return address.isWildcard() ? ANY_HOST : address.hostKey();
    }
}
