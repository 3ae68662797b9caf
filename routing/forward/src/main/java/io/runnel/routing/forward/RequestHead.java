package io.runnel.routing.forward;

import io.runnel.attestation.NetworkToken;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.HeaderRules;
import io.runnel.exec.http.Origin;
import io.runnel.exec.http.RunnelHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;

import java.util.Map;

/**
 * The head of a forwarded call: the edge's own request, with what the network says of it. Safe for
 * any thread.
 */
record RequestHead(ForwardSettings settings, NetworkToken token) {
    private static final int HEADER_OVERHEAD_BYTES = 32;

    /** What a body's length and the pseudo-headers but the path may take. */
    private static final long BESIDES_BYTES = 512;

    /**
     * Method, path, credentials and headers; the body's length is the caller's to say.
     *
     * @return its size, as RFC 9113 section 6.5.2 counts it, rather too much than too little
     */
    long write(Exchange exchange, HttpClientRequest out, long leftMillis) {
        HttpServerRequest in = exchange.request();
        out.setMethod(in.method()).setURI(originForm(in));
        HostAndPort authority = in.authority();
        // HTTP/1.1 knows an empty Host; HTTP/2 has no empty authority, and would fail unseen.
        if (authority != null && !authority.host().isEmpty()) {
            out.authority(authority);
        }
        MultiMap headers = out.headers();
        HeaderRules.eachForNode(in.headers(), headers::add);
        headers.add(RunnelHeaders.CDN_LOOP, CdnLoop.mark(settings.pop()));
        // Here begins our network: what a user says of where a call came from is not handed on.
        headers.set(RunnelHeaders.FORWARDED, ForwardedBy.element(Origin.of(in), settings.pop()));
        headers.set(RunnelHeaders.REQUEST_ID, exchange.id().value());
        headers.set(RunnelHeaders.DEADLINE, Long.toString(Math.max(1, leftMillis)));
        headers.set(RunnelHeaders.POP, settings.pop().value());
        headers.set(RunnelHeaders.NETWORK, token.text());
        return sizeBytes(out.getURI(), headers);
    }

    private static long sizeBytes(String uri, MultiMap headers) {
        long size = BESIDES_BYTES + uri.length();
        for (Map.Entry<String, String> header : headers) {
            size += header.getKey().length() + header.getValue().length() + HEADER_OVERHEAD_BYTES;
        }
        return size;
    }

    /** A proxy may have been asked with the absolute form: what was routed is path and query. */
    private static String originForm(HttpServerRequest in) {
        String uri = in.uri();
        if (uri.startsWith("/")) {
            return uri;
        }
        return in.query() == null ? in.path() : in.path() + "?" + in.query();
    }
}
