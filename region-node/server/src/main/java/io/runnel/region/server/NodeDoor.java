package io.runnel.region.server;

import io.runnel.attestation.identity.Identity;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.InternalRoutes;
import io.runnel.cluster.replication.PeerGate;
import io.runnel.exec.http.Exchange;
import io.vertx.core.http.HttpServerRequest;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Where other nodes come in: who they are first, then whether what they want is for them, then
 * whether they are what is asked for it.
 *
 * @param open what is for everybody
 * @param routes what only nodes ask for
 * @param admitted told of each request that is for who sent it
 * @param fromNode what else nodes send: calls that are forwarded or relayed
 * @param workers where gates look at what nodes show
 * @param denied told, by a worker, of who was not given what it asked for
 */
record NodeDoor(
        PeerGate gate,
        NodeRights rights,
        NodeGates gates,
        InternalRoutes open,
        InternalRoutes routes,
        Consumer<Exchange> admitted,
        Consumer<Exchange> fromNode,
        Executor workers,
        BiConsumer<Identity, NodeGates.Denial> denied) {

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
        } else if (NodeGates.concern(path)) {
            look(exchange, who, path, InternalClient.documentOf(request));
        } else {
            serve(exchange);
        }
    }

    private void look(Exchange exchange, Identity who, String path, Optional<String> document) {
        exchange.request().pause();
        workers.execute(
                () -> {
                    try {
                        Optional<NodeGates.Denial> denial = gates.denial(who, path, document);
                        exchange.onLoop(() -> go(exchange, denial));
                        denial.ifPresent(no -> denied.accept(who, no));
                    } catch (RuntimeException e) {
                        exchange.onLoop(() -> exchange.fail(e));
                    }
                });
    }

    private void go(Exchange exchange, Optional<NodeGates.Denial> denial) {
        exchange.request().resume();
        denial.ifPresentOrElse(
                no -> PeerGate.deny(exchange.request(), no.text()), () -> serve(exchange));
    }

    private void serve(Exchange exchange) {
        admitted.accept(exchange);
        if (!routes.serves(exchange.request())) {
            fromNode.accept(exchange);
        }
    }
}
