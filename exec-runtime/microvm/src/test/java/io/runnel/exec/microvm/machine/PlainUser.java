package io.runnel.exec.microvm.machine;

import java.nio.file.Path;
import java.nio.file.Paths;

/** A node of a plain user, as a process of its own; says what it has, line by line. */
final class PlainUser {
    private PlainUser() {}

    public static void main(String[] arguments) throws Exception {
        Path dir = Paths.get(arguments[0]);
        MachineSpec spec = TestGuest.in(dir);
        MachineSettings settings = MachineSettings.in(dir.resolve("run"), dir.resolve("cache"));
        try (Machines machines = Machines.open(settings);
                Machine machine = machines.boot(spec, Accelerator.TCG)) {
            System.out.println("fences " + machines.jail().fences());
            machines.jail().flaws().forEach(System.out::println);
            ProcessView qemu = new ProcessView(machine.process().pid());
            for (String name : ProcessView.CAPABILITIES) {
                System.out.println(name + " " + qemu.status().get(name));
            }
            System.out.println("NoNewPrivs " + qemu.status().get("NoNewPrivs"));
            System.out.println("Seccomp " + qemu.status().get("Seccomp"));
            System.out.println("Uid " + qemu.status().get("Uid").split("\t", -1)[0]);
            System.out.println("private " + (machine.privateBytes() > 0));
            System.out.println("etc " + qemu.sees("etc"));
        }
    }
}
