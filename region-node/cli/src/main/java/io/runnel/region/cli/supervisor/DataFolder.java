package io.runnel.region.cli.supervisor;

import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.exec.task.NodeName;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Where one network keeps its things on this machine.
 *
 * @param root the folder, absolute
 */
public record DataFolder(Path root) {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /** The path becomes absolute, so that every process means the same. */
    public DataFolder {
        root = root.toAbsolutePath().normalize();
    }

    /** The topology as it runs, ports resolved. */
    public Path topology() {
        return root.resolve("topology.yaml");
    }

    /** Keys of people. */
    public Path credentials() {
        return root.resolve("credentials");
    }

    /** The root's certificate, by which this network's nodes are known. */
    public Path rootCertificate() {
        return new AuthorityFolder(root).rootCertificate();
    }

    /** What nodes show each other. */
    public Path networkToken() {
        return root.resolve("network.token");
    }

    /** What the supervisor measured of the jars, so that it reads each but once. */
    Path measuredFiles() {
        return root.resolve("measured.files");
    }

    /** Where the supervisor listens. */
    public Path socket() {
        return root.resolve("supervisor.sock");
    }

    /** Held by the supervisor as long as it lives. */
    Path lock() {
        return root.resolve("supervisor.lock");
    }

    /** What the supervisor did. */
    public Path log() {
        return root.resolve("supervisor.log");
    }

    /** A node's own folder. */
    public Path node(NodeName name) {
        return root.resolve("nodes").resolve(name.value());
    }

    /** What a node says. */
    public Path nodeLog(NodeName name) {
        return node(name).resolve("node.log");
    }

    /** The process of a node that was last started in this seat. */
    Path nodePid(NodeName name, Seat seat) {
        return node(name).resolve(seat.pidFile());
    }

    /** There while an operator wants a node empty. */
    Path nodeDrained(NodeName name) {
        return node(name).resolve("drained");
    }

    /** A node's temporary files; emptied before it starts, so that a crash leaves none for long. */
    Path nodeTemp(NodeName name, Seat seat) {
        return node(name).resolve(seat.tempFolder());
    }

    /**
     * Makes the folder if it is not there, for its owner only.
     *
     * @throws IOException if it cannot be made
     */
    public void create() throws IOException {
        Files.createDirectories(root, OWNER_ONLY);
    }
}
