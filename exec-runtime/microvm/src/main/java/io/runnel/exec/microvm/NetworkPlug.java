package io.runnel.exec.microvm;

import io.runnel.exec.microvm.machine.Plug;
import io.runnel.exec.network.Destinations;
import io.runnel.exec.network.GuestNetwork;
import io.runnel.exec.network.NetworkPoint;
import io.runnel.exec.network.NetworkSettings;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** Makes a machine's network when its wire is there. For one machine and one thread. */
final class NetworkPlug implements Plug {
    private final Destinations destinations;
    private final NetworkPoint point;
    private Optional<GuestNetwork> network = Optional.empty();

    /**
     * For one machine.
     *
     * @param point what its guest believes to have
     */
    NetworkPlug(Destinations destinations, NetworkPoint point) {
        this.destinations = destinations;
        this.point = point;
    }

    @Override
    public void plug(SocketChannel frames) throws IOException {
        network =
                Optional.of(
                        GuestNetwork.open(frames, destinations, NetworkSettings.DEFAULT, point));
    }

    /** That of the machine, which has been started. */
    GuestNetwork network() {
        return network.orElseThrow();
    }
}
