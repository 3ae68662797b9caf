package io.runnel.chaos;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The plan of the house: which room may depend on which, and on which libraries. What a room may
 * depend on it may use with all that comes with it, but libraries are said for each room anew.
 */
final class House {
    /**
     * One room.
     *
     * @param folder where its module lies
     * @param name its package, below that of the house
     * @param rooms the rooms it may depend on
     * @param libraries the names of the libraries it may use, beside those that all may use
     */
    record Room(String folder, String name, Set<String> rooms, Set<String> libraries) {}

    static final List<Room> ROOMS =
            List.of(
                    room("exec-runtime/task", "exec.task", Set.of(), Set.of()),
                    room("topology", "topology", Set.of("exec.task"), Set.of("Jackson")),
                    room(
                            "attestation",
                            "attestation",
                            Set.of("exec.task"),
                            Set.of("Jackson", "Bouncy Castle", "Nimbus")),
                    room("exec-runtime/node", "exec.node", Set.of("exec.task"), Set.of()),
                    room("exec-runtime/forecast", "exec.forecast", Set.of("exec.task"), Set.of()),
                    room(
                            "exec-runtime/isolate",
                            "exec.isolate",
                            Set.of("exec.task", "exec.forecast"),
                            Set.of()),
                    room(
                            "exec-runtime/durable",
                            "exec.durable",
                            Set.of("exec.task"),
                            Set.of("Jackson", "cron-utils")),
                    room("exec-runtime/wasi", "exec.wasi", Set.of("exec.isolate"), Set.of()),
                    room(
                            "exec-runtime/wasm",
                            "exec.wasm",
                            Set.of("exec.isolate", "exec.wasi"),
                            Set.of("Endive")),
                    room("exec-runtime/network", "exec.network", Set.of(), Set.of()),
                    room(
                            "exec-runtime/microvm",
                            "exec.microvm",
                            Set.of("exec.isolate", "exec.network"),
                            Set.of("Jackson")),
                    room(
                            "exec-runtime/outbound",
                            "exec.outbound",
                            Set.of("exec.wasi"),
                            Set.of("Vert.x")),
                    room(
                            "exec-runtime/http",
                            "exec.http",
                            Set.of("attestation", "exec.isolate"),
                            Set.of("Vert.x", "Jackson", "Micrometer")),
                    room(
                            "exec-runtime/admin",
                            "exec.admin",
                            Set.of("attestation", "exec.isolate", "exec.http", "exec.node"),
                            Set.of("Vert.x", "Jackson")),
                    room(
                            "routing/catalog",
                            "routing.catalog",
                            Set.of("topology"),
                            Set.of("Jackson")),
                    room(
                            "routing/api",
                            "routing.api",
                            Set.of("routing.catalog"),
                            Set.of("Jackson", "JSON Schema", "RE2/J")),
                    room("routing/cache", "routing.cache", Set.of(), Set.of()),
                    room(
                            "routing/placement",
                            "routing.placement",
                            Set.of("routing.catalog", "routing.api"),
                            Set.of()),
                    room("routing/usage", "routing.usage", Set.of("exec.task"), Set.of()),
                    room(
                            "routing/forward",
                            "routing.forward",
                            Set.of("exec.http", "topology"),
                            Set.of("Vert.x", "Resilience4j")),
                    room(
                            "routing/edge",
                            "routing.edge",
                            Set.of(
                                    "routing.placement",
                                    "routing.cache",
                                    "routing.usage",
                                    "exec.http"),
                            Set.of("Vert.x")),
                    room(
                            "routing/journal",
                            "routing.journal",
                            Set.of("routing.edge", "routing.cache", "exec.admin"),
                            Set.of("Vert.x", "Jackson", "Micrometer", "JDK log files")),
                    room(
                            "cluster-membership/store",
                            "cluster.store",
                            Set.of("routing.catalog", "routing.usage", "exec.durable"),
                            Set.of("JDBC", "Flyway")),
                    room(
                            "cluster-membership/replication",
                            "cluster.replication",
                            Set.of(
                                    "routing.catalog",
                                    "routing.usage",
                                    "exec.isolate",
                                    "attestation"),
                            Set.of("Vert.x", "Jackson")),
                    room(
                            "cluster-membership/hazelcast",
                            "cluster.hazelcast",
                            Set.of("topology", "attestation"),
                            Set.of("Hazelcast")),
                    room(
                            "pop-node",
                            "pop",
                            Set.of(
                                    "exec.node",
                                    "exec.wasm",
                                    "exec.microvm",
                                    "exec.outbound",
                                    "exec.http",
                                    "exec.admin",
                                    "routing.placement",
                                    "routing.forward",
                                    "routing.cache",
                                    "routing.edge",
                                    "routing.journal",
                                    "cluster.replication",
                                    "cluster.hazelcast"),
                            Set.of("Vert.x", "Jackson", "Micrometer")),
                    room(
                            "region-node/server",
                            "region.server",
                            Set.of(
                                    "exec.node",
                                    "exec.durable",
                                    "exec.wasm",
                                    "exec.microvm",
                                    "exec.outbound",
                                    "exec.http",
                                    "exec.admin",
                                    "routing.placement",
                                    "routing.forward",
                                    "routing.cache",
                                    "routing.edge",
                                    "routing.journal",
                                    "cluster.store",
                                    "cluster.replication",
                                    "cluster.hazelcast"),
                            Set.of("Vert.x", "Jackson", "Micrometer")),
                    room(
                            "region-node/cli",
                            "region.cli",
                            Set.of(
                                    "topology",
                                    "attestation",
                                    "exec.forecast",
                                    "exec.isolate",
                                    "exec.wasi",
                                    "exec.microvm",
                                    "exec.node"),
                            Set.of("picocli", "Jackson")),
                    room("chaos-tests", "chaos", Set.of("topology"), Set.of("Jackson")));

    /** Rooms that compute and decide: time and chance come to them as arguments. */
    static final Set<String> PURE =
            Set.of(
                    "exec.task",
                    "exec.forecast",
                    "topology",
                    "routing.catalog",
                    "routing.api",
                    "routing.cache",
                    "routing.placement");

    /** What a library's packages start with. */
    static final Map<String, List<String>> LIBRARIES =
            Map.ofEntries(
                    Map.entry("Bouncy Castle", List.of("org.bouncycastle.")),
                    Map.entry("cron-utils", List.of("com.cronutils.")),
                    Map.entry("Endive", List.of("run.endive.")),
                    Map.entry("Flyway", List.of("org.flywaydb.")),
                    // Its own logger interface, which we implement, speaks in the JDK's levels.
                    Map.entry(
                            "Hazelcast",
                            List.of(
                                    "com.hazelcast.",
                                    "java.util.logging.Level",
                                    "java.util.logging.LogRecord")),
                    Map.entry(
                            "JDBC",
                            List.of("java.sql.", "javax.sql.", "org.sqlite.", "org.postgresql.")),
                    // Files that take turns; what is logged goes by System.Logger there too.
                    Map.entry(
                            "JDK log files",
                            List.of(
                                    "java.util.logging.ErrorManager",
                                    "java.util.logging.FileHandler",
                                    "java.util.logging.Formatter",
                                    "java.util.logging.Level",
                                    "java.util.logging.LogRecord")),
                    Map.entry("Jackson", List.of("com.fasterxml.jackson.", "org.yaml.snakeyaml.")),
                    Map.entry("JSON Schema", List.of("com.networknt.")),
                    Map.entry("Micrometer", List.of("io.micrometer.")),
                    Map.entry("Nimbus", List.of("com.nimbusds.")),
                    Map.entry("picocli", List.of("picocli.")),
                    Map.entry("RE2/J", List.of("com.google.re2j.")),
                    Map.entry("Resilience4j", List.of("io.github.resilience4j.")),
                    Map.entry("Vert.x", List.of("io.vertx.", "io.netty.")));

    /** What every room may use. */
    static final List<String> FOR_ALL =
            List.of("java.", "javax.", "jdk.", "com.sun.net.httpserver.", "org.jspecify.");

    /** What looks like part of {@link #FOR_ALL} and is not for all: logging is System.Logger. */
    static final List<String> NOT_FOR_ALL =
            List.of("java.util.logging.", "java.sql.", "javax.sql.");

    private House() {}

    private static Room room(String folder, String name, Set<String> rooms, Set<String> libraries) {
        return new Room(folder, name, rooms, libraries);
    }

    /** The room and all that it may use, directly or not. */
    static Set<String> reach(List<Room> rooms, String name) {
        Map<String, Room> byName = new HashMap<>();
        rooms.forEach(room -> byName.put(room.name(), room));
        Set<String> found = new LinkedHashSet<>();
        reach(byName, name, found);
        return found;
    }

    private static void reach(Map<String, Room> rooms, String name, Set<String> found) {
        Room room = rooms.get(name);
        if (room == null) {
            throw new IllegalArgumentException("no room: " + name);
        }
        if (found.add(name)) {
            room.rooms().forEach(next -> reach(rooms, next, found));
        }
    }
}
