package io.runnel.attestation.authority;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.AttestationException;
import io.runnel.attestation.SecretFile;
import io.runnel.attestation.document.MeasurementCheck;
import io.runnel.attestation.document.MeasurementCheck.Measurement;
import io.runnel.attestation.identity.ChainCheck;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * What a node's supervisor has measured of it, as it lies in the node's folder. Whatever is in that
 * file, the node goes on: what others would not believe it does not show. Safe for any thread;
 * blocks.
 */
public final class OwnMeasurement {
    /** How long one must count still: longer than a node shows the document that it is put in. */
    static final Duration LEAST_LEFT = Duration.ofSeconds(220);

    /** How long after its start a node goes by it alone. */
    static final Duration RELIED_ON = Duration.ofMinutes(2);

    /** Between the measurement and the node's first step: what is older is of another process. */
    static final Duration LONGEST_TO_START = Duration.ofMinutes(1);

    private static final Logger LOG = System.getLogger(OwnMeasurement.class.getName());

    private final Path file;
    private final Identity self;
    private final MeasurementCheck check;
    private final InstantSource clock;
    private final AtomicBoolean told = new AtomicBoolean();

    /**
     * Of a node.
     *
     * @param folder its own
     * @param chains whom it believes
     */
    public OwnMeasurement(Path folder, Identity self, ChainCheck chains, InstantSource clock) {
        this.file = file(folder);
        this.self = self;
        this.check = new MeasurementCheck(chains);
        this.clock = clock;
    }

    /** Where it lies in a node's folder. */
    public static Path file(Path folder) {
        return folder.resolve("measurement.jwt");
    }

    /**
     * What the node may say of its software: that its supervisor measured it, with what shows it,
     * or that it did so itself.
     *
     * @param startedAt when the node's process was started
     * @param own the digest that the node measures itself; takes long the first time
     */
    ObjectNode software(Instant startedAt, Supplier<String> own) {
        Instant now = clock.instant();
        Optional<String> shown = read();
        Optional<Measurement> sound = shown.flatMap(jwt -> sound(jwt, now));
        if (sound.isEmpty()) {
            return said(own.get(), MeasurementCheck.SELF);
        }
        String digest = isReliedOn(sound.get(), startedAt, now) ? sound.get().digest() : own.get();
        if (!digest.equals(sound.get().digest())) {
            tell("it is of another digest");
            return said(digest, MeasurementCheck.SELF);
        }
        return said(digest, MeasurementCheck.SUPERVISOR)
                .put(MeasurementCheck.MEASUREMENT, shown.get());
    }

    /**
     * Reading all jars is most of what a node has to do before it can show who it is. Its
     * supervisor has done it just before.
     */
    private static boolean isReliedOn(Measurement measurement, Instant startedAt, Instant now) {
        return !measurement.startedAt().isBefore(startedAt.minus(LONGEST_TO_START))
                && now.isBefore(startedAt.plus(RELIED_ON));
    }

    private static ObjectNode said(String digest, String by) {
        return JsonNodeFactory.instance
                .objectNode()
                .put(MeasurementCheck.DIGEST, digest)
                .put(MeasurementCheck.MEASURED_BY, by);
    }

    private Optional<String> read() {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            tell("it is no file");
            return Optional.empty();
        }
        try {
            return new SecretFile(file).read().map(String::strip);
        } catch (AttestationException e) {
            tell(e.getMessage());
            return Optional.empty();
        }
    }

    /** As others will look at it. */
    private Optional<Measurement> sound(String jwt, Instant now) {
        return switch (check.read(jwt, self.uri(), now)) {
            case Verdict.Rejected<Measurement>(List<Rejection> why) -> {
                tell(Rejection.text(why));
                yield Optional.empty();
            }
            case Verdict.Trusted<Measurement>(Measurement its) -> {
                if (its.notAfter().isBefore(now.plus(LEAST_LEFT))) {
                    tell("nobody has made it anew: it ends at " + its.notAfter());
                    yield Optional.empty();
                }
                yield Optional.of(its);
            }
        };
    }

    private void tell(String why) {
        if (told.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "{0} is of no use, this node says that it measured itself: {1}",
                    file,
                    why);
        }
    }
}
