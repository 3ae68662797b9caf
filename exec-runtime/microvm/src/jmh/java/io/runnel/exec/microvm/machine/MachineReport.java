package io.runnel.exec.microvm.machine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a snapshot saves, in one run: a cold boot to the guest's first byte, beside a restore to
 * running and to its first answer, in turns; and what an idle clone has for itself. A main program,
 * with the test's guest: {@code java -cp … MachineReport [rounds]}.
 */
public final class MachineReport {
    private static final int ROUNDS = 5;
    private static final int CLONES = 4;
    private static final double MIB = 1 << 20;

    private MachineReport() {}

    /** Prints medians and ratios. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : ROUNDS;
        BootedGuest guest = BootedGuest.here();
        List<Double> boots = new ArrayList<>();
        List<Double> runs = new ArrayList<>();
        List<Double> answers = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            boots.add(boot(guest));
            restore(guest, runs, answers);
        }
        print("cold boot to first byte", median(boots), "ms");
        print("restore to running", median(runs), "ms");
        print("restore to first answer", median(answers), "ms");
        print("running / cold boot", median(runs) / median(boots), "");
        print("answer / cold boot", median(answers) / median(boots), "");
        printMemory(guest);
        save(guest);
    }

    private static double boot(BootedGuest guest) throws IOException {
        long begun = System.nanoTime();
        try (Machine machine = guest.machines().boot(guest.spec(), Accelerator.TCG)) {
            machine.agent().read(ByteBuffer.allocate(1));
            return millisSince(begun);
        }
    }

    private static void restore(BootedGuest guest, List<Double> runs, List<Double> answers)
            throws IOException {
        long begun = System.nanoTime();
        try (Machine machine = guest.restore()) {
            runs.add(millisSince(begun));
            TestGuest.ask(machine, "echo x");
            answers.add(millisSince(begun));
        }
    }

    private static void printMemory(BootedGuest guest) throws IOException {
        List<Machine> clones = new ArrayList<>();
        for (int i = 0; i < CLONES; i++) {
            clones.add(guest.restore());
            TestGuest.ask(clones.get(i), "echo x");
        }
        List<Double> bytes = new ArrayList<>();
        for (Machine clone : clones) {
            bytes.add((double) clone.privateBytes());
        }
        clones.forEach(Machine::halt);
        double snapshot = guest.snapshot().memoryBytes();
        print("an idle clone's private memory", median(bytes) / MIB, "MiB");
        print("of the snapshot's", median(bytes) / snapshot, "");
    }

    private static void save(BootedGuest guest) throws IOException {
        Path folder = Files.createTempDirectory(guest.dir(), "saved");
        try (Machine machine = guest.machines().boot(guest.spec(), Accelerator.TCG)) {
            TestGuest.readLine(machine);
            long begun = System.nanoTime();
            machine.save(folder.resolve("snapshot"));
            print("save", millisSince(begun), "ms");
        }
    }

    private static double millisSince(long begunNanos) {
        return (System.nanoTime() - begunNanos) / 1e6;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static void print(String what, double value, String unit) {
        System.out.println(String.format(Locale.ROOT, "%-32s %10.3f %s", what, value, unit));
    }
}
