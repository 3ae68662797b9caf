package io.runnel.routing.placement;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.api.Api;
import io.runnel.routing.api.ApiDocument;
import io.runnel.routing.api.ApiDocumentException;
import io.runnel.routing.api.Operation;
import io.runnel.routing.api.RouteMatch;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogRecord;
import io.runnel.routing.catalog.Contacts;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.GrantTerms;
import io.runnel.routing.catalog.Grantee;
import io.runnel.routing.catalog.KeyRecord;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.catalog.WrittenLog;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Whether a caller may call: one of a thousand tasks of an account, each with ten grants but one
 * that has ten thousand, among ten thousand accounts. {@code owner} is a call of its own task, the
 * floor; {@code granted} by the task with ten thousand grants; {@code stranger} is refused. {@code
 * route} is a call by one of the thousand routes of an API, found by its path, each to another
 * task; the API has ten thousand grants.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
public class AccessBenchmark {
    private static final int ACCOUNTS = 10_000;
    private static final int TASKS = 1_000;
    private static final int GRANTS_EACH = 10;
    private static final long NOW = 1_000_000_000L;
    private static final TaskRef SHOP = TaskRef.of("acme", "shop");

    private final RegionId home = new RegionId("eu-west");
    private final Catalog catalog = catalog();
    private final Contacts contacts = Contacts.NONE.with(home, NOW);
    private final Access access = new Access(NOW);
    private final AccessRequest[] tasks = tasks();
    private final Proof[] callers = callers();
    private final ApiAccess routes = new ApiAccess(access);
    private final Api api = api();
    private final String[] paths = paths();
    private final AccessRequest byApi =
            new AccessRequest(SHOP, ApiAccess.LIVE, "GET", "192.0.2.7", 0, header -> "");
    private int turn;

    private Catalog catalog() {
        WrittenLog log = new WrittenLog(home, "log1", Instant.EPOCH);
        List<FeedRecord> records = new ArrayList<>();
        records.addAll(account(log, "acme", 0));
        for (int i = 1; i <= ACCOUNTS; i++) {
            records.addAll(account(log, "account-" + i, i));
        }
        for (int i = 0; i < TASKS; i++) {
            TaskRef task = TaskRef.of("acme", "task-" + i);
            records.addAll(task(log, task));
            for (int j = 1; j <= (i == 0 ? ACCOUNTS : GRANTS_EACH); j++) {
                records.add(log.write(grant(task, "account-" + j)));
            }
        }
        for (int j = 1; j <= ACCOUNTS; j++) {
            records.add(log.write(grant(SHOP, "account-" + j)));
        }
        return Catalog.EMPTY.with(records);
    }

    private static Api api() {
        String routes =
                IntStream.range(0, TASKS)
                        .mapToObj(
                                i ->
                                        "\"/kind-%d/{id}\":{\"get\":{\"x-runnel-task\":\"task-%d\"}}"
                                                .formatted(i, i))
                        .collect(Collectors.joining(","));
        String document =
                """
                {"openapi":"3.1.0","info":{"title":"Shop","version":"1"},"paths":{%s}}
                """
                        .formatted(routes);
        try {
            return ApiDocument.read(document, SHOP.account());
        } catch (ApiDocumentException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String[] paths() {
        return IntStream.range(0, TASKS)
                .mapToObj(i -> "/kind-%d/%d".formatted(i, 7 * i))
                .toArray(String[]::new);
    }

    private List<FeedRecord> account(WrittenLog log, String name, int number) {
        AccountId id = new AccountId(name);
        List<CatalogRecord> both =
                List.of(
                        new AccountRecord(id, home, false),
                        new KeyRecord(key(number), id, "0".repeat(64)));
        return both.stream().map(log::write).toList();
    }

    private static String key(int number) {
        StringBuilder key = new StringBuilder("RNL");
        for (int i = 16; i >= 0; i--) {
            key.append((char) ('A' + (i > 7 ? 0 : (number >> (2 * i)) & 3)));
        }
        return key.toString();
    }

    private static List<FeedRecord> task(WrittenLog log, TaskRef ref) {
        Task task =
                new Task(
                        ref,
                        1,
                        RuntimeKind.WASM,
                        HandlerKind.HTTP,
                        CodeDigest.of(new byte[] {1}),
                        Limits.DEFAULT,
                        Map.of());
        return List.of(
                log.write(new VersionRecord(task, ByteSize.ofKiB(1), List.of(), Instant.EPOCH)),
                log.write(new TaskRecord(ref, 1, 1, false, Optional.empty())));
    }

    private static GrantRecord grant(TaskRef task, String account) {
        return new GrantRecord(
                task,
                Grantee.of(new AccountId(account)),
                "default",
                Qualifier.NONE,
                GrantRecord.Effect.ALLOW,
                false,
                GrantRecord.Placement.CALLER,
                GrantTerms.NONE);
    }

    private static AccessRequest[] tasks() {
        AccessRequest[] tasks = new AccessRequest[TASKS];
        for (int i = 0; i < TASKS; i++) {
            TaskRef task = TaskRef.of("acme", "task-" + i);
            tasks[i] = new AccessRequest(task, Qualifier.NONE, "GET", "192.0.2.7", 0, header -> "");
        }
        return tasks;
    }

    private static Proof[] callers() {
        Proof[] callers = new Proof[ACCOUNTS + 1];
        for (int i = 0; i <= ACCOUNTS; i++) {
            AccountId account = new AccountId(i == 0 ? "acme" : "account-" + i);
            callers[i] = new Proof.Proved(new Caller.Keyed(account, key(i)));
        }
        return callers;
    }

    private AccessDecision decide(int caller, int task) {
        return access.decide(catalog, contacts, NOW, callers[caller], tasks[task]);
    }

    @Benchmark
    public AccessDecision owner() {
        return decide(0, 0);
    }

    @Benchmark
    public AccessDecision granted() {
        turn = turn % ACCOUNTS + 1;
        return decide(turn, 0);
    }

    @Benchmark
    public ApiDecision route() {
        turn = turn % ACCOUNTS + 1;
        RouteMatch match = api.routes().find("GET", paths[turn % TASKS]);
        Optional<Operation> operation =
                match instanceof RouteMatch.Found found
                        ? Optional.of(found.operation())
                        : Optional.empty();
        var called = new CalledRoute(Optional.of(api), operation);
        return routes.decide(catalog, contacts, NOW, callers[turn], byApi, called);
    }

    @Benchmark
    public AccessDecision stranger() {
        turn = turn % ACCOUNTS + 1;
        return decide(ACCOUNTS - turn % (ACCOUNTS / 2), 1 + turn % (TASKS - 1));
    }
}
