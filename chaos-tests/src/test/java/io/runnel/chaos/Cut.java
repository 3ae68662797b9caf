package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * An address of this machine's own that packets can be kept from and to: by nftables, and so for
 * root only.
 */
final class Cut implements AutoCloseable {
    private final String address;
    private final String table;
    private boolean cut;

    private Cut(String address, String table) {
        this.address = address;
        this.table = table;
    }

    /** Makes one, no other process's; empty if this may not. */
    static Optional<Cut> prepare() {
        long pid = ProcessHandle.current().pid();
        String address = "127.77.%d.%d".formatted(pid >> 8 & 0xff, pid & 0xff);
        boolean may =
                works(List.of("nft", "list", "tables"))
                        && works(List.of("ip", "address", "add", address + "/32", "dev", "lo"));
        return may ? Optional.of(new Cut(address, "runnel_cut_" + pid)) : Optional.empty();
    }

    private static boolean works(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException none) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String address() {
        return address;
    }

    /** From now on nothing comes from there or gets there. */
    void begin() {
        String rules =
                """
                table ip %1$s {
                  chain cut {
                    type filter hook input priority 0
                    ip saddr %2$s ip daddr != %2$s drop
                    ip daddr %2$s ip saddr != %2$s drop
                  }
                }
                """
                        .formatted(table, address);
        run(List.of("nft", "-f", "-"), rules);
        cut = true;
    }

    void end() {
        if (cut) {
            run(List.of("nft", "delete", "table", "ip", table), "");
            cut = false;
        }
    }

    @Override
    public void close() {
        end();
        run(List.of("ip", "address", "del", address + "/32", "dev", "lo"), "");
    }

    /** Runs a command that must work. */
    static void run(List<String> command, String input) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var to = process.getOutputStream()) {
                to.write(input.getBytes(UTF_8));
            }
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertTrue(process.waitFor(10, TimeUnit.SECONDS), command::toString);
            assertEquals(0, process.exitValue(), () -> command + ": " + said);
        } catch (IOException e) {
            throw new AssertionError(command.toString(), e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
