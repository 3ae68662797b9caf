package io.runnel.region.server;

import io.runnel.cluster.store.StoreException;
import io.runnel.exec.node.HopelessStartException;
import io.runnel.exec.node.NodeArguments;
import io.runnel.exec.node.NodeProcess;

/** A region's node as a process. */
public final class RegionMain {
    private RegionMain() {}

    /** Runs until it is told to end. */
    public static void main(String[] args) {
        NodeProcess.main(args, RegionMain::start);
    }

    private static RegionServer start(NodeArguments arguments) throws Exception {
        try {
            return RegionServer.start(arguments);
        } catch (StoreException e) {
            throw e.retryable() ? e : new HopelessStartException(e);
        }
    }
}
