package io.runnel.exec.microvm.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the kernel says of a process ({@code proc(5)}). */
record ProcessView(long pid) {
    static final List<String> CAPABILITIES =
            List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb");

    private Path file(String name) {
        return Path.of("/proc", Long.toString(pid), name);
    }

    List<String> lines(String name) throws IOException {
        return Files.readAllLines(file(name));
    }

    /** The lines of {@code status}, by name. */
    Map<String, String> status() throws IOException {
        return lines("status").stream()
                .map(line -> line.split(":", 2))
                .collect(Collectors.toMap(p -> p[0], p -> p[1].strip(), (a, b) -> a, TreeMap::new));
    }

    String namespace(String name) throws IOException {
        return Files.readSymbolicLink(file("ns").resolve(name)).toString();
    }

    /** What lies in a folder that it sees. */
    TreeSet<String> names(String folder) throws IOException {
        try (Stream<Path> files = Files.list(file("root").resolve(folder))) {
            return files.map(f -> f.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    boolean sees(String path) {
        return Files.exists(file("root").resolve(path));
    }

    /** What it has open. */
    List<String> open() throws IOException {
        try (Stream<Path> links = Files.list(file("fd"))) {
            return links.map(ProcessView::target).sorted().toList();
        }
    }

    /** How it has a file open, in octal digits; the last one: 0 for reading only. */
    String flagsOf(String path) throws IOException {
        try (Stream<Path> links = Files.list(file("fd"))) {
            Path link = links.filter(l -> target(l).equals(path)).findFirst().orElseThrow();
            return lines("fdinfo/" + link.getFileName()).stream()
                    .filter(line -> line.startsWith("flags:"))
                    .map(line -> line.split("\t", -1)[1])
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "closed";
        }
    }
}
