package io.runnel.exec.microvm.image;

import io.runnel.exec.microvm.image.ImageException.Code;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where the packages of one Debian are to be had.
 *
 * @param archives at least one
 */
record DebianSources(List<Archive> archives) {
    private static final Set<String> SUITES =
            Set.of(
                    DebianPackages.RELEASE,
                    DebianPackages.RELEASE + "-updates",
                    DebianPackages.RELEASE + "-security");
    private static final Duration MOST_TIME = Duration.ofMinutes(1);

    /**
     * A part of it.
     *
     * @param uri without a blank
     */
    record Archive(String uri, String suite) {}

    /** All below one URL: {@code /debian} and {@code /debian-security}. */
    static DebianSources at(String mirror) {
        String release = DebianPackages.RELEASE;
        return new DebianSources(
                List.of(
                        new Archive(mirror + "/debian", release),
                        new Archive(mirror + "/debian", release + "-updates"),
                        new Archive(mirror + "/debian-security", release + "-security")));
    }

    /**
     * Where this computer's own packages come from.
     *
     * @param work a folder
     * @throws ImageException if these are of another system, or nobody knows
     */
    static DebianSources ofThisComputer(Path work) throws IOException, InterruptedException {
        String said =
                ImageTool.named("apt-get", "apt")
                        .run(
                                List.of(
                                        "indextargets",
                                        "--format",
                                        "$(REPO_URI) $(RELEASE)",
                                        "Created-By: Packages"),
                                ImageTool.Feed.NOTHING,
                                work.resolve("targets.log"),
                                MOST_TIME);
        DebianSources found = parse(said.lines().toList());
        if (found.archives().stream().noneMatch(DebianSources::isMain)) {
            throw new ImageException(
                    Code.FAILED,
                    "this computer's apt knows no Debian %s; --mirror URL says where it is to be had"
                            .formatted(DebianPackages.RELEASE));
        }
        return found;
    }

    private static boolean isMain(Archive archive) {
        return archive.suite().equals(DebianPackages.RELEASE);
    }

    /** Of lines with a URL and a suite each, those that are Debian's. */
    static DebianSources parse(List<String> lines) {
        List<Archive> archives = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            if (words.length == 2 && SUITES.contains(words[1]) && isDebians(words[0])) {
                archives.add(new Archive(words[0], words[1]));
            }
        }
        return new DebianSources(archives.stream().distinct().toList());
    }

    /** Others have suites of the same name. */
    private static boolean isDebians(String uri) {
        String path = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
        return path.endsWith("/debian") || path.endsWith("/debian-security");
    }

    /** The lines of apt's list, for packages signed with these keys. */
    String list(Path keys) {
        return archives.stream()
                .map(
                        archive ->
                                "deb [signed-by=%s] %s %s main\n"
                                        .formatted(keys, archive.uri(), archive.suite()))
                .collect(Collectors.joining());
    }

    /** Who is asked first. */
    String first() {
        return archives.getFirst().uri();
    }
}
