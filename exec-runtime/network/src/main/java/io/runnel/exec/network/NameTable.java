package io.runnel.exec.network;

import io.runnel.exec.network.wire.Lan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The addresses that a guest's names have on its network: one each of 198.18.0.0/15, which is
 * nobody's on the internet (RFC 2544). So it is always known which name a connection is meant for,
 * whatever the name's addresses are. Guarded by the network's lock.
 */
final class NameTable {
    private static final int FIRST = 0xc6120100; // 198.18.1.0
    private static final int MOST = 4096;

    private final List<String> names = new ArrayList<>();
    private final Map<String, Integer> addresses = new HashMap<>();

    /** With these, in their order. */
    NameTable(List<String> known) {
        known.stream().limit(MOST).forEach(this::address);
    }

    /** The address of a name, a new one if it has none; empty if there are too many. */
    OptionalInt address(String name) {
        Integer known = addresses.get(name);
        if (known != null) {
            return OptionalInt.of(known);
        }
        if (names.size() == MOST) {
            return OptionalInt.empty();
        }
        int address = FIRST + names.size();
        names.add(name);
        addresses.put(name, address);
        return OptionalInt.of(address);
    }

    /** What a guest means by an address: its name, or the address itself. */
    String meant(int address) {
        return name(address).orElseGet(() -> Lan.text(address));
    }

    private Optional<String> name(int address) {
        int index = address - FIRST;
        return index >= 0 && index < names.size()
                ? Optional.of(names.get(index))
                : Optional.empty();
    }

    /** All of them, in their order. */
    List<String> all() {
        return List.copyOf(names);
    }
}
