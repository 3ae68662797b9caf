package io.runnel.attestation.authority;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a node says of itself in its document: what it is, as its topology has it, and what runs.
 * The software is measured once, when it is first asked for, by the process itself: {@code
 * measuredBy} says so. Safe for any thread.
 */
public final class NodeFacts implements Supplier<ObjectNode> {
    private final ObjectNode own;
    private final Instant startedAt;
    private volatile Optional<String> software = Optional.empty();

    /**
     * Of this process.
     *
     * @param own what its topology says of it
     */
    public NodeFacts(ObjectNode own, Instant startedAt) {
        this.own = own.deepCopy();
        this.startedAt = startedAt.truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * The facts; the first time it reads all jars.
     *
     * @throws UncheckedIOException if one cannot be read
     */
    @Override
    public ObjectNode get() {
        ObjectNode facts = own.deepCopy();
        facts.put("startedAt", startedAt.toString())
                .put("java", Runtime.version().toString())
                .put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.set(
                "software",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("digest", "sha256:" + digest())
                        .put("measuredBy", "self"));
        return facts;
    }

    private String digest() {
        if (software.isEmpty()) {
            try {
                software = Optional.of(Software.digest());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return software.get();
    }
}
