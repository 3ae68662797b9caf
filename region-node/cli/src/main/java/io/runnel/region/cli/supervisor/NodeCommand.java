package io.runnel.region.cli.supervisor;

import io.runnel.topology.NodeStatus.Role;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The command line of a node's process. Pure: the same node gives the same line.
 *
 * @param java the Java program
 * @param dist the folder with {@code lib/}, where the jars are
 * @param caches the folder with ahead-of-time caches, made by the same jars, JDK and flags
 * @param training whether the process writes its cache at its end instead of using it
 * @param data the network's data folder
 */
public record NodeCommand(
        Path java, Path dist, Optional<Path> caches, boolean training, DataFolder data) {

    /** What a node needs besides its guests: servers, cluster, catalog, the compiler of modules. */
    private static final long BASE_HEAP_MIB = 224;

    /** A guest's memory grows by copying: room for the copy beside what is promised to guests. */
    private static final long GROWTH_SHARE = 4;

    /** The whole command, program first. */
    public List<String> of(LocalNode node) {
        return of(node, Seat.FIRST, false);
    }

    /** The same for this seat; whether the process takes over from the one in the other. */
    List<String> of(LocalNode node, Seat seat, boolean takesOver) {
        List<String> line = new ArrayList<>();
        line.add(java.toString());
        line.addAll(
                List.of(
                        // Small heaps on few cores: the parallel collectors cost more than they
                        // bring.
                        "-XX:+UseSerialGC",
                        // Nodes are full of small objects.
                        "-XX:+UseCompactObjectHeaders",
                        "-Xms36m",
                        // Most of what calls make is garbage when they end: collections that are
                        // rare cost less, for each has to look through the code of all tasks.
                        "-Xmn20m",
                        "-Xmx" + heapMiB(node) + "m",
                        "-Xss512k",
                        "-XX:MaxMetaspaceSize=256m",
                        "-XX:ReservedCodeCacheSize=96m",
                        // Large functions of guests are methods beyond HotSpot's limit.
                        "-XX:-DontCompileHugeMethods",
                        // A start calls much code some thousand times, and never again: the
                        // slow compiler is for what is called in earnest.
                        "-XX:Tier4InvocationThreshold=20000",
                        "-XX:Tier4MinInvocationThreshold=2400",
                        "-XX:Tier4CompileThreshold=60000",
                        "-XX:Tier4BackEdgeThreshold=160000",
                        // Gives heap back when the guests that needed it are gone.
                        "-XX:MinHeapFreeRatio=20",
                        "-XX:MaxHeapFreeRatio=40",
                        // And what compilers and the start took outside of the heap.
                        "-XX:TrimNativeHeapInterval=10000",
                        // What is in memory alone, secrets too, is not to end on a disk.
                        "-XX:-CreateCoredumpOnCrash",
                        // No files outside of the data folder.
                        "-XX:-UsePerfData",
                        // A client of TLS 1.2 may ask for handshake after handshake otherwise.
                        "-Djdk.tls.rejectClientInitiatedRenegotiation=true",
                        "-Djava.io.tmpdir=" + data.nodeTemp(node.name(), seat),
                        "-XX:ErrorFile=" + data.node(node.name()).resolve("jvm-error-%p.log"),
                        // Hazelcast's and Netty's queues still use it; there is no manifest entry.
                        "--sun-misc-unsafe-memory-access=allow"));
        line.addAll(cacheOptions(node.role()));
        line.addAll(List.of("-jar", jar(node.role()).toString()));
        line.addAll(List.of("--data", data.root().toString(), "--node", node.name().value()));
        if (takesOver) {
            line.add("--takes-over");
        }
        return List.copyOf(line);
    }

    /** The heap may hold all memory that the topology promises to guests, and grows only so far. */
    private static long heapMiB(LocalNode node) {
        long guests = node.memory().bytes() >> 20;
        return BASE_HEAP_MIB + guests + guests / GROWTH_SHARE;
    }

    private List<String> cacheOptions(Role role) {
        List<String> options = new ArrayList<>();
        caches.map(folder -> folder.resolve(cacheName(role)).toString())
                .ifPresent(
                        cache -> {
                            if (training) {
                                options.add("-XX:AOTCacheOutput=" + cache);
                                // With what was called often in training the slow compiler would
                                // begin at once.
                                options.add("-XX:+UnlockDiagnosticVMOptions");
                                options.add("-XX:-AOTRecordTraining");
                            } else {
                                options.add("-XX:AOTCache=" + cache);
                            }
                        });
        return options;
    }

    /** The file name of a role's cache. */
    static String cacheName(Role role) {
        return role.name().toLowerCase(Locale.ROOT) + ".aot";
    }

    /** What its process is given as class path; what the manifests in it name comes with it. */
    List<Path> classPath(LocalNode node) {
        return List.of(jar(node.role()));
    }

    private Path jar(Role role) {
        String name =
                switch (role) {
                    case POP -> "runnel-pop-node.jar";
                    case REGION -> "runnel-region-server.jar";
                };
        return dist.resolve("lib").resolve(name);
    }
}
