package io.runnel.exec.network;

import io.runnel.exec.network.tcp.FlowPoint;

import java.util.List;

/**
 * Where a guest's network stood when the guest was halted; goes with its snapshot.
 *
 * @param flows connections that its kernel still believes to have
 * @param names those that it has been given addresses for, in their order
 */
public record NetworkPoint(List<FlowPoint> flows, List<String> names) {
    /** Of a guest that has not begun. */
    public static final NetworkPoint NONE = new NetworkPoint(List.of(), List.of());

    /** Copies. */
    public NetworkPoint {
        flows = List.copyOf(flows);
        names = List.copyOf(names);
    }
}
