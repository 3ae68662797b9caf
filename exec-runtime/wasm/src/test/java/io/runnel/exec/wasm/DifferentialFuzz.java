package io.runnel.exec.wasm;

import io.runnel.exec.isolate.Tier;

import run.endive.wasm.WasmEngineException;
import run.endive.wasm.WasmModule;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Makes modules of random bytes (binaryen's {@code wasm-opt -ttf}) and runs each on three engines:
 * the interpreter, compiled code in both forms, code of which some functions chosen at random are
 * interpreted, and Node. All have to give the same: what each function returns or how it traps,
 * what is in memory and in globals at last. Compiled code runs it twice, brought back to its image
 * in between. Numbers that are none are taken out of the modules ({@code --denan}): their bits may
 * differ.
 */
final class DifferentialFuzz implements AutoCloseable {
    private static final List<String> OPTIONS =
            List.of(
                    "-ttf",
                    "--mvp-features",
                    "--enable-sign-ext",
                    "--enable-nontrapping-float-to-int",
                    "--enable-bulk-memory",
                    "--enable-multivalue",
                    "--enable-mutable-globals",
                    "--enable-tail-call",
                    "--denan");
    private static final int LEAST_BYTES = 200;
    private static final int MOST_BYTES = 12_000;
    private static final int ROUNDS = 2;
    private static final int SPECIAL = 4;

    private final Path folder;
    private final Process node;
    private final BufferedReader answers;
    private final PrintWriter questions;

    /** With a folder for what is made; what differs is left there. */
    DifferentialFuzz(Path folder) throws IOException {
        this.folder = folder;
        Path script = folder.resolve("peer.mjs");
        try (var in = DifferentialFuzz.class.getResourceAsStream("fuzz/peer.mjs")) {
            Files.write(script, in.readAllBytes());
        }
        node =
                new ProcessBuilder("node", script.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        answers = node.inputReader(StandardCharsets.UTF_8);
        questions = new PrintWriter(node.outputWriter(StandardCharsets.UTF_8), true);
    }

    /** A number of modules, of seeds that follow a first one; ends with code 1 if any differs. */
    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[0]);
        long first = args.length > 1 ? Long.parseLong(args[1]) : new SecureRandom().nextInt();
        System.out.printf("%d modules, seeds %d and after%n", count, first);
        int differ = 0;
        Path folder = Files.createTempDirectory("fuzz");
        try (DifferentialFuzz fuzz = new DifferentialFuzz(folder)) {
            for (int i = 0; i < count; i++) {
                String difference = fuzz.run(first + i);
                if (!difference.isEmpty()) {
                    System.out.println(difference);
                    differ++;
                }
            }
        }
        System.out.printf("%d of %d differ; those are in %s%n", differ, count, folder);
        System.exit(differ == 0 ? 0 : 1);
    }

    /** Runs the module of a seed everywhere: the difference, or nothing. */
    String run(long seed) throws Exception {
        Random random = new Random(seed);
        FuzzModule made = FuzzModule.of(make(seed, random));
        Path file = folder.resolve("seed_" + seed + ".wasm");
        byte[] module = made.toBytes();
        Files.write(file, module);
        List<FuzzCall> calls = calls(made, random);
        StringBuilder question = new StringBuilder(file.toString());
        calls.forEach(call -> question.append(';').append(call));
        questions.println(question);
        String theirs = answers.readLine();
        Map<String, String> ours = ours(module, calls, made.mutableGlobals(), seed);
        if (ours.values().stream().allMatch(theirs::equals)) {
            Files.delete(file);
            return "";
        }
        StringBuilder difference = new StringBuilder("seed %d, module %s".formatted(seed, file));
        difference.append("%n  %-11s %s".formatted("node", theirs));
        ours.forEach((who, answer) -> difference.append("%n  %-11s %s".formatted(who, answer)));
        return difference.append("%n  %-11s %s".formatted("calls", question)).toString();
    }

    private byte[] make(long seed, Random random) throws IOException, InterruptedException {
        byte[] bytes = new byte[random.nextInt(LEAST_BYTES, MOST_BYTES)];
        random.nextBytes(bytes);
        Path input = folder.resolve("bytes");
        Path output = folder.resolve("made.wasm");
        Files.write(input, bytes);
        List<String> command = new ArrayList<>(List.of("wasm-opt", input.toString()));
        command.addAll(OPTIONS);
        command.addAll(List.of("-o", output.toString()));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("wasm-opt makes no module of seed " + seed);
        }
        return Files.readAllBytes(output);
    }

    private static List<FuzzCall> calls(FuzzModule module, Random random) {
        List<FuzzCall> calls = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (FuzzModule.Function function : module.calls()) {
                calls.add(new FuzzCall(module.reset(), List.of()));
                calls.add(new FuzzCall(function, arguments(function.parameters(), random)));
            }
        }
        return calls;
    }

    private static List<Long> arguments(String types, Random random) {
        return types.chars()
                .mapToObj(
                        type ->
                                switch (type) {
                                    case 'i' -> (long) (int) integer(random);
                                    case 'I' -> integer(random);
                                    case 'f' -> (long) Float.floatToIntBits((float) number(random));
                                    default -> Double.doubleToLongBits(number(random));
                                })
                .toList();
    }

    private static long integer(Random random) {
        return switch (random.nextInt(SPECIAL)) {
            case 0 -> random.nextInt(-2, 70);
            case 1 -> (1L << random.nextInt(64)) - random.nextInt(2);
            case 2 -> random.nextInt(1 << 20);
            default -> random.nextLong();
        };
    }

    private static double number(Random random) {
        return switch (random.nextInt(SPECIAL)) {
            case 0 -> random.nextInt(-3, 4);
            case 1 -> -0.0;
            case 2 -> (double) integer(random) * 1.5;
            default -> random.nextGaussian() * 1e12;
        };
    }

    private static Map<String, String> ours(
            byte[] module, List<FuzzCall> calls, String globals, long seed) {
        Map<String, String> answers = new LinkedHashMap<>();
        try {
            ModuleShape shape = ModuleScan.scan(module);
            FunctionCheck.checkAll(module, shape.types());
            InstanceMaker maker = InstanceMaker.of(module, shape, true);
            GuestInstance interpreted =
                    maker.make(Engine.interpreting(module, shape.types()), maker.first());
            answers.put("interpreted", answer(interpreted, calls, globals));
            WasmModule whole = ModuleParser.whole(module, shape);
            GuestInstance compiled =
                    maker.make(
                            new Engine(
                                    Tier.COMPILED,
                                    ProgramLoader.load(ModuleCompiler.compile(whole))),
                            maker.first());
            answers.put("compiled", answer(compiled, calls, globals));
            compiled.restore(maker.first());
            answers.put("again", answer(compiled, calls, globals));
            GuestInstance unmarked =
                    maker.make(UnmarkedForm.load(ModuleCompiler.compile(whole)), maker.first());
            answers.put("unmarked", answer(unmarked, calls, globals));
            unmarked.restore(maker.first());
            answers.put("as well", answer(unmarked, calls, globals));
            var some = ModuleCompiler.compile(whole, some(shape.types(), new Random(~seed)));
            GuestInstance mixed =
                    maker.make(Engine.running(some, module, shape.types()), maker.first());
            answers.put("mixed", answer(mixed, calls, globals));
        } catch (Exception e) {
            answers.put("refused", e.toString());
        }
        return answers;
    }

    /** Few or many of the functions. */
    private static SortedSet<Integer> some(ModuleTypes types, Random random) {
        double share = random.nextDouble();
        SortedSet<Integer> some = new TreeSet<>();
        for (int i = types.imports(); i < types.functions(); i++) {
            if (random.nextDouble() < share) {
                some.add(i);
            }
        }
        return some;
    }

    private static String answer(GuestInstance instance, List<FuzzCall> calls, String globals) {
        instance.memory().begin(TestCalls.none(), 1 << 26);
        List<String> answers = new ArrayList<>();
        for (FuzzCall call : calls) {
            answers.add(answer(instance, call));
        }
        answers.add(memory(instance.memory()));
        long[] values = instance.snapshot(true).globals();
        for (int i = 0; i < values.length; i++) {
            answers.add(FuzzCall.show(globals.charAt(i), values[i]));
        }
        return String.join(" ", answers);
    }

    private static String answer(GuestInstance instance, FuzzCall call) {
        try {
            long[] results =
                    instance.call(
                            call.function().index(),
                            call.arguments().stream().mapToLong(Long::longValue).toArray());
            return call.show(results);
        } catch (WasmEngineException | GuestStackExceeded e) {
            return "trap " + FuzzCall.kind(e);
        } catch (RuntimeException | Error e) {
            return "escape " + e;
        }
    }

    private static String memory(GuestMemory memory) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(memory.readBytes(0, memory.pages() << 16));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    @Override
    public void close() {
        questions.close();
        node.destroy();
    }
}
