package io.runnel.region.cli;

import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.region.cli.supervisor.DataFolder;
import io.runnel.topology.RegionNode;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** A region's store in one file, and back. Done by a process of the region's own program. */
@Command(
        name = "store",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Backs up what a region keeps, and restores it.",
            "A backup holds keys: keep it as you keep the data folder."
        })
final class StoreCommand implements Callable<Integer> {
    private static final String WHERE = "a node on this machine, or its region";

    private final Shell shell;

    StoreCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        throw CliException.usage("say what to do: runnel store backup, restore or check");
    }

    @Command(
            name = "backup",
            mixinStandardHelpOptions = true,
            description = {
                "Writes a region's store, the key of its secrets and its code into one file.",
                "The node may run: the file holds what stood in the store at one moment."
            })
    Integer backup(
            @Parameters(paramLabel = "NODE|REGION", description = WHERE) String where,
            @Option(
                            names = {"-o", "--output"},
                            required = true,
                            paramLabel = "FILE",
                            description = "the file to write, for its owner only")
                    Path file,
            @Option(names = "--force", description = "write over a file that is there")
                    boolean force,
            @Option(names = "--json", description = "print JSON") boolean json,
            @Mixin DataOption data) {
        List<String> words = words("backup", file, json);
        if (force) {
            words.add("--force");
        }
        return run(words, data.in(shell), where);
    }

    @Command(
            name = "restore",
            mixinStandardHelpOptions = true,
            description = {
                "Puts a backup in the place of a region's store, while its nodes are stopped.",
                "The file is checked before anything is touched; the store that it replaces is"
                        + " kept aside."
            })
    Integer restore(
            @Parameters(paramLabel = "NODE|REGION", description = WHERE) String where,
            @Parameters(paramLabel = "FILE", description = "what runnel store backup wrote")
                    Path file,
            @Option(names = "--json", description = "print JSON") boolean json,
            @Mixin DataOption data) {
        return run(words("restore", file, json), data.in(shell), where);
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "Reads a backup as a whole, and says what is in it or what is wrong.")
    Integer check(
            @Parameters(paramLabel = "FILE", description = "what runnel store backup wrote")
                    Path file,
            @Option(names = "--json", description = "print JSON") boolean json) {
        return run(words("check", file, json));
    }

    private static List<String> words(String what, Path file, boolean json) {
        List<String> words =
                new ArrayList<>(List.of(what, file.toAbsolutePath().normalize().toString()));
        if (json) {
            words.add("--json");
        }
        return words;
    }

    private int run(List<String> words, DataFolder data, String where) {
        words.addAll(
                List.of("--data", data.root().toString(), "--node", node(data, where).value()));
        return run(words);
    }

    /** A region's node whose folder is on this machine, else its first. */
    private NodeName node(DataFolder data, String where) {
        if (!Files.exists(data.topology())) {
            throw CliException.failed(
                    "%s has no topology: --data names the network's data folder"
                            .formatted(data.root()));
        }
        Topology topology = TopologyReader.read(data.topology());
        List<NodeName> nodes =
                topology.regions().stream()
                        .filter(region -> isMeant(region.name(), where, region.nodes()))
                        .flatMap(region -> region.nodes().stream())
                        .map(RegionNode::name)
                        .toList();
        if (nodes.isEmpty()) {
            throw CliException.failed(
                    "'%s' is no region and no region's node of network %s; POPs keep no store"
                            .formatted(where, topology.network()));
        }
        return nodes.stream()
                .filter(node -> node.value().equals(where))
                .findFirst()
                .or(() -> nodes.stream().filter(node -> Files.exists(data.node(node))).findFirst())
                .orElse(nodes.getFirst());
    }

    private static boolean isMeant(RegionId region, String where, List<RegionNode> nodes) {
        return region.value().equals(where)
                || nodes.stream().anyMatch(node -> node.name().value().equals(where));
    }

    private int run(List<String> words) {
        List<String> line = new ArrayList<>();
        line.addAll(
                List.of(
                        shell.installation().java().toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-Xmx512m",
                        // What the migrations library logs is nobody's business here.
                        "-Djava.util.logging.config.file=/dev/null",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        shell.installation()
                                .dist()
                                .resolve("lib/runnel-region-server.jar")
                                .toString(),
                        "io.runnel.region.server.StoreMain"));
        line.addAll(words);
        try {
            Process process = new ProcessBuilder(line).start();
            process.getOutputStream().close();
            Thread errors = Thread.ofVirtual().start(() -> each(process.errorReader(), shell::say));
            each(process.inputReader(), shell::print);
            errors.join();
            return process.waitFor();
        } catch (IOException e) {
            throw CliException.failed("%s cannot be run: %s".formatted(line.getFirst(), e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliException.failed("interrupted");
        }
    }

    private static void each(BufferedReader from, java.util.function.Consumer<String> to) {
        from.lines().forEach(to);
    }
}
