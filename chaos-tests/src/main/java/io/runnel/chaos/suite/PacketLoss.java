package io.runnel.chaos.suite;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Has the kernel lose packets of some TCP ports, by chance, both ways ({@code nftables}). For a
 * network namespace of its own only, with which it goes: {@link OwnNamespace}. One thread at a
 * time.
 */
final class PacketLoss {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TABLE = "inet runnel_chaos";
    private static final int ALL = 1000;

    /** Makes a table that loses nothing yet. */
    static PacketLoss start() {
        run(
                """
                add table %1$s
                add chain %1$s packets { type filter hook input priority 0; }
                """
                        .formatted(TABLE));
        return new PacketLoss();
    }

    private PacketLoss() {}

    /** Watches a port, and loses nothing there yet. */
    void watch(int port) {
        run(
                """
                add counter %1$s port%2$d
                add chain %1$s port%2$d
                add rule %1$s packets tcp dport %2$d jump port%2$d
                add rule %1$s packets tcp sport %2$d jump port%2$d
                """
                        .formatted(TABLE, port));
    }

    /**
     * Loses packets to and from it from now on.
     *
     * @param share of packets, 0.001 to 1
     */
    void lose(int port, double share) {
        deliver(port);
        run(
                "add rule %1$s port%2$d numgen random mod %3$d <= %4$d counter name port%2$d drop\n"
                        .formatted(TABLE, port, ALL, Math.max(0, Math.round(share * ALL) - 1)));
    }

    /** Loses no more of it. */
    void deliver(int port) {
        run("flush chain %s port%d\n".formatted(TABLE, port));
    }

    /** How many packets were lost so far, by port. */
    Map<Integer, Long> lost() {
        List<String> command =
                new ArrayList<>(List.of("nft", "--json", "list", "counters", "table"));
        command.addAll(List.of(TABLE.split(" ")));
        String said = run(command, "");
        try {
            Map<Integer, Long> lost = new HashMap<>();
            for (JsonNode one : JSON.readTree(said).path("nftables")) {
                JsonNode counter = one.path("counter");
                if (!counter.isMissingNode()) {
                    String port = counter.path("name").asText().replace("port", "");
                    lost.put(Integer.parseInt(port), counter.path("packets").asLong());
                }
            }
            return lost;
        } catch (IOException e) {
            throw new NetworkException("nft says no JSON: " + said, e);
        }
    }

    private static void run(String commands) {
        run(List.of("nft", "--file", "-"), commands);
    }

    private static String run(List<String> command, String input) {
        try {
            Process nft = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var in = nft.outputWriter(UTF_8)) {
                in.write(input);
            }
            String said = new String(nft.getInputStream().readAllBytes(), UTF_8);
            if (nft.waitFor() != 0) {
                throw new NetworkException("nft refuses %s: %s".formatted(input, said.strip()));
            }
            return said;
        } catch (IOException e) {
            throw new NetworkException("nft cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException("interrupted", e);
        }
    }
}
