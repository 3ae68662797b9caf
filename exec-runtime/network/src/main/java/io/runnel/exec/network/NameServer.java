package io.runnel.exec.network;

import io.runnel.exec.network.wire.DnsQuery;
import io.runnel.exec.network.wire.DnsQuery.Code;
import io.runnel.exec.network.wire.Lan;
import io.runnel.exec.network.wire.UdpDatagram;

import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/**
 * Answers what a guest asks for names: those that its task may know have one address each, others
 * are not there. A name without an address on the internet has none here either. Guarded by the
 * network's lock.
 */
final class NameServer {
    /** Where it is asked. */
    static final int PORT = 53;

    private static final int SECONDS = 30;
    private static final int MOST_AT_ONCE = 64;

    private final Wire wire;
    private final Egress egress;
    private int running;

    NameServer(Wire wire, Egress egress) {
        this.wire = wire;
        this.egress = egress;
    }

    void accept(UdpDatagram datagram) {
        DnsQuery.parse(datagram.payload()).ifPresent(q -> ask(q, datagram.sourcePort()));
    }

    private void ask(DnsQuery query, int guestPort) {
        if (!egress.knows(query.name())) {
            answer(query, guestPort, Code.NO_SUCH_NAME, OptionalInt.empty());
        } else if (running >= MOST_AT_ONCE) {
            answer(query, guestPort, Code.SERVER_FAILURE, OptionalInt.empty());
        } else {
            running++;
            DnsQuery kept = query.copy();
            Thread.ofVirtual().name("guest-names").start(() -> lookUp(kept, guestPort));
        }
    }

    private void lookUp(DnsQuery query, int guestPort) {
        boolean found = isThere(query.name());
        wire.lock().lock();
        try {
            running--;
            OptionalInt address =
                    found ? egress.names().address(query.name()) : OptionalInt.empty();
            if (!found) {
                answer(query, guestPort, Code.NO_SUCH_NAME, address);
            } else if (address.isEmpty()) {
                answer(query, guestPort, Code.SERVER_FAILURE, address);
            } else {
                boolean wanted = query.type() == DnsQuery.A;
                answer(query, guestPort, Code.NO_ERROR, wanted ? address : OptionalInt.empty());
            }
        } finally {
            wire.lock().unlock();
        }
    }

    private boolean isThere(String name) {
        try {
            return !egress.destinations().addresses(name).isEmpty();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private void answer(DnsQuery query, int guestPort, Code code, OptionalInt address) {
        ByteBuffer bytes = query.answer(code, address, SECONDS);
        wire.outbox().add(bytes.remaining(), out -> out.udp(Lan.NAMES, PORT, guestPort, bytes));
    }
}
