package io.runnel.attestation.authority;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.document.MeasurementCheck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a node says of itself in its document: what it is, as its topology has it, and what runs.
 * The software is what its supervisor measured of it, and {@code measuredBy} says so. The process
 * measures it itself, once: where there is nothing of a supervisor's at once, else some minutes
 * after its start, when it has less to do; if that is not the same, it is what counts. Safe for any
 * thread; blocks.
 */
public final class NodeFacts implements Supplier<ObjectNode> {
    private final ObjectNode own;
    private final Instant startedAt;
    private final OwnMeasurement measurement;
    private volatile Optional<String> software = Optional.empty();

    /**
     * Of this process.
     *
     * @param own what its topology says of it
     * @param measurement what its supervisor says of it
     */
    public NodeFacts(ObjectNode own, Instant startedAt, OwnMeasurement measurement) {
        this.own = own.deepCopy();
        this.measurement = measurement;
        this.startedAt = startedAt.truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * The facts; when it measures itself it reads all jars.
     *
     * @throws UncheckedIOException if one cannot be read
     */
    @Override
    public ObjectNode get() {
        ObjectNode facts = own.deepCopy();
        facts.put(MeasurementCheck.STARTED_AT, startedAt.toString())
                .put("java", Runtime.version().toString())
                .put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.set(MeasurementCheck.SOFTWARE, measurement.software(startedAt, this::digest));
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
        return "sha256:" + software.get();
    }
}
