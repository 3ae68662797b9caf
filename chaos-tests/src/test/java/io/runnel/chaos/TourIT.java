package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Runs every command of the README's five minutes, unchanged and in order, and holds what they
 * print against what the README says they do. In a network namespace of its own, for the README's
 * ports are what they are; in a copy of the files that git knows.
 */
final class TourIT {
    private static final long MOST_MINUTES = 5;

    /** A block of commands, and what the README shows of its output; empty if nothing. */
    record Step(String commands, List<String> shown) {}

    @Test
    void everyCommandOfTheReadmeWorks(@TempDir Path folder) throws Exception {
        need("unshare", "ip", "curl", "clang", "git");
        // These two commands of its first step ask for more than is in its network.
        LinuxPrograms.require("python3");
        List<Step> steps = steps(Files.readString(RealNetwork.TOP.resolve("README.md")));
        assertTrue(steps.size() >= 8, steps.toString());
        copyTo(folder);
        Path script = Files.writeString(folder.resolve(".tour.sh"), script(steps));
        Path log = folder.resolve(".tour.log");
        ProcessBuilder builder =
                new ProcessBuilder("unshare", "--net", "--map-root-user", "sh", script.toString());
        RealNetwork.environment(builder);
        Process tour =
                builder.directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        tour.getOutputStream().close();
        boolean over = tour.waitFor(MOST_MINUTES, TimeUnit.MINUTES);
        tour.descendants().forEach(ProcessHandle::destroyForcibly);
        tour.destroyForcibly();
        assertTrue(over, () -> "not over after %d min%n%s".formatted(MOST_MINUTES, read(log)));
        assertEquals(0, tour.exitValue(), () -> read(log));
        for (int i = 0; i < steps.size(); i++) {
            requireShown(steps.get(i), read(folder.resolve(".out-" + i)));
        }
    }

    private static void need(String... tools) throws Exception {
        for (String tool : tools) {
            boolean there =
                    new ProcessBuilder("sh", "-c", "command -v " + tool + " >&2").start().waitFor()
                            == 0;
            boolean strict = "1".equals(System.getenv("RUNNEL_STRICT"));
            String what = "the tour needs %s: ./runnel doctor --install".formatted(tool);
            assertTrue(there || !strict, what);
            Assumptions.assumeTrue(there, what);
        }
    }

    /** The blocks of the section, in order: {@code sh} to be run, {@code text} what they print. */
    static List<Step> steps(String readme) {
        int start = readme.indexOf("## Five minutes");
        String section = readme.substring(start, readme.indexOf("\n## ", start + 1));
        List<Step> steps = new ArrayList<>();
        String[] parts = section.split("```", -1);
        for (int i = 1; i < parts.length; i += 2) {
            String body = parts[i].substring(parts[i].indexOf('\n') + 1);
            if (parts[i].startsWith("sh\n")) {
                steps.add(new Step(body, List.of()));
            } else if (parts[i].startsWith("text\n")) {
                Step last = steps.removeLast();
                steps.add(new Step(last.commands(), body.lines().toList()));
            }
        }
        return steps;
    }

    /** One shell for each block; whatever happens, the network is stopped at the end. */
    private static String script(List<Step> steps) {
        StringBuilder script = new StringBuilder("ip link set lo up || exit 1\n");
        script.append("trap './runnel down >/dev/null 2>&1' EXIT\n");
        for (int i = 0; i < steps.size(); i++) {
            script.append("cat >.step-%d <<'END OF STEP'%n".formatted(i));
            script.append(steps.get(i).commands()).append("END OF STEP\n");
            script.append("echo \"--- step %d\"; cat .step-%d%n".formatted(i, i));
            script.append("sh -e .step-%d >.out-%d 2>.err-%d%n".formatted(i, i, i));
            script.append("code=$?; cat .out-%d .err-%d%n".formatted(i, i));
            script.append(
                    "[ $code = 0 ] || { echo \"step %d: exit $code\"; exit 1; }%n".formatted(i));
        }
        return script.toString();
    }

    private static void copyTo(Path folder) throws Exception {
        String command =
                "git -C '%s' ls-files -co --exclude-standard -z | tar -C '%s' --null -T - -cf - | tar -xf -"
                        .formatted(RealNetwork.TOP, RealNetwork.TOP);
        Process copy =
                new ProcessBuilder("sh", "-c", command)
                        .directory(folder.toFile())
                        .inheritIO()
                        .start();
        assertEquals(0, copy.waitFor());
    }

    /** Each line that is shown stands in the output, in order; {@code ...} is any lines. */
    private static void requireShown(Step step, String printed) {
        List<String> lines = printed.lines().map(TourIT::plain).toList();
        int at = 0;
        for (String shown : step.shown()) {
            if (shown.equals("...")) {
                continue;
            }
            int found = lines.subList(at, lines.size()).indexOf(plain(shown));
            assertTrue(
                    found >= 0,
                    () -> "%s%n%s%ndid not print: %s".formatted(step.commands(), printed, shown));
            at += found + 1;
        }
    }

    /** Header names come in any case. */
    private static String plain(String line) {
        return line.strip().toLowerCase(Locale.ROOT);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            return file + ": " + e;
        }
    }
}
