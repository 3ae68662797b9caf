package io.runnel.region.cli;

import io.runnel.region.cli.supervisor.DataFolder;
import io.runnel.region.cli.supervisor.NodeCommand;
import io.runnel.region.cli.supervisor.Patience;
import io.runnel.region.cli.supervisor.SupervisorClient;
import io.runnel.region.cli.supervisor.SupervisorProcess;
import io.runnel.topology.TopologyReader;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes the JVMs write their ahead-of-time caches: starts the smallest network with the flags that
 * say so, uses it as people do, and ends it. Supervisor and commands run in this one process, so
 * that its own cache, which the launcher asked for, serves both. The launcher calls it once after a
 * build; people do not.
 */
@Command(name = "train", hidden = true, description = "Writes ahead-of-time caches.")
final class TrainCommand implements Callable<Integer> {
    private static final Duration MOST_TO_ANSWER = Duration.ofSeconds(30);

    /** Enough for a task to become popular, so that the POP fetches, compiles and runs it too. */
    private static final int CALLS = 60;

    private final Shell shell;

    @Option(names = "--into", required = true, paramLabel = "DIR")
    private Path into = Path.of("");

    TrainCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
        DataFolder data = new DataFolder(into.resolve("data"));
        data.create();
        NetworkStart start = new NetworkStart(shell, data, new Progress(shell));
        start.prepare(Optional.of(topology()));
        NodeCommand trainees = shell.installation().trainees(data, into.toAbsolutePath());
        try (PipedOutputStream held = new PipedOutputStream();
                InputStream lifeline = new PipedInputStream(held)) {
            CompletableFuture<Boolean> supervisor =
                    CompletableFuture.supplyAsync(
                            () ->
                                    SupervisorProcess.run(
                                            trainees, false, Patience.TRAINING, lifeline));
            SupervisorClient client = awaitAnswer(data, supervisor);
            try {
                use(data, start, client);
            } finally {
                client.down(start::tell);
                supervisor.join();
            }
        }
        return 0;
    }

    private Path topology() throws IOException {
        Path file = into.resolve("training.yaml");
        try (InputStream text = TrainCommand.class.getResourceAsStream("training.yaml")) {
            if (text == null) {
                throw new IllegalStateException("training.yaml is part of this program");
            }
            Files.write(file, text.readAllBytes());
        }
        return file;
    }

    private static SupervisorClient awaitAnswer(
            DataFolder data, CompletableFuture<Boolean> supervisor) {
        long deadline = System.nanoTime() + MOST_TO_ANSWER.toNanos();
        Optional<SupervisorClient> client = SupervisorClient.find(data);
        while (client.isEmpty() && !supervisor.isDone() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            client = SupervisorClient.find(data);
        }
        return client.orElseThrow(() -> CliException.failed("the supervisor does not answer"));
    }

    /** What people do first. */
    private void use(DataFolder data, NetworkStart start, SupervisorClient client) {
        client.awaitReady(start::tell);
        start.ensureAccount(TopologyReader.read(data.topology()));
        Path samples = shell.installation().top().resolve("exec-runtime/samples");
        run(data, "deploy", "hello", samples.resolve("hello/hello.wasm") + "", "--public");
        run(
                data,
                "deploy",
                "sum",
                samples.resolve("checksum/checksum.wasm") + "",
                "--handler=event");
        for (int i = 0; i < CALLS; i++) {
            run(data, "invoke", i % 4 == 3 ? "sum" : "hello", "-d", "{}");
        }
        for (List<String> words :
                List.of(
                        List.of("status"),
                        List.of("status", "--json"),
                        List.of("tasks"),
                        List.of("logs", "hello"))) {
            run(data, words.toArray(String[]::new));
        }
    }

    /** One that fails teaches as well: it is only told. */
    private void run(DataFolder data, String... words) {
        String[] all = java.util.Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--data";
        all[words.length + 1] = data.root().toString();
        int exit = Main.run(shell, all);
        if (exit != 0) {
            shell.say("runnel %s: exit %d".formatted(String.join(" ", words), exit));
        }
    }
}
