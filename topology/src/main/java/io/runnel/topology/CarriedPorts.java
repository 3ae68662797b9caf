package io.runnel.topology;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The ports of a running network for a topology that leaves them open: a listener that stays where
 * it is keeps its port, and a link's proxy as well.
 */
final class CarriedPorts {
    private final Map<String, Address> known = new HashMap<>();

    CarriedPorts(Topology running) {
        Topology unused = PortResolution.mapped(running, this::remember);
    }

    private Address remember(String what, Address address) {
        known.put(what, address);
        return address;
    }

    Topology into(Topology wanted) {
        return PortResolution.mapped(wanted, this::carried);
    }

    private Address carried(String what, Address address) {
        return address.port() != 0
                ? address
                : Optional.ofNullable(known.get(what))
                        .filter(was -> was.host().equals(address.host()))
                        .orElse(address);
    }
}
