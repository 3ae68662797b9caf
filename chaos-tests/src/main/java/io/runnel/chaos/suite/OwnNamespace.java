package io.runnel.chaos.suite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Namespaces of the network and of mounts for one run of the suite ({@code namespaces(7)}): packets
 * are lost there, and nobody else's; a disk that is full there is nobody else's.
 */
final class OwnNamespace {
    private static final List<String> ENTER =
            List.of(
                    "unshare",
                    "--net",
                    "--mount",
                    "sh",
                    "-c",
                    "ip link set lo up && exec \"$@\"",
                    "sh");

    /** What is mounted there nobody else sees, and it goes with the namespace. */
    private static final List<String> TRY =
            List.of("sh", "-c", "nft list ruleset && mount -t tmpfs runnel-chaos /tmp");

    private OwnNamespace() {}

    /** Whether this process is where no packet of others can be. */
    static boolean isHere() {
        try {
            return NetworkInterface.networkInterfaces().allMatch(OwnNamespace::isLoopback);
        } catch (SocketException e) {
            return false;
        }
    }

    private static boolean isLoopback(NetworkInterface network) {
        try {
            return network.isLoopback();
        } catch (SocketException e) {
            return false;
        }
    }

    /** Why none can be made, or nothing hurt in it; empty if all is there. */
    static Optional<String> missing() {
        String needs =
                "losing packets and filling disks need root, and nft, ip, mount and unshare"
                        + " (./runnel doctor --install): ";
        List<String> said = new ArrayList<>();
        try {
            int exit = run(TRY, Map.of(), said::add);
            return exit == 0
                    ? Optional.empty()
                    : Optional.of(needs + (said.isEmpty() ? "refused" : said.getLast()));
        } catch (NetworkException e) {
            return Optional.of(needs + e.getMessage());
        }
    }

    /**
     * Runs a command in a new one, and waits for its end.
     *
     * @param environment is set for it, beside what this process has
     * @param said gets each line that it says
     * @return its exit code
     */
    static int run(List<String> command, Map<String, String> environment, Consumer<String> said) {
        List<String> all = new ArrayList<>(ENTER);
        all.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            Thread end = new Thread(process::destroy, "end of the namespace");
            Runtime.getRuntime().addShutdownHook(end);
            process.getOutputStream().close();
            try (BufferedReader lines = process.inputReader(UTF_8)) {
                lines.lines().forEach(said);
            }
            int exit = process.waitFor();
            Runtime.getRuntime().removeShutdownHook(end);
            return exit;
        } catch (IOException e) {
            throw new NetworkException("cannot run %s".formatted(ENTER.getFirst()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException("interrupted", e);
        }
    }
}
