package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.Collected;
import io.runnel.exec.isolate.Contracts;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.wasi.AssetArchive;
import io.runnel.exec.wasi.AssetLimits;
import io.runnel.exec.wasi.Assets;
import io.runnel.exec.wasi.AssetsRejectedException;
import io.runnel.exec.wasi.FileLimits;
import io.runnel.exec.wasi.GuestFiles;
import io.runnel.exec.wasi.HostSources;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Runs the preview 1 sets of the official testsuite ({@code WebAssembly/wasi-testsuite}, with its
 * prebuilt modules) on this runtime and prints passed and total of each set, and each failure with
 * its reason. The argument is the folder of a checkout. Exit code 1 if a test fails.
 *
 * <p>A test's folder is copied into memory and writable there; nothing of the checkout changes.
 */
final class WasiTestsuite {
    private static final List<String> SETS = List.of("assemblyscript", "c", "rust");
    private static final long LONGEST_SECONDS = 120;
    private static final int MOST_SHOWN = 300;

    private WasiTestsuite() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 1) {
            System.err.println("usage: wasi-testsuite CHECKOUT");
            System.exit(2);
        }
        Path checkout = Path.of(args[0]);
        boolean all = true;
        for (String set : SETS) {
            all &= run(set, checkout.resolve("tests/" + set + "/testsuite/wasm32-wasip1"));
        }
        System.exit(all ? 0 : 1);
    }

    private static boolean run(String set, Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            System.out.printf(
                    "%s: no folder %s; the prebuilt modules are on the branch"
                            + " prod/testsuite-base%n",
                    set, folder);
            return false;
        }
        int passed = 0;
        List<Path> modules = modules(folder);
        for (Path module : modules) {
            String failure = failure(module);
            if (failure.isEmpty()) {
                passed++;
            } else {
                String name = module.getFileName().toString().replace(".wasm", "");
                System.out.printf("  %s/%s: %s%n", set, name, failure);
            }
        }
        System.out.printf("%s: %d/%d%n", set, passed, modules.size());
        return passed == modules.size();
    }

    private static List<Path> modules(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".wasm")).sorted().toList();
        }
    }

    /** Why the test failed; nothing if it passed. */
    private static String failure(Path module) {
        FutureTask<String> test = new FutureTask<>(() -> test(SuiteCase.read(module)));
        // The stack that a slot of a node has.
        Thread thread = new Thread(null, test, module.toString(), Limits.DEFAULT.stack().bytes());
        thread.setDaemon(true);
        thread.start();
        try {
            return test.get(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            test.cancel(true);
            return "does not end within " + LONGEST_SECONDS + " s";
        } catch (ExecutionException e) {
            return shown(e.getCause().toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private static String test(SuiteCase test)
            throws IOException,
                    AssetsRejectedException,
                    CodeRejectedException,
                    InterruptedException {
        byte[] code = Files.readAllBytes(test.module());
        HostSources host = HostSources.ofSystem().withFiles(files(test.folder()));
        Task task = Contracts.task(RuntimeKind.WASM, "test", code, Limits.DEFAULT);
        Collected out = new Collected();
        Collected log = new Collected();
        try (Program program = new WasmRuntime(host).open(task, code)) {
            program.optimize();
            Outcome outcome =
                    program.newIsolate()
                            .run(invocation(task, test), InputStream.nullInputStream(), out, log);
            return judge(test, outcome, Map.of("stdout", out.text(), "stderr", log.text()));
        }
    }

    private static GuestFiles files(Optional<Path> folder)
            throws IOException, AssetsRejectedException {
        if (folder.isEmpty()) {
            return GuestFiles.NONE;
        }
        Assets assets = Assets.fromZip(AssetArchive.of(folder.get()), AssetLimits.DEFAULT);
        return new GuestFiles(assets, GuestFiles.Layout.SCRATCH, FileLimits.DEFAULT, List.of("/"));
    }

    private static Invocation invocation(Task task, SuiteCase test) {
        return new Invocation(
                RequestId.next(0, new Random(1)),
                task,
                Caller.ANONYMOUS,
                test.environment(),
                test.arguments(),
                Long.MAX_VALUE);
    }

    private static String judge(SuiteCase test, Outcome outcome, Map<String, String> written) {
        List<String> wrong = new ArrayList<>();
        switch (outcome) {
            case Outcome.Completed completed when test.exitCode() == 0 -> {}
            case Outcome.FunctionError error when error.exitCode() == test.exitCode() -> {}
            default -> wrong.add("wanted exit code %d: %s".formatted(test.exitCode(), outcome));
        }
        test.output()
                .forEach(
                        (stream, begin) -> {
                            if (!written.get(stream).startsWith(begin)) {
                                wrong.add("%s does not begin with: %s".formatted(stream, begin));
                            }
                        });
        if (!wrong.isEmpty() && !written.get("stderr").isEmpty()) {
            wrong.add("it said: " + written.get("stderr"));
        }
        return shown(String.join("; ", wrong));
    }

    private static String shown(String text) {
        String line = text.strip().replaceAll("\\p{Cntrl}+", " ");
        return line.length() > MOST_SHOWN ? line.substring(0, MOST_SHOWN) + "..." : line;
    }
}
