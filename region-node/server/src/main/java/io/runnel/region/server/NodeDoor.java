package io.runnel.region.server;

import io.runnel.attestation.identity.Identity;
import io.runnel.cluster.replication.InternalRoutes;
import io.runnel.cluster.replication.PeerGate;
import io.runnel.exec.http.Exchange;
import io.vertx.core.http.HttpServerRequest;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * Where other nodes come in: who they are first, then whether what they want is for them.
 *
 * @param open what is for everybody
 * @param routes what only nodes ask for
 * @param admitted told of each request that is for who sent it
 * @param fromNode what else nodes send: calls that are forwarded or relayed
 */
record NodeDoor(
        PeerGate gate,
        NodeRights rights,
        InternalRoutes open,
        InternalRoutes routes,
        Consumer<Exchange> admitted,
        Consumer<Exchange> fromNode) {

    void enter(Exchange exchange) {
        if (!open.serves(exchange.request())) {
            gate.admits(exchange.request()).ifPresent(who -> enter(exchange, who));
        }
    }

    private void enter(Exchange exchange, Identity who) {
        HttpServerRequest request = exchange.request();
        String path = Objects.requireNonNullElse(request.path(), "");
        if (!rights.may(who, path) || !rights.isItself(who, path, request.getParam("node"))) {
            PeerGate.refuse(request);
            return;
        }
        admitted.accept(exchange);
        if (!routes.serves(request)) {
            fromNode.accept(exchange);
        }
    }
}
