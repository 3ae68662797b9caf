package io.runnel.routing.api;

import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Finding one of a thousand routes, in turn: {@code literal} has none but literal segments, {@code
 * parameters} two of five, one of them encoded, and {@code missing} is behind all of the branches.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
public class RouteBenchmark {
    private static final int RESOURCES = 250;

    private final RouteTable table = table();
    private final String[] literal = paths("/v1/resource-%d/search");
    private final String[] parameters = paths("/v1/resource-%d/0f8c/items/a%%20b");
    private final String[] missing = paths("/v1/resource-%d/0f8c/items/7/none");
    private int turn;

    private static RouteTable table() {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < RESOURCES; i++) {
            String resource = "/v1/resource-" + i;
            operations.add(operation("GET", resource + "/search"));
            operations.add(operation("GET", resource + "/{id}"));
            operations.add(operation("GET", resource + "/{id}/items/{item}"));
            operations.add(operation("PUT", resource + "/{id}/items/{item}"));
        }
        return RouteTable.of(operations);
    }

    private static Operation operation(String method, String template) {
        return new Operation(
                method,
                RouteTemplate.parse(template),
                TaskRef.of("demo", "shop"),
                Qualifier.NONE,
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new TreeMap<>(),
                RequestChecks.NONE,
                Optional.empty());
    }

    private static String[] paths(String form) {
        String[] paths = new String[RESOURCES];
        for (int i = 0; i < RESOURCES; i++) {
            paths[i] = form.formatted(i);
        }
        return paths;
    }

    private RouteMatch find(String[] paths) {
        turn = (turn + 1) % RESOURCES;
        return table.find("GET", paths[turn]);
    }

    @Benchmark
    public RouteMatch literal() {
        return find(literal);
    }

    @Benchmark
    public RouteMatch parameters() {
        return find(parameters);
    }

    @Benchmark
    public RouteMatch missing() {
        return find(missing);
    }
}
