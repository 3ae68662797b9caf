package io.runnel.region.cli.supervisor;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which Java and which jars run, as the launcher said by system properties.
 *
 * @param java the Java program
 * @param top the folder of the launcher, with samples and example topologies
 * @param dist the folder with {@code lib/}
 * @param caches the folder with ahead-of-time caches that fit these jars and this JDK
 */
public record Installation(Path java, Path top, Path dist, Optional<Path> caches) {
    static final String TOP = "runnel.top";
    static final String DIST = "runnel.dist";
    static final String CACHES = "runnel.aot";

    /** That of this process. */
    public static Installation ofThisProcess() {
        return new Installation(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                folder(TOP).orElse(Path.of("")).toAbsolutePath(),
                folder(DIST).orElse(Path.of("")).toAbsolutePath(),
                folder(CACHES).map(Path::toAbsolutePath));
    }

    private static Optional<Path> folder(String property) {
        return Optional.ofNullable(System.getProperty(property))
                .filter(text -> !text.isEmpty())
                .map(Path::of);
    }

    /** How the nodes of a data folder are started. */
    public NodeCommand nodes(DataFolder data) {
        return new NodeCommand(java, dist, caches, false, data);
    }

    /** How they are started to write their caches into this folder when they end. */
    public NodeCommand trainees(DataFolder data, Path into) {
        return new NodeCommand(java, dist, Optional.of(into), true, data);
    }
}
