package io.runnel.chaos.suite;

import io.runnel.chaos.suite.Verdict.Finding;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

import javax.net.ssl.SSLContext;

/**
 * Has read a POP's key, and calls regions' nodes as that POP from somewhere else: on connections
 * that it keeps, and on new ones. One thread at a time, beside the one that calls.
 */
final class Thief implements Watch {
    private static final Duration MOST = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int HEARD = 200;

    /** In which what was revoked is worth nothing anywhere. */
    private static final Duration CUT_OFF = Duration.ofSeconds(10);

    /**
     * One call.
     *
     * @param atNs when it was made, from the run's beginning
     * @param heard whether it was answered as calls of the POP are
     */
    record Attempt(long atNs, boolean heard) {}

    private final String node;
    private final SSLContext stolen;
    private final List<HttpRequest> requests;
    private final long startNs;
    private final LongSupplier nanoClock;
    private final HttpClient keeping;
    private final List<Attempt> attempts = new ArrayList<>();
    private final Repetition trying;

    private Thief(
            String node,
            SSLContext stolen,
            List<URI> regions,
            long startNs,
            LongSupplier nanoClock) {
        this.node = node;
        this.stolen = stolen;
        this.requests =
                regions.stream()
                        .map(at -> at.resolve("/v1/ping"))
                        .map(at -> HttpRequest.newBuilder(at).timeout(MOST).build())
                        .toList();
        this.startNs = startNs;
        this.nanoClock = nanoClock;
        this.keeping = PlainHttp.client(MOST, stolen);
        this.trying = Repetition.of(this::attempt, PAUSE);
    }

    /**
     * Begins to call.
     *
     * @param node whose key it is
     * @param stolen shows it
     * @param regions where nodes listen to nodes
     * @param startNs when the run began
     */
    static Thief begin(
            String node,
            SSLContext stolen,
            List<URI> regions,
            long startNs,
            LongSupplier nanoClock) {
        return new Thief(node, stolen, regions, startNs, nanoClock);
    }

    private void attempt() {
        try (HttpClient anew = PlainHttp.client(MOST, stolen)) {
            for (HttpRequest request : requests) {
                attempt(keeping, request);
                attempt(anew, request);
            }
            anew.shutdownNow();
        }
    }

    private void attempt(HttpClient client, HttpRequest request) {
        long atNs = nanoClock.getAsLong() - startNs;
        boolean heard;
        try {
            HttpResponse<Void> answer =
                    client.send(request, HttpResponse.BodyHandlers.discarding());
            heard = answer.statusCode() == HEARD;
        } catch (IOException e) {
            heard = false;
        } catch (InterruptedException e) {
            throw new NetworkException("interrupted", e);
        }
        attempts.add(new Attempt(atNs, heard));
    }

    @Override
    public List<Finding> findings(List<StepDone> steps, double slack) {
        trying.end();
        return findings(node, attempts, steps, slack);
    }

    /** Whether what was stolen was worth something before, and soon nothing. */
    static List<Finding> findings(
            String node, List<Attempt> attempts, List<StepDone> steps, double slack) {
        StepDone revoked =
                steps.stream()
                        .filter(step -> step.action() instanceof Action.OnCertificate)
                        .filter(step -> !step.action().undoes())
                        .findFirst()
                        .orElseThrow();
        long before =
                attempts.stream()
                        .filter(Attempt::heard)
                        .filter(attempt -> attempt.atNs() < revoked.beganNs())
                        .count();
        long after = attempts.stream().filter(one -> one.atNs() > revoked.endNs()).count();
        OptionalLong last = attempts.stream().filter(Attempt::heard).mapToLong(Attempt::atNs).max();
        long heardNs = Math.max(0, last.orElse(0) - revoked.endNs());
        long mostNs = Math.round(CUT_OFF.toNanos() * slack);
        boolean isOver = after > 0 && !attempts.getLast().heard();
        return List.of(
                Finding.bite(
                        "calls with the key of %s that are heard before".formatted(node),
                        "1",
                        Long.toString(before),
                        before > 0),
                new Finding(
                        "calls with the key of %s are heard, once it is revoked".formatted(node),
                        "at most " + Judge.millis(mostNs),
                        isOver
                                ? "%s, and then none of %d"
                                        .formatted(Judge.millis(heardNs), after(attempts, last))
                                : "until the end",
                        isOver && heardNs <= mostNs));
    }

    private static long after(List<Attempt> attempts, OptionalLong last) {
        return attempts.stream().filter(one -> one.atNs() > last.orElse(0)).count();
    }

    @Override
    public void close() {
        trying.end();
        keeping.shutdownNow();
    }
}
