package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.Collected;
import io.runnel.exec.isolate.Contracts;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What modules that others made cost and do: opened, called while interpreted, compiled, called
 * again. Begun by {@code src/bench/modules}.
 */
public final class ModuleReport {
    private static final Limits LIMITS = Limits.DEFAULT.withMemory(ByteSize.ofMiB(256));
    private static final int CALLS = 3;
    private static final int MOST_SHOWN = 60;

    private ModuleReport() {}

    /** With a folder that has modules; beside NAME.wasm may lie NAME.args and NAME.in. */
    public static void main(String[] args) throws Exception {
        try (Stream<Path> files = Files.list(Path.of(args[0]))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".wasm")).sorted().toList()) {
                report(file);
            }
        }
    }

    private static void report(Path file) throws IOException, InterruptedException {
        byte[] module = Files.readAllBytes(file);
        System.out.printf("%s, %,d bytes%n", file.getFileName(), module.length);
        Task task = Contracts.task(RuntimeKind.WASM, "module", module, LIMITS);
        long heap = usedHeap();
        long begin = System.nanoTime();
        try (Program program = Programs.runtime().open(task, module)) {
            long opened = System.nanoTime() - begin;
            System.out.printf(
                    "  opened in %.0f ms, keeps %d MiB of heap%n",
                    opened / 1e6, (usedHeap() - heap) >> 20);
            call(file, task, program);
            begin = System.nanoTime();
            optimize(program);
            System.out.printf("  optimize took %.0f ms%n", (System.nanoTime() - begin) / 1e6);
            call(file, task, program);
        } catch (CodeRejectedException e) {
            System.out.printf(
                    "  refused after %.0f ms: %s%n",
                    (System.nanoTime() - begin) / 1e6, e.getMessage());
        }
    }

    private static void optimize(Program program) throws InterruptedException {
        try {
            program.optimize();
        } catch (CodeRejectedException e) {
            System.out.println("  stays interpreted: " + e.getMessage());
        }
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void call(Path module, Task task, Program program) throws IOException {
        Invocation invocation =
                new Invocation(
                        RequestId.next(0, new Random(1)),
                        task,
                        Caller.ANONYMOUS,
                        Map.of(),
                        List.copyOf(beside(module, ".args").lines().toList()),
                        Long.MAX_VALUE);
        byte[] input = beside(module, ".in").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < CALLS; i++) {
            Collected out = new Collected();
            Collected log = new Collected();
            long begin = System.nanoTime();
            var outcome =
                    program.newIsolate().run(invocation, new ByteArrayInputStream(input), out, log);
            System.out.printf(
                    "  %s call %.0f ms: %s, %d characters: %s%s%n",
                    program.tier(),
                    (System.nanoTime() - begin) / 1e6,
                    outcome.getClass().getSimpleName(),
                    out.text().length(),
                    shown(out.text()),
                    shown(log.text()));
        }
    }

    private static String beside(Path module, String ending) throws IOException {
        String name = module.getFileName().toString().replace(".wasm", ending);
        Path file = module.resolveSibling(name);
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private static String shown(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() > MOST_SHOWN ? line.substring(0, MOST_SHOWN) + "..." : line;
    }
}
