package io.runnel.chaos.suite;

import io.runnel.chaos.suite.Verdict.Finding;
import io.runnel.exec.task.RequestId;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Looks at a node's clock while a scenario runs: the ids that it gives to requests begin with its
 * time. One thread at a time, beside the one that looks.
 */
final class ClockWatch implements Watch {
    private static final Duration MOST = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int TIME_DIGITS = 10;

    /** In which a clock that is set is seen to be. */
    private static final Duration SEEN = Duration.ofSeconds(3);

    /** By how much a clock may be seen to be wrong otherwise. */
    private static final Duration PRECISION = Duration.ofSeconds(2);

    /**
     * One look.
     *
     * @param atNs from the run's beginning
     * @param ahead by how much the node's clock was ahead of this machine's
     */
    record Look(long atNs, Duration ahead) {}

    private final String node;
    private final HttpRequest request;
    private final long startNs;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private final HttpClient client;
    private final List<Look> looks = new ArrayList<>();
    private final Repetition looking;

    private ClockWatch(
            String node,
            URI url,
            Path root,
            long startNs,
            InstantSource clock,
            LongSupplier nanoClock) {
        this.client = PlainHttp.client(MOST, root);
        this.node = node;
        this.request = HttpRequest.newBuilder(url.resolve("/_runnel/health")).timeout(MOST).build();
        this.startNs = startNs;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.looking = Repetition.of(this::look, PAUSE);
    }

    /**
     * Begins to look.
     *
     * @param url where the node answers users
     * @param root the certificate of the network's root
     * @param startNs when the run began
     * @param clock this machine's
     */
    static ClockWatch begin(
            String node,
            URI url,
            Path root,
            long startNs,
            InstantSource clock,
            LongSupplier nanoClock) {
        return new ClockWatch(node, url, root, startNs, clock, nanoClock);
    }

    private void look() {
        try {
            HttpResponse<Void> answer =
                    client.send(request, HttpResponse.BodyHandlers.discarding());
            long nowMs = clock.millis();
            long atNs = nanoClock.getAsLong() - startNs;
            answer.headers()
                    .firstValue("Runnel-Request-Id")
                    .flatMap(ClockWatch::millis)
                    .ifPresent(ms -> looks.add(new Look(atNs, Duration.ofMillis(ms - nowMs))));
        } catch (IOException e) {
            // Whoever calls the node notices that too.
        } catch (InterruptedException e) {
            throw new NetworkException("interrupted", e);
        }
    }

    /** The time in a request's id. */
    static Optional<Long> millis(String id) {
        if (!RequestId.isValid(id)) {
            return Optional.empty();
        }
        String digits = "0123456789abcdefghjkmnpqrstvwxyz";
        long millis = 0;
        for (int i = 0; i < TIME_DIGITS; i++) {
            millis = millis << 5 | digits.indexOf(id.charAt(i));
        }
        return Optional.of(millis);
    }

    @Override
    public List<Finding> findings(List<StepDone> steps, double slack) {
        looking.end();
        return findings(node, looks, steps, slack);
    }

    /** One for each time that the clock was set: a fault that is not seen was none. */
    static List<Finding> findings(
            String node, List<Look> looks, List<StepDone> steps, double slack) {
        List<Finding> findings = new ArrayList<>();
        for (StepDone step : steps) {
            ahead(step.action(), node)
                    .ifPresent(
                            ahead ->
                                    findings.add(
                                            seen(
                                                    node,
                                                    ahead,
                                                    looks,
                                                    step.beganNs(),
                                                    Math.round(SEEN.toNanos() * slack))));
        }
        return findings;
    }

    private static Optional<Duration> ahead(Action action, String node) {
        if (action instanceof Action.Jump jump && jump.node().equals(node)) {
            return Optional.of(jump.by());
        }
        return action instanceof Action.Reset reset && reset.node().equals(node)
                ? Optional.of(Duration.ZERO)
                : Optional.empty();
    }

    private static Finding seen(
            String node, Duration ahead, List<Look> looks, long fromNs, long withinNs) {
        Optional<Look> first =
                looks.stream()
                        .filter(look -> look.atNs() >= fromNs)
                        .filter(look -> isAbout(look.ahead(), ahead))
                        .findFirst();
        boolean inTime = first.isPresent() && first.get().atNs() - fromNs <= withinNs;
        return Finding.bite(
                "clock of %s, ahead by".formatted(node),
                "%s within %s".formatted(seconds(ahead), Judge.millis(withinNs)),
                first.map(
                                look ->
                                        "%s after %s"
                                                .formatted(
                                                        seconds(look.ahead()),
                                                        Judge.millis(look.atNs() - fromNs)))
                        .orElse("never"),
                inTime);
    }

    private static boolean isAbout(Duration seen, Duration meant) {
        return seen.minus(meant).abs().compareTo(PRECISION) <= 0;
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", Math.round(time.toMillis() / 1e2) / 1e1);
    }

    @Override
    public void close() {
        looking.end();
        client.shutdownNow();
    }
}
