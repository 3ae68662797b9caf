package io.runnel.region.server.control;

import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.Origin;
import io.runnel.exec.task.Caller;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A request as it came here.
 *
 * @param relayed whether another region sent it, so that it is not relayed again
 * @param origin where it came into the network
 * @param proved who asks, once that is proved
 * @param file what it brought, where that is received into a file, once it is
 */
record Arrival(
        Exchange exchange,
        boolean relayed,
        Origin origin,
        Optional<Caller.Keyed> proved,
        Optional<Path> file) {
    static Arrival of(Exchange exchange, boolean relayed, Origin origin) {
        return new Arrival(exchange, relayed, origin, Optional.empty(), Optional.empty());
    }

    Arrival by(Caller.Keyed caller) {
        return new Arrival(exchange, relayed, origin, Optional.of(caller), file);
    }

    Arrival with(Path received) {
        return new Arrival(exchange, relayed, origin, proved, Optional.of(received));
    }
}
