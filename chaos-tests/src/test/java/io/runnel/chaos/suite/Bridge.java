package io.runnel.chaos.suite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A bridge with two network namespaces at it, as machines: for root only.
 *
 * @param name of the bridge; what belongs to it has a name that begins so
 * @param subnet the third number of its addresses
 */
record Bridge(String name, int subnet) implements AutoCloseable {
    /** The number of this process's own machine. */
    static final int HERE = 254;

    private static final int MACHINES = 2;

    /** Makes it, no other process's. */
    static Bridge make() {
        long pid = ProcessHandle.current().pid();
        Bridge bridge = new Bridge("rnl" + pid % 100_000, (int) (pid & 0xff));
        try {
            bridge.run("ip link add %s type bridge".formatted(bridge.name));
            bridge.run("ip link set %s up".formatted(bridge.name));
            bridge.run("ip address add %s/24 dev %s".formatted(bridge.address(HERE), bridge.name));
            for (int i = 1; i <= MACHINES; i++) {
                bridge.add(i);
            }
            return bridge;
        } catch (NetworkException e) {
            bridge.close();
            throw e;
        }
    }

    private void add(int machine) {
        String space = name + "-" + machine;
        String inside = name + "e" + machine;
        run("ip netns add " + space);
        run(
                "ip link add %s netns %s type veth peer name %s"
                        .formatted(inside, space, name + "p" + machine));
        run("ip link set %s master %s up".formatted(name + "p" + machine, name));
        run("ip -n %s address add %s/24 dev %s".formatted(space, address(machine), inside));
        run("ip -n %s link set %s up".formatted(space, inside));
        run("ip -n %s link set lo up".formatted(space));
    }

    /** Of the block for tests between machines (RFC 2544). */
    String address(int machine) {
        return "198.18.%d.%d".formatted(subnet, machine);
    }

    /** How a command is run there. */
    List<String> machine(int machine) {
        return List.of("ip", "netns", "exec", name + "-" + machine);
    }

    /** Why none can be made; empty if one can. */
    static Optional<String> missing() {
        String probe = "rnl-probe-" + ProcessHandle.current().pid();
        try {
            execute(List.of("ip", "netns", "add", probe));
            execute(List.of("ip", "netns", "delete", probe));
            return Optional.empty();
        } catch (NetworkException e) {
            return Optional.of(
                    "two machines need root, and ip (./runnel doctor --install): "
                            + e.getMessage());
        }
    }

    private void run(String command) {
        execute(List.of(command.split(" ", -1)));
    }

    private static void execute(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (process.waitFor() != 0) {
                throw new NetworkException("%s: %s".formatted(command, said.strip()));
            }
        } catch (IOException e) {
            throw new NetworkException("cannot run " + command.getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException("interrupted", e);
        }
    }

    /** Whatever there is of it: not all was made if making it failed. */
    @Override
    public void close() {
        for (int i = 1; i <= MACHINES; i++) {
            end("ip netns delete %s-%d".formatted(name, i));
        }
        end("ip link delete " + name);
    }

    private void end(String command) {
        try {
            run(command);
        } catch (NetworkException e) {
            System.out.println("left: " + e.getMessage());
        }
    }
}
