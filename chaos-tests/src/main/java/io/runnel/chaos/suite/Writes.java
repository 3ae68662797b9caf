package io.runnel.chaos.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.chaos.suite.Verdict.Finding;
import io.runnel.exec.task.CodeDigest;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Writes to a region while what it runs on is broken, one after the other, and says whether what
 * was acknowledged is there, and, where a disk was full, what was not was refused. By turns each
 * makes an account of a name of its own, which is a row of the store, and brings code that nobody
 * else brings, which is a file: a store that has just begun its log anew writes over what it wrote
 * before and needs no room for a while, a file always does. One thread at a time, beside the one
 * that writes.
 */
final class Writes implements Watch {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int STORAGE_FULL = 507;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration BACK = Duration.ofSeconds(1);
    private static final int LEAST_REFUSED = 3;
    private static final int CODE_BYTES = 1 << 15;

    /**
     * One that was made; times count from the run's beginning.
     *
     * @param name of the account, or the code's digest
     * @param status of the answer; 0 if none came
     */
    record Write(String name, long beganNs, long endNs, int status) {
        boolean isAcknowledged() {
            return status == CREATED;
        }

        boolean isRefused() {
            return status == STORAGE_FULL;
        }
    }

    private final Operator operator;
    private final String prefix;
    private final long startNs;
    private final LongSupplier nanoClock;
    private final List<Write> made = new ArrayList<>();
    private final Repetition writing;

    private Writes(Operator operator, String prefix, long startNs, LongSupplier nanoClock) {
        this.operator = operator;
        this.prefix = prefix;
        this.startNs = startNs;
        this.nanoClock = nanoClock;
        this.writing = Repetition.of(this::write, PAUSE);
    }

    /**
     * Begins to write.
     *
     * @param operator who writes; is closed with this
     * @param prefix of the accounts' names, which no run had before
     * @param startNs when the run began
     */
    static Writes begin(Operator operator, String prefix, long startNs, LongSupplier nanoClock) {
        return new Writes(operator, prefix, startNs, nanoClock);
    }

    private void write() {
        int number = made.size();
        if (number % 2 == 0) {
            String name = "%s-%d".formatted(prefix, number);
            made(name, () -> makeAccount(name));
        } else {
            byte[] code = new byte[CODE_BYTES];
            new Random(startNs + number).nextBytes(code);
            String digest = CodeDigest.of(code).value();
            made(digest, () -> bring(digest, code));
        }
    }

    private void made(String name, Supplier<HttpResponse<String>> write) {
        long began = nanoClock.getAsLong() - startNs;
        int status;
        try {
            status = write.get().statusCode();
        } catch (NetworkException e) {
            status = 0;
        }
        made.add(new Write(name, began, nanoClock.getAsLong() - startNs, status));
    }

    private HttpResponse<String> makeAccount(String name) {
        String body = JSON.createObjectNode().put("name", name).toString();
        return operator.send("POST", "/v1/accounts", body);
    }

    private HttpResponse<String> bring(String digest, byte[] code) {
        return operator.send("PUT", blob(digest), code);
    }

    private static String blob(String digest) {
        return "/v1/blobs/" + digest;
    }

    @Override
    public List<Finding> findings(List<StepDone> steps, double slack) {
        writing.end();
        Set<String> there = accounts();
        made.stream().map(Write::name).filter(this::holds).forEach(there::add);
        return findings(made, steps, there, slack);
    }

    /** Whether this code is there. */
    private boolean holds(String name) {
        return CodeDigest.isValid(name) && operator.send("HEAD", blob(name), "").statusCode() == OK;
    }

    /** The names of the accounts that there are. */
    private Set<String> accounts() {
        Set<String> names = new HashSet<>();
        String path = "/v1/accounts";
        while (!path.isEmpty()) {
            HttpResponse<String> page = operator.send("GET", path, "");
            try {
                JsonNode said = JSON.readTree(page.body());
                said.path("accounts").forEach(one -> names.add(one.path("name").asText()));
                String next = said.path("next").asText("");
                path = next.isEmpty() ? "" : "/v1/accounts?after=" + next;
            } catch (IOException e) {
                throw new NetworkException("no JSON: the list of accounts", e);
            }
        }
        return names;
    }

    /**
     * Judges.
     *
     * @param there names of what is there afterwards
     */
    static List<Finding> findings(
            List<Write> made, List<StepDone> steps, Set<String> there, double slack) {
        List<Write> acknowledged = made.stream().filter(Write::isAcknowledged).toList();
        long lost = acknowledged.stream().filter(write -> !there.contains(write.name())).count();
        Finding kept =
                new Finding(
                        "acknowledged writes that are not there afterwards",
                        "0",
                        "%d of %d".formatted(lost, acknowledged.size()),
                        lost == 0 && !acknowledged.isEmpty());
        OptionalLong freedNs = freedNs(steps);
        if (freedNs.isEmpty()) {
            return List.of(others("writes not acknowledged", made, Write::isAcknowledged), kept);
        }
        long refused = made.stream().filter(Write::isRefused).count();
        return List.of(
                Finding.bite(
                        "writes refused with 507",
                        Integer.toString(LEAST_REFUSED),
                        Long.toString(refused),
                        refused >= LEAST_REFUSED),
                others(
                        "writes neither acknowledged nor refused with 507",
                        made,
                        write -> write.isAcknowledged() || write.isRefused()),
                kept,
                back(acknowledged, freedNs.getAsLong(), Math.round(BACK.toNanos() * slack)));
    }

    /** That there are none but those that are expected. */
    private static Finding others(String what, List<Write> made, Predicate<Write> expected) {
        List<Integer> others = made.stream().filter(expected.negate()).map(Write::status).toList();
        return new Finding(
                what,
                "0",
                "%d of %d%s".formatted(others.size(), made.size(), said(others)),
                others.isEmpty());
    }

    private static String said(List<Integer> statuses) {
        List<String> said = statuses.stream().distinct().sorted().map(String::valueOf).toList();
        return said.isEmpty() ? "" : " (%s)".formatted(String.join(", ", said));
    }

    private static Finding back(List<Write> acknowledged, long freedNs, long mostNs) {
        long back =
                acknowledged.stream()
                        .filter(write -> write.beganNs() >= freedNs)
                        .mapToLong(write -> write.endNs() - freedNs)
                        .findFirst()
                        .orElse(Long.MAX_VALUE);
        return new Finding(
                "a write is acknowledged, from when there is room again",
                "at most " + Judge.millis(mostNs),
                back == Long.MAX_VALUE ? "not until the end" : Judge.millis(back),
                back <= mostNs);
    }

    /** Empty if no disk was full. */
    private static OptionalLong freedNs(List<StepDone> steps) {
        return steps.stream()
                .filter(step -> step.action() instanceof Action.OnDisk disk && disk.undoes())
                .mapToLong(StepDone::endNs)
                .max();
    }

    @Override
    public void close() {
        try {
            writing.end();
        } finally {
            operator.close();
        }
    }
}
