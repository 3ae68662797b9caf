package io.runnel.chaos;

import io.runnel.chaos.proxy.FaultProxy;
import io.runnel.chaos.suite.ChaosSuite;

import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;

/** The command of this room: {@code runnel chaos}. */
public final class ChaosMain {
    private static final String USAGE =
            """
            usage: runnel chaos list
                   runnel chaos run SCENARIO|FILE.yaml|all ... [--short] [--seed N] [--report DIR]
                                    [--slack FACTOR] [-t topology.yaml [--data DIR]]
                   runnel chaos proxy [--listen HOST:PORT] [--seed N]

              list    shows the scenarios
              run     starts a network (with -t: uses the one that runs), loads it, breaks it, and
                      says which promises were kept; report in ./chaos-report unless told otherwise;
                      TOXIPROXY_URL names a Toxiproxy server to use instead of the own proxy
              proxy   runs a fault proxy with Toxiproxy's HTTP API until it is ended;
                      listens on 127.0.0.1:8474 unless told otherwise (port 0: a free one)
            """;

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private ChaosMain() {}

    /** Runs the command that the arguments name; ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        List<String> rest = arguments.stream().skip(1).toList();
        return switch (arguments.isEmpty() ? "" : arguments.getFirst()) {
            case "list" -> suite(out, err).list();
            case "run" ->
                    suite(out, err)
                            .run(
                                    rest,
                                    RandomGenerator.getDefault().nextLong(),
                                    environment("TOXIPROXY_URL"));
            case "proxy" -> proxy(rest, out, err);
            default -> {
                err.print(USAGE);
                yield WRONG_USAGE;
            }
        };
    }

    /** The launcher says where it lies, and which jars it runs. */
    private static ChaosSuite suite(PrintStream out, PrintStream err) {
        Path top = Path.of(System.getProperty("runnel.top", "."));
        String dist = System.getProperty("runnel.dist", "");
        Map<String, String> jars = dist.isEmpty() ? Map.of() : Map.of("RUNNEL_DIST", dist);
        return new ChaosSuite(top.toAbsolutePath(), jars, out, err);
    }

    private static String environment(String name) {
        String value = System.getenv(name);
        return value == null ? "" : value;
    }

    private static int proxy(List<String> arguments, PrintStream out, PrintStream err) {
        try {
            ProxyOptions options = ProxyOptions.parse(arguments);
            return proxy(options, out);
        } catch (IllegalArgumentException e) {
            err.println("runnel chaos proxy: " + e.getMessage());
            return WRONG_USAGE;
        } catch (IOException e) {
            err.println("runnel chaos proxy: cannot listen: " + e.getMessage());
            return FAILED;
        }
    }

    private static int proxy(ProxyOptions options, PrintStream out) throws IOException {
        long seed = options.seed().orElseGet(RandomGenerator.getDefault()::nextLong);
        try (FaultProxy proxy = start(options.listen(), seed)) {
            InetSocketAddress address = proxy.address();
            out.printf(
                    "fault proxy on %s:%d, seed %d%n",
                    address.getAddress().getHostAddress(), address.getPort(), seed);
            out.flush();
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return DONE;
    }

    private static FaultProxy start(InetSocketAddress listen, long seed) throws IOException {
        try {
            return FaultProxy.start(listen, seed);
        } catch (BindException e) {
            throw new IOException(
                    "%s:%d: %s".formatted(listen.getHostString(), listen.getPort(), e.getMessage()),
                    e);
        }
    }
}
