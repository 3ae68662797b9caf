package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Assumptions;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What this computer must have for Linux programs to run. */
final class LinuxPrograms {
    private LinuxPrograms() {}

    /**
     * Skips the test where something is missing. Where nothing may be, kernel and images are
     * brought, and programs that are not there fail it.
     *
     * @param images base images
     */
    static void require(String... images) {
        for (String tool : List.of("qemu-system-x86_64", "mksquashfs", "musl-gcc")) {
            needTool(tool);
        }
        if (said().contains("no kernel in ")) {
            bring("images", "kernel");
        }
        for (String image : images) {
            if (said().lines().noneMatch(line -> line.startsWith(image + " "))) {
                bring("images", "build", image);
            }
        }
    }

    private static String said() {
        return RealNetwork.launcher(List.of("images")).mustWork().out();
    }

    private static void bring(String... words) {
        if (!isStrict()) {
            skip("no linux task runs: ./runnel " + String.join(" ", words));
        }
        RealNetwork.launcher(List.of(words)).mustWork();
    }

    private static void needTool(String tool) {
        for (String place : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(place, tool))) {
                return;
            }
        }
        String hint = "no linux task runs: no %s here: ./runnel doctor --install".formatted(tool);
        if (isStrict()) {
            fail(hint);
        }
        skip(hint);
    }

    private static boolean isStrict() {
        return "1".equals(System.getenv("RUNNEL_STRICT"));
    }

    private static void skip(String hint) {
        System.out.println("SKIPPED " + hint);
        Assumptions.abort(hint);
    }
}
