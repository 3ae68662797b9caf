package io.runnel.region.server;

import io.runnel.exec.node.NodeProcess;

/** A region's node as a process. */
public final class RegionMain {
    private RegionMain() {}

    /** Runs until it is told to end. */
    public static void main(String[] args) {
        NodeProcess.main(args, RegionServer::start);
    }
}
