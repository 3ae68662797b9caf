package io.runnel.cluster.replication;

import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.task.CodeDigest;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.VersionRecord;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Removes code that no version names any more that may be here. Only what nobody has named for an
 * hour, as seen by this run on its monotonic clock, and nobody has brought or published for an
 * hour, by the time of its file: so a deploy keeps what it brought before its version is written,
 * and calls that still run what they run. What is missed after all is brought again when it is
 * called.
 */
public final class CodeSweep {
    /** How long code stays that nothing names. */
    public static final Duration GRACE = Duration.ofHours(1);

    /** How often is good to sweep. */
    public static final Duration EVERY = Duration.ofMinutes(10);

    private static final Logger LOG = System.getLogger(CodeSweep.class.getName());

    private final CodeStore codes;
    private final Supplier<Catalog> catalog;
    private final Predicate<VersionRecord> allowed;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private Map<CodeDigest, Long> unnamedSinceNanos = Map.of();

    /**
     * Sweeps this store; nothing is removed yet.
     *
     * @param allowed whether a version's code may be here
     * @param clock what the times of files are compared with; that it jumps is no reason to remove
     *     anything
     */
    public CodeSweep(
            CodeStore codes,
            Supplier<Catalog> catalog,
            Predicate<VersionRecord> allowed,
            InstantSource clock,
            LongSupplier nanoClock) {
        this.codes = codes;
        this.catalog = catalog;
        this.allowed = allowed;
        this.clock = clock;
        this.nanoClock = nanoClock;
    }

    /** Removes what may go; to be called now and then. Blocks. */
    public synchronized void sweep() {
        Catalog now = catalog.get();
        // A catalog that is empty, or that only a newer node understands, names too little.
        if (now.positions().of().isEmpty() || now.notUnderstood() > 0) {
            unnamedSinceNanos = Map.of();
            return;
        }
        Set<CodeDigest> named =
                now.allVersions()
                        .filter(allowed)
                        .map(version -> version.task().code())
                        .collect(Collectors.toUnmodifiableSet());
        long nowNanos = nanoClock.getAsLong();
        Map<CodeDigest, Long> unnamed = new HashMap<>();
        for (CodeDigest digest : codes.list()) {
            if (!named.contains(digest)) {
                long since = unnamedSinceNanos.getOrDefault(digest, nowNanos);
                unnamed.put(digest, since);
                if (nowNanos - since >= GRACE.toNanos() && catalog.get() == now) {
                    remove(digest, clock.instant().minus(GRACE));
                }
            }
        }
        unnamedSinceNanos = unnamed;
    }

    private void remove(CodeDigest digest, Instant before) {
        try {
            if (codes.deleteIfOlder(digest, before)) {
                LOG.log(Level.INFO, "code {0} is removed: no version names it", digest.brief());
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "code %s cannot be removed".formatted(digest.brief()), e);
        }
    }
}
