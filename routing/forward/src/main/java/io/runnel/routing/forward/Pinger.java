package io.runnel.routing.forward;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.runnel.exec.http.RunnelHeaders;
import io.runnel.routing.forward.RegionState.Reach;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;

import java.util.function.LongSupplier;

/** Asks one node of a region again and again whether it is there. For its own event loop. */
final class Pinger {
    private static final String PATH = "/v1/ping";
    private static final int UNAVAILABLE = 503;
    private static final long RESET = 8;

    /** Up to 99,999 bytes. */
    private static final int MOST_STOCK_DIGITS = 5;

    private final Vertx vertx;
    private final HttpClient client;
    private final HealthSettings settings;
    private final RegionLink link;
    private final LongSupplier nanoClock;
    private volatile boolean stopped;

    /** What the node said last of its stock, by its name; empty before it said anything. */
    private String stock = "";

    Pinger(
            Vertx vertx,
            HttpClient client,
            HealthSettings settings,
            RegionLink link,
            LongSupplier nanoClock) {
        this.vertx = vertx;
        this.client = client;
        this.settings = settings;
        this.link = link;
        this.nanoClock = nanoClock;
    }

    void start(RegionHealth health) {
        vertx.runOnContext(started -> new Ping(health).send());
    }

    void stop() {
        stopped = true;
    }

    private RequestOptions request() {
        RequestOptions request =
                new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setHost(link.internal().host())
                        .setPort(link.internal().port())
                        .setURI(PATH);
        return stock.isEmpty() ? request : request.putHeader(RunnelHeaders.STOCK, stock);
    }

    /** One question; what comes after its end is of no interest any more. */
    private final class Ping {
        private final RegionHealth health;
        private final long sentNanos = nanoClock.getAsLong();
        private HttpClientRequest request;
        private long askedNanos;
        private boolean over;
        private long timer;

        Ping(RegionHealth health) {
            this.health = health;
        }

        void send() {
            if (stopped) {
                return;
            }
            timer = vertx.setTimer(settings.timeout().toMillis(), late -> tooLate());
            client.request(request()).onComplete(this::ask, this::failed);
        }

        private void ask(HttpClientRequest opened) {
            if (over) {
                opened.reset(RESET);
                return;
            }
            request = opened;
            // What breaks it off is told by its future; without a handler it is logged as well.
            opened.exceptionHandler(told -> {});
            askedNanos = nanoClock.getAsLong();
            opened.send().onComplete(this::answered, this::failed);
        }

        private void answered(HttpClientResponse response) {
            if (!end()) {
                return;
            }
            String load = response.getHeader(RunnelHeaders.LOAD);
            if (load != null) {
                health.said(link, load);
            }
            int status = response.statusCode();
            long took = nanoClock.getAsLong() - askedNanos;
            if (status == UNAVAILABLE) {
                health.answered(link, Reach.DRAINING, took);
            } else if (status / 100 == 2) {
                health.answered(link, Reach.UP, took);
                hearStock(response);
            } else {
                health.missed(link, "its ping answers " + status);
            }
        }

        /** What is too long, or does not come whole, was not said: then it says it once more. */
        private void hearStock(HttpClientResponse response) {
            String said = response.getHeader(RunnelHeaders.STOCK);
            String length = response.getHeader(HttpHeaders.CONTENT_LENGTH);
            if (said == null || length == null || length.length() > MOST_STOCK_DIGITS) {
                return;
            }
            response.body()
                    .onSuccess(
                            body -> {
                                if (!said.equals(stock)) {
                                    stock = said;
                                    health.stock(link, body.toString(US_ASCII));
                                }
                            });
        }

        private void failed(Throwable cause) {
            if (end()) {
                stock = "";
                health.missed(link, first(cause).toString());
            }
        }

        /** What a handshake failed for lies deep. */
        private static Throwable first(Throwable failure) {
            Throwable cause = failure;
            while (cause.getCause() != null && cause.getCause() != cause) {
                cause = cause.getCause();
            }
            return cause;
        }

        private void tooLate() {
            if (end()) {
                stock = "";
                if (request != null) {
                    request.reset(RESET);
                }
                health.missed(
                        link, "no answer within %d ms".formatted(settings.timeout().toMillis()));
            }
        }

        private boolean end() {
            if (over) {
                return false;
            }
            over = true;
            vertx.cancelTimer(timer);
            long tookMillis = (nanoClock.getAsLong() - sentNanos) / 1_000_000;
            long rest = Math.max(1, settings.interval().toMillis() - tookMillis);
            vertx.setTimer(rest, next -> new Ping(health).send());
            return true;
        }
    }
}
