package io.runnel.chaos.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The one that this process runs on: its supervisor is asked through the launcher. */
final class ThisMachine implements Machine {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Launcher launcher;

    ThisMachine(Launcher launcher) {
        this.launcher = launcher;
    }

    @Override
    public List<Node> nodes() {
        Launcher.Said said = launcher.run(List.of("status", "--json"));
        try {
            JsonNode nodes = JSON.readTree(said.out()).path("nodes");
            if (nodes.isMissingNode()) {
                throw new NetworkException("no network runs here: " + said.err().strip());
            }
            List<Node> found = new ArrayList<>();
            for (JsonNode one : nodes) {
                found.add(Node.of(one, one.path("state").asText(), one.path("url").asText()));
            }
            return found;
        } catch (IOException e) {
            throw new NetworkException("status says no JSON: " + said.out(), e);
        }
    }

    @Override
    public boolean signal(Node node, Signal signal) {
        Optional<ProcessHandle> process =
                ProcessHandle.of(node.pid()).filter(ProcessHandle::isAlive);
        process.ifPresent(
                living -> {
                    if (signal == Signal.KILL) {
                        living.destroyForcibly();
                        living.onExit().join();
                    } else {
                        send(signal, living.pid());
                    }
                });
        return process.isPresent();
    }

    @Override
    public void stop(String node) {
        launcher.run(List.of("stop", node)).mustWork("stop " + node);
    }

    @Override
    public void start(String node) {
        launcher.run(List.of("start", node)).mustWork("start " + node);
    }

    private static void send(Signal signal, long pid) {
        try {
            int exit =
                    new ProcessBuilder("kill", "-" + signal.posixName(), Long.toString(pid))
                            .inheritIO()
                            .start()
                            .waitFor();
            if (exit != 0) {
                throw new NetworkException("kill -%s %d failed".formatted(signal.posixName(), pid));
            }
        } catch (IOException e) {
            throw new NetworkException("kill cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException("interrupted", e);
        }
    }
}
