package io.runnel.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.chaos.suite.RootTrust;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A network of real processes, started and asked by the launcher as a user does it, from the
 * distribution that this build has made.
 */
final class RealNetwork implements AutoCloseable {
    static final Path TOP = Path.of("..").toAbsolutePath().normalize();
    static final Path DIST = Path.of("target", "checked", "dist").toAbsolutePath();

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A command that says nothing for so long hangs, however much it has to do. */
    private static final Duration SILENCE = Duration.ofMinutes(4);

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final HttpClient client = builder().build();
    private final Path data;

    private RealNetwork(Path data) {
        this.data = data;
    }

    /** What a command said. */
    record Said(int exit, String out, String err) {
        Said mustWork() {
            if (exit != 0) {
                throw new AssertionError("exit %d%n%s%n%s".formatted(exit, out, err));
            }
            return this;
        }
    }

    /**
     * Starts the network of this file, samples deployed.
     *
     * @param chosen is told the addresses when they are chosen, while the nodes start
     */
    static RealNetwork start(Path data, Path topology, Consumer<Topology> chosen) {
        RealNetwork network = new RealNetwork(data);
        String file = topology.toString();
        FutureTask<Said> up =
                new FutureTask<>(() -> network.runnel("up", "--detach", "--samples", "-t", file));
        Thread.ofVirtual().start(up);
        Path resolved = data.resolve("topology.yaml");
        // The first one of a build makes caches before that; it is given up on if it hangs.
        while (!Files.exists(resolved) && !up.isDone()) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        if (Files.exists(resolved)) {
            chosen.accept(TopologyReader.read(resolved));
        }
        try {
            up.get().mustWork();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
        return network;
    }

    /** Starts it again, on the data that it has. */
    void startAgain() {
        runnel("up", "--detach").mustWork();
    }

    /** Runs {@code ./runnel ARGUMENTS} on this network's data. */
    Said runnel(String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--data", data.toString()));
        return launcher(words);
    }

    /**
     * Runs {@code ./runnel WORDS}.
     *
     * @param variables names and values of its environment, by turns
     */
    static Said launcher(List<String> words, String... variables) {
        List<String> command = new ArrayList<>(List.of(TOP.resolve("runnel").toString()));
        command.addAll(words);
        return run(command, variables);
    }

    /** Runs a command, with {@code variables} as for {@link #launcher}. */
    static Said run(List<String> command, String... variables) {
        try {
            Path out = Files.createTempFile("runnel", ".out");
            Path err = Files.createTempFile("runnel", ".err");
            ProcessBuilder builder = new ProcessBuilder(command);
            environment(builder);
            for (int i = 0; i < variables.length; i += 2) {
                builder.environment().put(variables[i], variables[i + 1]);
            }
            Process process =
                    builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            process.getOutputStream().close();
            if (!endsOrSpeaks(process, out, err)) {
                process.destroyForcibly();
                throw new AssertionError(
                        "said nothing for %s: %s%n%s%n%s"
                                .formatted(SILENCE, command, read(out), read(err)));
            }
            Said said = new Said(process.exitValue(), read(out), read(err));
            Files.delete(out);
            Files.delete(err);
            return said;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Whether it ended, having said something in each {@link #SILENCE} until then. */
    private static boolean endsOrSpeaks(Process process, Path out, Path err)
            throws IOException, InterruptedException {
        long said = -1;
        long saidNow = 0;
        while (saidNow > said) {
            if (process.waitFor(SILENCE.toSeconds(), TimeUnit.SECONDS)) {
                return true;
            }
            said = saidNow;
            saidNow = Files.size(out) + Files.size(err);
        }
        return false;
    }

    /** What makes the launcher run this build's jars; its first {@code up} makes their caches. */
    static void environment(ProcessBuilder builder) {
        builder.environment().put("RUNNEL_BUILD", "off");
        builder.environment().put("RUNNEL_DIST", DIST.toString());
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, UTF_8);
    }

    /** What {@code status} says; whatever its exit code, for a node may be away. */
    private JsonNode status() {
        Said said = runnel("status", "--json");
        try {
            return JSON.readTree(said.out());
        } catch (IOException e) {
            throw new AssertionError(said.toString(), e);
        }
    }

    /** What the network says of one node. */
    Optional<JsonNode> node(String name) {
        for (JsonNode node : status().path("nodes")) {
            if (node.path("node").asText().equals(name)) {
                return Optional.of(node);
            }
        }
        return Optional.empty();
    }

    /** The process of a node. */
    ProcessHandle process(String name) {
        return process(node(name).orElseThrow().path("pid").asLong());
    }

    /** The process that started the nodes. */
    ProcessHandle supervisor() {
        return process(status().path("supervisor").asLong());
    }

    private static ProcessHandle process(long pid) {
        return ProcessHandle.of(pid).orElseThrow();
    }

    /** What a node's metrics say of those whose names begin so, together. */
    static double metric(HttpResponse<String> metrics, String name) {
        return metrics.body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** Every process that works on this network's data. */
    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .filter(RealNetwork::isNoZombie)
                .filter(process -> arguments(process).contains(data.toString()))
                .toList();
    }

    private static boolean isNoZombie(ProcessHandle process) {
        return !arguments(process).isEmpty();
    }

    private static String arguments(ProcessHandle process) {
        try {
            return Files.readString(
                    Path.of("/proc", Long.toString(process.pid()), "cmdline"),
                    java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    private static HttpClient.Builder builder() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5));
    }

    /** A client of HTTP/1.1 that knows the regions of the network that was started here. */
    HttpClient newClient() {
        return builder().sslContext(RootTrust.context(RootTrust.file(data))).build();
    }

    /** Calls a task of the account {@code demo} at a POP that listens there. */
    HttpResponse<String> call(int port, String task) {
        return call(client, URI.create("http://127.0.0.1:%d/fn/demo/%s".formatted(port, task)));
    }

    /** The same at a region's node. */
    HttpResponse<String> callRegion(int port, String task) {
        try (HttpClient known = newClient()) {
            return call(known, URI.create("https://127.0.0.1:%d/fn/demo/%s".formatted(port, task)));
        }
    }

    private static HttpResponse<String> call(HttpClient client, URI uri) {
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(uri + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Where a call ran. */
    static String ranAt(HttpResponse<String> answer) {
        return answer.headers().firstValue("Runnel-Ran-At").orElse("nowhere: " + answer.body());
    }

    /** Calls until the task runs at the POP itself. */
    void makePopular(int port, String task, String pop) {
        await("%s runs at %s".formatted(task, pop), () -> ranAt(call(port, task)).equals(pop));
    }

    /** Waits until it is so; prints the network's state if that takes a minute. */
    void await(String what, BooleanSupplier isSo) {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(
                        "not so after a minute: %s%n%s".formatted(what, runnel("status").out()));
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    @Override
    public void close() {
        runnel("down");
    }
}
