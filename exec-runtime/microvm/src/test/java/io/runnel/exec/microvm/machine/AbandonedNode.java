package io.runnel.exec.microvm.machine;

import java.nio.file.Path;
import java.nio.file.Paths;

/** A node that starts two machines, says their processes, and is killed. */
final class AbandonedNode {
    private AbandonedNode() {}

    public static void main(String[] arguments) throws Exception {
        Path dir = Paths.get(arguments[0]);
        MachineSpec spec = TestGuest.in(dir);
        Machines machines =
                Machines.open(MachineSettings.in(dir.resolve("run"), dir.resolve("cache")));
        for (int i = 0; i < 2; i++) {
            System.out.println(machines.boot(spec, Accelerator.TCG).process().pid());
        }
        System.out.println("ready");
        // Until it is killed, or whoever started it is gone.
        System.exit(System.in.read() < 0 ? 1 : 0);
    }
}
