package io.runnel.exec.microvm.image;

import io.runnel.exec.microvm.image.ImageException.Code;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Packages of Debian with all that they depend on, fetched by {@code apt-get} into a folder of its
 * own: what this machine has installed and where it gets it from does not matter, and nothing of it
 * changes. Signatures are checked by Debian's keys. No script of a package is run, so nobody needs
 * to be root.
 */
final class DebianPackages {
    private static final System.Logger LOG = System.getLogger(DebianPackages.class.getName());

    /** Which Debian. */
    static final String RELEASE = "bookworm";

    private static final Path KEYS = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");
    private static final Duration MOST_TIME = Duration.ofMinutes(10);
    private static final List<String> PROXIES =
            List.of("http_proxy", "https_proxy", "no_proxy", "ftp_proxy");

    private final Path work;
    private final ImageTool apt;
    private final ImageTool unpacker;
    private final List<String> options;

    private DebianPackages(Path work, ImageTool apt, ImageTool unpacker) {
        this.work = work;
        this.apt = apt;
        this.unpacker = unpacker;
        this.options =
                List.of(
                        "-o", "Dir::State=" + work.resolve("state"),
                        "-o", "Dir::State::status=" + work.resolve("status"),
                        "-o", "Dir::Cache=" + work.resolve("cache"),
                        "-o", "Dir::Etc::sourcelist=" + work.resolve("sources.list"),
                        "-o", "Dir::Etc::sourceparts=-",
                        "-o", "APT::Architecture=amd64",
                        "-o", "APT::Architectures=amd64",
                        "-o", "APT::Install-Recommends=0",
                        "-o", "APT::Sandbox::User=root",
                        "-o", "Acquire::Languages=none",
                        "-o", "Acquire::Retries=2",
                        "-o", "Debug::NoLocking=1",
                        "-q", "-y");
    }

    /**
     * Gets to know what there is.
     *
     * @param work a new folder, for what is fetched
     */
    static DebianPackages of(Path work, DebianSources sources)
            throws IOException, InterruptedException {
        if (!Files.isReadable(KEYS)) {
            throw new ImageException(
                    Code.TOOL_MISSING,
                    "Debian's keys are missing; install them: apt-get install -y"
                            + " debian-archive-keyring");
        }
        ImageTool apt = ImageTool.named("apt-get", "apt").with(proxies());
        DebianPackages packages =
                new DebianPackages(work, apt, ImageTool.named("dpkg-deb", "dpkg"));
        Files.createDirectories(work.resolve("state/lists/partial"));
        Files.createDirectories(work.resolve("cache/archives/partial"));
        Files.createFile(work.resolve("status"));
        Files.writeString(work.resolve("sources.list"), sources.list(KEYS));
        packages.apt(List.of("-o", "APT::Update::Error-Mode=any", "update"));
        return packages;
    }

    /** How this process is told to reach the net. */
    private static Map<String, String> proxies() {
        Map<String, String> proxies = new HashMap<>();
        for (String name : PROXIES) {
            Optional.ofNullable(System.getenv(name)).ifPresent(to -> proxies.put(name, to));
        }
        return proxies;
    }

    private void apt(List<String> words) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(options);
        line.addAll(words);
        var said = apt.run(line, ImageTool.Feed.NOTHING, work.resolve("apt.log"), MOST_TIME);
        LOG.log(Level.DEBUG, said);
    }

    /**
     * Fetches packages with what they depend on, but for those left out.
     *
     * @return their files, in order
     */
    List<Path> fetch(List<String> names, Set<String> left)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("--download-only", "install"));
        words.addAll(names);
        apt(words);
        try (Stream<Path> files = Files.list(work.resolve("cache/archives"))) {
            return files.filter(file -> file.toString().endsWith(".deb"))
                    .filter(file -> !left.contains(parts(file).getFirst()))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> parts(Path file) {
        return List.of(file.getFileName().toString().split("_", -1));
    }

    /** Its name and version, with a blank between. */
    static String label(Path file) {
        List<String> parts = parts(file);
        return parts.get(0) + " " + parts.get(1).replace("%3a", ":");
    }

    /** Unpacks one, as the user that this process has, into a folder. */
    void unpack(Path file, Path into) throws IOException, InterruptedException {
        var said =
                unpacker.run(
                        List.of("--extract", file.toString(), into.toString()),
                        ImageTool.Feed.NOTHING,
                        work.resolve("unpack.log"),
                        MOST_TIME);
        LOG.log(Level.DEBUG, said);
    }

    /** The size of these files together. */
    static long bytes(List<Path> files) throws IOException {
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        return bytes;
    }
}
