package io.runnel.exec.network.tcp;

/**
 * Which of a guest's connections: the guest's own address is always the same.
 *
 * @param guestPort the guest's end
 * @param remoteAddress the peer's, as the guest sees it
 */
public record FlowKey(int guestPort, int remoteAddress, int remotePort) {}
