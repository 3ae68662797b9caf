package io.runnel.routing.forward;

import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.HeaderRules;
import io.runnel.exec.http.Origin;
import io.runnel.exec.http.RunnelHeaders;
import io.runnel.exec.task.MoveId;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;

import java.util.Locale;
import java.util.Optional;

/**
 * The head of a forwarded call: the edge's own request, with what the network says of it. Safe for
 * any thread.
 */
record RequestHead(ForwardSettings settings) {
    private static final int HEADER_OVERHEAD_BYTES = 32;

    /** What a body's length and the pseudo-headers but the path may take. */
    private static final long BESIDES_BYTES = 512;

    // As HTTP/2 has them; what is not, Vert.x converts for each call.
    private static final CharSequence CDN_LOOP = lower(RunnelHeaders.CDN_LOOP);
    private static final CharSequence FORWARDED = lower(RunnelHeaders.FORWARDED);
    private static final CharSequence REQUEST_ID = lower(RunnelHeaders.REQUEST_ID);
    private static final CharSequence DEADLINE = lower(RunnelHeaders.DEADLINE);
    private static final CharSequence NODE = lower(RunnelHeaders.NODE);
    private static final CharSequence RESUME = lower(RunnelHeaders.RESUME);

    private static CharSequence lower(CharSequence name) {
        return HttpHeaders.createOptimized(name.toString().toLowerCase(Locale.ROOT));
    }

    /** The headers of one request, counted as they are added. */
    private static final class Counted {
        private final MultiMap headers;
        private long bytes;

        Counted(MultiMap headers) {
            this.headers = headers;
        }

        void add(CharSequence name, String value) {
            headers.add(name, value);
            bytes += name.length() + value.length() + HEADER_OVERHEAD_BYTES;
        }
    }

    /**
     * Method, path, credentials and headers; the body's length is the caller's to say.
     *
     * @param resumes of a call that was moved, whose answer is asked for
     * @return its size, as RFC 9113 section 6.5.2 counts it, rather too much than too little
     */
    long write(
            Exchange exchange, HttpClientRequest out, long leftMillis, Optional<MoveId> resumes) {
        HttpServerRequest in = exchange.request();
        out.setMethod(in.method()).setURI(originForm(in));
        HostAndPort authority = in.authority();
        // HTTP/1.1 knows an empty Host; HTTP/2 has no empty authority, and would fail unseen.
        if (authority != null && !authority.host().isEmpty()) {
            out.authority(authority);
        }
        Counted headers = new Counted(out.headers());
        HeaderRules.eachForNode(in.headers(), headers::add);
        headers.add(CDN_LOOP, CdnLoop.mark(settings.node()));
        // Here begins our network: what a user says of where a call came from is not handed on.
        out.headers().remove(FORWARDED);
        headers.add(FORWARDED, ForwardedBy.element(Origin.of(in), settings.node()));
        headers.add(REQUEST_ID, exchange.id().value());
        headers.add(DEADLINE, Long.toString(Math.max(1, leftMillis)));
        headers.add(NODE, settings.node().value());
        resumes.ifPresent(id -> headers.add(RESUME, id.value()));
        return BESIDES_BYTES + out.getURI().length() + headers.bytes;
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
