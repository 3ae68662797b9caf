package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the documents point at is there. */
final class DocumentsTest {
    private static final Path TOP = RealNetwork.TOP;
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern TEST =
            Pattern.compile("`([A-Z]\\w*(?:Test|IT))?(?:\\.([a-z]\\w*))?`");
    private static final Pattern PATH = Pattern.compile("`([a-z-]+(?:/[\\w.-]+)*/src/[\\w./-]+)`");
    private static final Pattern VARIABLE = Pattern.compile("RUNNEL_[A-Z_]*[A-Z]");

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            Matcher link = LINK.matcher(Files.readString(document));
            while (link.find()) {
                if (!leads(document, link.group(1))) {
                    broken.add(TOP.relativize(document) + ": " + link.group(1));
                }
            }
        }
        assertEquals(List.of(), broken);
    }

    @Test
    void everyTestThatTheSpecificationNamesIsThere() throws IOException {
        String text = Files.readString(TOP.resolve("docs/specification.md"));
        Map<String, String> tests = tests();
        Set<String> named = new TreeSet<>();
        List<String> missing = new ArrayList<>();
        String type = "";
        Matcher name = TEST.matcher(text);
        while (name.find()) {
            type = name.group(1) == null ? type : name.group(1);
            String method = name.group(2) == null ? "" : "void " + name.group(2) + "(";
            named.add(type);
            if (!tests.getOrDefault(type, "").contains(method) || !tests.containsKey(type)) {
                missing.add(name.group());
            }
        }
        Matcher path = PATH.matcher(text);
        while (path.find()) {
            if (!Files.exists(TOP.resolve(path.group(1)))) {
                missing.add(path.group());
            }
        }
        assertEquals(List.of(), missing);
        assertTrue(named.size() > 8, named.toString());
    }

    @Test
    void everyVariableIsDescribed() throws IOException {
        String described =
                Files.readString(TOP.resolve("docs/configuration.md"))
                        + Files.readString(TOP.resolve("exec-runtime/samples/README.md"));
        Set<String> read = new TreeSet<>();
        for (Path source : files(name -> name.endsWith(".java") || name.endsWith(".sh"))) {
            if (!source.toString().contains("/src/main/")) {
                continue;
            }
            VARIABLE.matcher(Files.readString(source)).results().forEach(r -> read.add(r.group()));
        }
        VARIABLE.matcher(Files.readString(TOP.resolve("runnel")))
                .results()
                .forEach(r -> read.add(r.group()));
        assertTrue(read.size() > 5, read.toString());
        read.removeIf(variable -> described.contains("`" + variable));
        assertEquals(Set.of(), read);
    }

    private static boolean leads(Path from, String link) throws IOException {
        if (link.startsWith("https://")) {
            return true;
        }
        String[] parts = link.split("#", 2);
        Path to = parts[0].isEmpty() ? from : from.resolveSibling(parts[0]);
        return Files.exists(to) && (parts.length == 1 || anchors(to).contains(parts[1]));
    }

    /** The names of a document's headings, as they are made on the web. */
    private static Set<String> anchors(Path document) throws IOException {
        Set<String> anchors = new TreeSet<>();
        for (String line : Files.readAllLines(document)) {
            if (line.startsWith("#")) {
                String title = line.replaceFirst("#+ *", "").toLowerCase(Locale.ROOT);
                anchors.add(title.replaceAll("[^\\w -]", "").replace(' ', '-'));
            }
        }
        return anchors;
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = files(name -> name.endsWith(".md"));
        assertTrue(documents.size() > 8, documents.toString());
        return documents;
    }

    private static Map<String, String> tests() throws IOException {
        Map<String, String> tests = new TreeMap<>();
        for (Path source : files(name -> name.matches("\\w+(Test|IT)\\.java"))) {
            String name = source.getFileName().toString().replace(".java", "");
            tests.put(name, Files.readString(source));
        }
        return tests;
    }

    private static List<Path> files(Predicate<String> named) throws IOException {
        try (Stream<Path> all = Files.walk(TOP)) {
            return all.filter(Files::isRegularFile)
                    .filter(
                            file ->
                                    !TOP.relativize(file)
                                            .toString()
                                            .matches("(.*/)?(target|\\.[^/]+)/.*"))
                    .filter(file -> named.test(file.getFileName().toString()))
                    .toList();
        }
    }
}
