package io.runnel.routing.edge;

import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.InvocationType;
import io.runnel.exec.http.Origin;
import io.runnel.routing.edge.EdgeCall.Form;

/** What came, as far as it is understood before anybody is asked. */
record Incoming(
        Exchange exchange,
        boolean forwarded,
        Origin origin,
        Form form,
        boolean dryRun,
        String rest) {
    static Incoming of(Exchange exchange, boolean forwarded, Origin origin, String rest) {
        return new Incoming(exchange, forwarded, origin, Form.TASK, false, rest);
    }

    static Incoming ofInvoke(Exchange exchange, boolean forwarded, Form form, InvocationType type) {
        return new Incoming(
                exchange,
                forwarded,
                origin(exchange, forwarded),
                type == InvocationType.EVENT ? Form.EVENT : form,
                type == InvocationType.DRY_RUN,
                "");
    }

    static Origin origin(Exchange exchange, boolean forwarded) {
        return forwarded ? ForwardedCall.origin(exchange) : Origin.of(exchange.request());
    }
}
