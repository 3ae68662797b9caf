package io.runnel.exec.wasm;

import io.runnel.exec.isolate.Tier;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs compute kernels compiled on this runtime and on Node's engine, the same modules in
 * alternated rounds, and prints how many times as fast as Node's each of them is. All that a call
 * wrote is brought back after it, as nodes do; only here. Ends with code 1 if an engine computes
 * something else. Begun by {@code src/bench/kernels/run}.
 */
public final class KernelSuite {
    private static final int ROUNDS = 9;
    private static final int CALLS = 50;

    /** HotSpot compiles a method well only after some thousand calls, however long each takes. */
    private static final int WARM_UPS = 60;

    private static final long CALL_NANOS = 1_000_000;
    private static final int MOST_TIMES = 1 << 20;

    /** What one round gave. */
    private record Round(int sum, long nanos) {}

    /** One of the two engines. */
    private interface Side {
        Round run(String kernel, int times, int calls) throws Exception;
    }

    private KernelSuite() {}

    /** With the modules' folder, and the program that runs them in Node. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        List<String> names = names(folder);
        Process process =
                new ProcessBuilder("node", args[1], args[0])
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
                PrintWriter questions =
                        new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true)) {
            Side node =
                    (kernel, times, calls) ->
                            ask(kernel + " " + times + " " + calls, questions, answers);
            System.out.printf("%-12s %10s %10s %8s%n", "kernel", "here ms", "node ms", "times");
            double logarithms = 0;
            double least = Double.MAX_VALUE;
            for (String name : names) {
                double times = compare(name, own(folder, name), node);
                logarithms += Math.log(times);
                least = Math.min(least, times);
            }
            System.out.printf(
                    "geometric mean %.2f x Node, least %.2f x%n",
                    Math.exp(logarithms / names.size()), least);
        } finally {
            process.destroy();
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(".wasm"))
                    .map(f -> f.replace(".wasm", ""))
                    .sorted()
                    .toList();
        }
    }

    private static Round ask(String question, PrintWriter questions, BufferedReader answers)
            throws IOException {
        questions.println(question);
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("node has ended");
        }
        String[] words = answer.split(" ", 2);
        return new Round(Integer.parseInt(words[0]), Long.parseLong(words[1]));
    }

    private static Side own(Path folder, String name) throws Exception {
        byte[] module = Files.readAllBytes(folder.resolve(name + ".wasm"));
        ModuleShape shape = ModuleScan.scan(module);
        FunctionCheck.checkAll(module, shape.types());
        InstanceMaker maker = InstanceMaker.of(module, shape, true);
        var whole = ModuleParser.whole(module, shape);
        CompiledClasses classes = ModuleCompiler.compile(whole);
        int function = Exports.function(whole, "kernel");
        var first = new Engine(Tier.COMPILED, ProgramLoader.load(classes));
        return new Own(maker, function, classes, maker.make(first, maker.first()));
    }

    /** As an isolate: takes the second form when calls are found to run long. */
    private static final class Own implements Side {
        private final InstanceMaker maker;
        private final int function;
        private final CompiledClasses classes;
        private final LongRuns runs = new LongRuns();
        private GuestInstance instance;
        private boolean marks = true;

        Own(InstanceMaker maker, int function, CompiledClasses classes, GuestInstance instance) {
            this.maker = maker;
            this.function = function;
            this.classes = classes;
            this.instance = instance;
        }

        @Override
        public Round run(String kernel, int times, int calls) throws Exception {
            int memoryBytes = maker.first().memory().pages() << 16;
            if (marks && runs.areLong(memoryBytes)) {
                marks = false;
                instance = maker.make(UnmarkedForm.load(classes), maker.first());
            }
            instance.memory().begin(TestCalls.none(), 1 << 26);
            int sum = 0;
            long begin = System.nanoTime();
            for (int i = 0; i < calls; i++) {
                long from = System.nanoTime();
                sum = (int) instance.call(function, times)[0];
                runs.add(System.nanoTime() - from);
                instance.restore(maker.first());
            }
            return new Round(sum, System.nanoTime() - begin);
        }
    }

    private static double compare(String name, Side own, Side node) throws Exception {
        int times = calibrate(name, node);
        for (int i = 0; i < WARM_UPS; i++) {
            require(name, own.run(name, times, CALLS), node.run(name, times, CALLS));
        }
        List<Double> ratios = new ArrayList<>();
        List<Long> here = new ArrayList<>();
        List<Long> there = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            Round mine = own.run(name, times, CALLS);
            Round theirs = node.run(name, times, CALLS);
            here.add(mine.nanos());
            there.add(theirs.nanos());
            ratios.add((double) theirs.nanos() / mine.nanos());
        }
        ratios.sort(null);
        here.sort(null);
        there.sort(null);
        System.out.printf(
                "%-12s %10.1f %10.1f %8.2f   (%.2f to %.2f)%n",
                name,
                here.get(ROUNDS / 2) / 1e6,
                there.get(ROUNDS / 2) / 1e6,
                ratios.get(ROUNDS / 2),
                ratios.getFirst(),
                ratios.getLast());
        return ratios.get(ROUNDS / 2);
    }

    private static int calibrate(String name, Side node) throws Exception {
        int times = 1;
        while (times < MOST_TIMES && node.run(name, times, CALLS).nanos() < CALLS * CALL_NANOS) {
            times *= 2;
        }
        return times;
    }

    private static void require(String name, Round here, Round there) {
        if (here.sum() != there.sum()) {
            System.err.printf(
                    "%s: %d here, %d with Node: not the same%n", name, here.sum(), there.sum());
            System.exit(1);
        }
    }
}
