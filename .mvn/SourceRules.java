import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules for source files that no compiler checks: the format (google-java-format, AOSP) and the
 * length. Run by the build: {@code mvn -N validate} checks, {@code mvn -N validate
 * -Dformat.action=apply} rewrites.
 */
final class SourceRules {
    private static final int MOST_LINES = 500;

    public static void main(String[] args) throws Exception {
        boolean apply = args[0].equals("apply");
        Formatter formatter =
                new Formatter(
                        JavaFormatterOptions.builder()
                                .style(JavaFormatterOptions.Style.AOSP)
                                .build());
        List<String> problems = new ArrayList<>();
        for (Path source : sources(Path.of(args[1]))) {
            check(source, formatter, apply, problems);
        }
        problems.forEach(System.err::println);
        System.exit(problems.isEmpty() ? 0 : 1);
    }

    private static void check(
            Path source, Formatter formatter, boolean apply, List<String> problems)
            throws IOException {
        String text = Files.readString(source);
        long lines = text.lines().count();
        if (lines > MOST_LINES) {
            problems.add("%s: %d lines, %d at most".formatted(source, lines, MOST_LINES));
        }
        try {
            String formatted = formatter.formatSourceAndFixImports(text);
            if (formatted.equals(text)) {
                return;
            }
            if (apply) {
                Files.writeString(source, formatted);
            } else {
                problems.add(source + ": not formatted: mvn -N validate -Dformat.action=apply");
            }
        } catch (FormatterException e) {
            problems.add(source + ": " + e.getMessage());
        }
    }

    private static List<Path> sources(Path root) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        String name = folder.getFileName().toString();
                        boolean hidden = name.startsWith(".") && !name.equals(".mvn");
                        return !folder.equals(root) && (hidden || name.equals("target"))
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (file.toString().endsWith(".java")) {
                            found.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        found.sort(null);
        return found;
    }
}
