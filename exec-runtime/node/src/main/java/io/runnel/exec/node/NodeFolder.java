package io.runnel.exec.node;

import io.runnel.exec.task.NodeName;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Where a node keeps its things within the data folder. */
public record NodeFolder(Path data, NodeName node) {
    /** The topology as it runs, ports resolved. */
    public Path topology() {
        return data.resolve("topology.yaml");
    }

    /** What nodes show each other. */
    public Path networkToken() {
        return data.resolve("network.token");
    }

    /** The keys of people who use this data folder. */
    public Path credentials() {
        return data.resolve("credentials");
    }

    /** This node's own folder. */
    public Path own() {
        return data.resolve("nodes").resolve(node.value());
    }

    /** A region's durable store. */
    public Path store() {
        return own().resolve("store.db");
    }

    /** There while a backup takes the store's place. */
    public Path restoring() {
        return own().resolve("restore.unfinished");
    }

    /** Code by digest. */
    public Path code() {
        return own().resolve("code");
    }

    /** Compiled classes of code, with the key that they are sealed with. */
    public Path classes() {
        return own().resolve("classes");
    }

    /** What microVMs are made of, and those that run. */
    public Path microvms() {
        return own().resolve("vm");
    }

    /** A POP's last catalog. */
    public Path catalog() {
        return own().resolve("catalog.ndjson");
    }

    /** When regions confirmed a POP's catalog last. */
    public Path contacts() {
        return own().resolve("contacts");
    }

    /** What its calls took, until regions have it. */
    public Path usage() {
        return own().resolve("usage");
    }

    /** Who was denied what. */
    public Path access() {
        return own().resolve("access");
    }

    /** There while an operator wants the node empty. */
    public Path drained() {
        return own().resolve("drained");
    }

    /** Locked by the process that speaks for the node. */
    public Path lock() {
        return own().resolve("node.lock");
    }

    /**
     * Makes this node's own folder, for its user only.
     *
     * @throws IOException if it cannot be made
     */
    public void create() throws IOException {
        Files.createDirectories(own());
        Files.setPosixFilePermissions(own(), PosixFilePermissions.fromString("rwx------"));
    }
}
