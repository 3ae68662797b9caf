package io.runnel.region.server;

import io.runnel.attestation.identity.Identity;
import io.runnel.cluster.replication.CodeHandler;
import io.runnel.cluster.replication.DocumentHandler;
import io.runnel.cluster.replication.FeedHandler;
import io.runnel.cluster.replication.InternalRoutes;
import io.runnel.cluster.replication.LogHandler;
import io.runnel.cluster.replication.PeerMoveLink;
import io.runnel.cluster.replication.SecretHandler;
import io.runnel.cluster.replication.SigningKeyHandler;
import io.runnel.cluster.replication.UsageHandler;
import io.runnel.exec.task.RegionId;
import io.runnel.region.server.control.ControlApi;

/**
 * What another node may ask of this one, by who it is. What only this region's own nodes tell each
 * other, nobody else may say; what a user asks of the control API comes by regions only.
 *
 * @param region this node's
 */
record NodeRights(RegionId region) {
    /** Whether this node may send a request to this path. */
    boolean may(Identity who, String path) {
        return switch (who) {
            case Identity.RegionNode node -> node.region().equals(region) || !isForMates(path);
            case Identity.Pop pop -> isForPops(path);
            case Identity.Root root -> false;
            case Identity.Authority authority -> false;
            case Identity.Supervisor supervisor -> false;
        };
    }

    /**
     * Whether it is this node that it says it is, where it says so: a node's new feed ends its old.
     */
    boolean isItself(Identity who, String path, String saidToBe) {
        return !path.equals(FeedHandler.PATH)
                || saidToBe == null
                || switch (who) {
                    case Identity.RegionNode node -> node.node().value().equals(saidToBe);
                    case Identity.Pop pop -> pop.pop().value().equals(saidToBe);
                    case Identity.Root root -> false;
                    case Identity.Authority authority -> false;
                    case Identity.Supervisor supervisor -> false;
                };
    }

    private static boolean isForMates(String path) {
        return path.startsWith(RollCall.PATH)
                || path.startsWith(RegionMates.PATH)
                || path.startsWith(EventLoopback.PATH);
    }

    /** Whatever is no part of the control API is a forwarded call. */
    private static boolean isForPops(String path) {
        return !ControlApi.handles(path)
                || path.equals(InternalRoutes.PING)
                || path.equals(FeedHandler.PATH)
                || path.equals(LogHandler.PATH)
                || path.equals(UsageHandler.PATH)
                || path.equals(DocumentHandler.PATH)
                || path.startsWith(CodeHandler.PATH)
                || path.startsWith(PeerMoveLink.PATH)
                || path.startsWith(SecretHandler.PATH)
                || path.startsWith(SigningKeyHandler.PATH);
    }
}
