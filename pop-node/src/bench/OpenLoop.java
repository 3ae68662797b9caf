import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.VertxInternal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls in an open loop: each is sent when it is due, whatever became of those before it, and its
 * time counts from then. {@code OpenLoop SECONDS SKIPPED STREAM...}: a stream is {@code
 * NAME,CALLS-A-SECOND,URL[,KEY[,LOCAL-ADDRESS]]}; what is due in the first SKIPPED seconds is sent
 * and does not count: there the rate grows from nothing, for a client that has yet to be compiled
 * takes the processors from what it measures. Gaps are those of a Poisson process. A line for each
 * stream.
 */
public final class OpenLoop {
    private static final int MOST_CONNECTIONS = 4_000;

    /** Of the rate, at the very first. */
    private static final double LEAST_PART = 0.02;

    private record Seen(int status, long nanos) {}

    private static final class Stream {
        final String name;
        final double rate;
        final RequestOptions request;
        final HttpClient client;
        final ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();
        final Map<String, Integer> failures = new ConcurrentHashMap<>();
        int sent;

        Stream(Vertx vertx, String text) {
            String[] parts = text.split(",");
            name = parts[0];
            rate = Double.parseDouble(parts[1]);
            request = new RequestOptions().setAbsoluteURI(parts[2]).setMethod(HttpMethod.GET);
            if (parts.length > 3 && !parts[3].isEmpty()) {
                request.putHeader("Authorization", "Bearer " + parts[3]);
            }
            HttpClientOptions options =
                    new HttpClientOptions()
                            .setConnectTimeout(5_000)
                            .setKeepAliveTimeout(30)
                            .setTrustAll(true)
                            .setVerifyHost(false);
            if (parts.length > 4) {
                options.setLocalAddress(parts[4]);
            }
            client =
                    vertx.createHttpClient(
                            options, new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
        }

        void send(long dueNanos, boolean counts, Runnable over) {
            client.request(request)
                    .compose(HttpClientRequest::send)
                    .compose(answer -> answer.end().map(ended -> answer))
                    .map(HttpClientResponse::statusCode)
                    .onFailure(cause -> failures.merge(cause.toString(), 1, Integer::sum))
                    .otherwise(0)
                    .onSuccess(
                            status -> {
                                if (counts) {
                                    seen.add(new Seen(status, System.nanoTime() - dueNanos));
                                }
                                over.run();
                            });
        }

        String report(double seconds) {
            Map<Integer, List<Double>> millis = new TreeMap<>();
            seen.forEach(
                    s ->
                            millis.computeIfAbsent(s.status(), n -> new ArrayList<>())
                                    .add(s.nanos() / 1e6));
            millis.values().forEach(Collections::sort);
            List<Double> served = millis.getOrDefault(200, List.of());
            List<Double> refused = new ArrayList<>();
            refused.addAll(millis.getOrDefault(429, List.of()));
            refused.addAll(millis.getOrDefault(503, List.of()));
            Collections.sort(refused);
            int other = seen.size() - served.size() - refused.size();
            return String.format(
                    Locale.ROOT,
                    "%s offered %.1f served %.1f answered %.3f %% p50 %.3f p99 %.3f ms"
                            + " refused429 %d refused503 %d p50 %.2f p90 %.2f p99 %.2f ms other %d"
                            + " %s %s",
                    name,
                    sent / seconds,
                    served.size() / seconds,
                    100.0 * served.size() / Math.max(sent, 1),
                    part(served, 0.5),
                    part(served, 0.99),
                    millis.getOrDefault(429, List.of()).size(),
                    millis.getOrDefault(503, List.of()).size(),
                    part(refused, 0.5),
                    part(refused, 0.9),
                    part(refused, 0.99),
                    other + sent - seen.size(),
                    new TreeSet<>(millis.keySet()),
                    failures);
        }

        private static double part(List<Double> sorted, double part) {
            return sorted.isEmpty() ? 0 : sorted.get((int) (part * (sorted.size() - 1)));
        }
    }

    private record Due(long atNanos, Stream stream) {}

    public static void main(String[] args) throws Exception {
        long seconds = Long.parseLong(args[0]);
        long skipped = Long.parseLong(args[1]);
        Vertx vertx = Vertx.vertx();
        List<Stream> streams = new ArrayList<>();
        for (int i = 2; i < args.length; i++) {
            streams.add(new Stream(vertx, args[i]));
        }
        List<Due> all = schedule(streams, skipped, seconds);
        CountDownLatch open = new CountDownLatch(all.size());
        VertxInternal inside = (VertxInternal) vertx;
        List<Context> loops =
                List.of(inside.createEventLoopContext(), inside.createEventLoopContext());
        int sent = 0;
        long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
        for (Due due : all) {
            long at = start + due.atNanos();
            while (at - System.nanoTime() > 0) {
                LockSupport.parkNanos(at - System.nanoTime());
            }
            boolean counts = due.atNanos() >= TimeUnit.SECONDS.toNanos(skipped);
            due.stream().sent += counts ? 1 : 0;
            // On a loop: an answer may else be over before anybody has asked for its end.
            Context loop = loops.get(sent++ % loops.size());
            loop.runOnContext(now -> due.stream().send(at, counts, open::countDown));
        }
        open.await(15, TimeUnit.SECONDS);
        streams.forEach(s -> System.out.println(s.report(seconds - skipped)));
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static List<Due> schedule(List<Stream> streams, long skipped, long seconds) {
        Random random = new Random(20_261_126L);
        List<Due> all = new ArrayList<>();
        for (Stream stream : streams) {
            double at = 0;
            while (true) {
                double part = at < skipped ? Math.max(at / skipped, LEAST_PART) : 1;
                at -= Math.log(1 - random.nextDouble()) / (stream.rate * part);
                if (at >= seconds) {
                    break;
                }
                all.add(new Due((long) (at * 1e9), stream));
            }
        }
        all.sort((a, b) -> Long.compare(a.atNanos(), b.atNanos()));
        return all;
    }
}
