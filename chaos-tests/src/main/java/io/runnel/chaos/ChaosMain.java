package io.runnel.chaos;

import io.runnel.chaos.proxy.FaultProxy;

import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;

/** The command of this room: {@code runnel chaos}. */
public final class ChaosMain {
    private static final String USAGE =
            """
            usage: runnel chaos proxy [--listen HOST:PORT] [--seed N]

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
        if (arguments.isEmpty() || !arguments.getFirst().equals("proxy")) {
            err.print(USAGE);
            return WRONG_USAGE;
        }
        try {
            ProxyOptions options = ProxyOptions.parse(arguments.subList(1, arguments.size()));
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
