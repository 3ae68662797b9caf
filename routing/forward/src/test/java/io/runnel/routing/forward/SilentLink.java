package io.runnel.routing.forward;

import io.runnel.topology.Address;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A way to a region that can begin to swallow everything, with its connections left open; or hold
 * back what is sent there.
 */
final class SilentLink implements AutoCloseable {
    private final RegionLink behind;
    private final NetClient client;
    private final NetServer server;
    private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean swallows;

    SilentLink(Vertx vertx, RegionLink behind) {
        this.behind = behind;
        this.client = vertx.createNetClient();
        this.server = vertx.createNetServer().connectHandler(this::connected);
        Await.value(server.listen(0, "127.0.0.1"));
    }

    RegionLink link() {
        var address = new Address("127.0.0.1", server.actualPort());
        return new RegionLink(behind.region(), address, behind.roundTrip());
    }

    private void connected(NetSocket near) {
        near.pause();
        sockets.add(near);
        client.connect(behind.internal().port(), behind.internal().host())
                .onSuccess(
                        far -> {
                            relay(near, far);
                            relay(far, near);
                            near.resume();
                        });
    }

    private void relay(NetSocket from, NetSocket to) {
        from.handler(
                bytes -> {
                    if (!swallows) {
                        to.write(bytes);
                    }
                });
        from.closeHandler(
                closed -> {
                    if (!swallows) {
                        to.close();
                    }
                });
    }

    /** From now on nothing comes through, either way, and nobody is told. */
    void swallow() {
        swallows = true;
    }

    /** From now on what is sent to the region waits here; its answers come through. */
    void holdBack() {
        sockets.forEach(NetSocket::pause);
    }

    /** Passes on what waited. */
    void letGo() {
        sockets.forEach(NetSocket::resume);
    }

    @Override
    public void close() {
        sockets.forEach(NetSocket::close);
        Await.value(server.close());
        Await.value(client.close());
    }
}
