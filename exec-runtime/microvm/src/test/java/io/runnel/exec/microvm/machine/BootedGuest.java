package io.runnel.exec.microvm.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A guest that booted once for all tests of this process, and its snapshot: a boot takes seconds.
 *
 * @param dir with its files, deleted at the end of the process
 * @param said what guest and machine said on the way
 */
record BootedGuest(
        Path dir, MachineSpec spec, Machines machines, Snapshot snapshot, List<String> said) {
    private static BootedGuest here;

    /** The one; where something is missing the test is skipped, or fails if nothing may be. */
    static synchronized BootedGuest here() throws IOException {
        TestGuest.needAll();
        if (here == null) {
            here = boot(Files.createTempDirectory("vm"));
        }
        return here;
    }

    private static BootedGuest boot(Path dir) throws IOException {
        MachineSpec spec = TestGuest.in(dir);
        Machines machines =
                Machines.open(MachineSettings.in(dir.resolve("run"), dir.resolve("cache")));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(dir, machines)));
        List<String> said = new ArrayList<>();
        try (Machine first = machines.boot(spec, Accelerator.TCG)) {
            said.add(TestGuest.readLine(first));
            said.add(TestGuest.ask(first, "echo one"));
            Snapshot snapshot = first.save(dir.resolve("snapshot"));
            said.add(first.status());
            first.resume();
            said.add(TestGuest.ask(first, "echo two"));
            return new BootedGuest(dir, spec, machines, snapshot, said);
        }
    }

    private static void end(Path dir, Machines machines) {
        try {
            machines.close();
            Trees.delete(dir);
        } catch (IOException e) {
            System.err.println("files of tests stay: " + e);
        }
    }

    Machine restore() throws IOException {
        return machines.restore(spec, Accelerator.TCG, snapshot);
    }

    /** The same on a network. */
    Machine restore(Plug plug) throws IOException {
        return machines.restore(spec, Accelerator.TCG, snapshot, plug);
    }

    /** What is in one of its folders. */
    Set<String> names(String folder) throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve(folder))) {
            return files.map(file -> file.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
