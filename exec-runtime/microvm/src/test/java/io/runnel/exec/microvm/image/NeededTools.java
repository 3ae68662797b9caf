package io.runnel.exec.microvm.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What tests of images take from the system. */
final class NeededTools {
    private NeededTools() {}

    /** Where these are not installed a test is skipped, or fails if nothing may be. */
    static void need(String program, String debianPackage) {
        try {
            var tool = ImageTool.named(program, debianPackage);
            assertEquals(program, tool.name());
        } catch (ImageException e) {
            if ("1".equals(System.getenv("RUNNEL_STRICT"))) {
                fail(e.getMessage());
            }
            System.out.println("SKIPPED images of guests: " + e.getMessage());
            abort(e.getMessage());
        }
    }

    /** What {@code unsquashfs} says of an image. */
    static List<String> unsquashfs(Path image, String... options)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("unsquashfs"));
        line.addAll(List.of(options));
        line.add(image.toString());
        return run(line);
    }

    /** A file of an image. */
    static String cat(Path image, String path) throws IOException, InterruptedException {
        return String.join("\n", run(List.of("unsquashfs", "-cat", image.toString(), path)));
    }

    private static List<String> run(List<String> line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said.lines().toList();
    }
}
