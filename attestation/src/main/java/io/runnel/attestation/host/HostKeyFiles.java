package io.runnel.attestation.host;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of a node's certificates of hosts, which are looked at while they are in use: what is
 * exchanged counts from the next handshake on. What cannot be used is told, and what was there
 * before goes on. Safe for any thread; methods that read files are not for event loops.
 */
public final class HostKeyFiles {
    /** How often they are to be looked at. */
    public static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private static final Logger LOG = System.getLogger(HostKeyFiles.class.getName());

    /** So long before a certificate ends it is told, once a day. */
    private static final Duration SOON = Duration.ofDays(7);

    private static final Duration TOLD_EVERY = Duration.ofDays(1);

    private final InstantSource clock;

    /** Guarded by this. */
    private final List<Watched> watched = new ArrayList<>();

    private volatile HostKeys keys = HostKeys.NONE;

    /**
     * Reads them.
     *
     * @throws HostKeyException if one cannot be used
     */
    public HostKeyFiles(List<HostKeyFile> files, InstantSource clock) {
        this.clock = clock;
        files.forEach(file -> watched.add(new Watched(file)));
        publish();
        tellEnds();
    }

    /** What they say. */
    public HostKeys keys() {
        return keys;
    }

    /** How long until the first of the certificates ends, negative behind it; empty: none. */
    public Optional<Duration> remaining() {
        return keys.all().stream()
                .map(HostKey::end)
                .min(Instant::compareTo)
                .map(end -> Duration.between(clock.instant(), end));
    }

    /** Looks at them again; never fails. */
    public synchronized void look() {
        boolean changed = false;
        for (Watched each : watched) {
            changed |= each.look();
        }
        if (changed) {
            publish();
        }
        tellEnds();
    }

    private synchronized void publish() {
        keys = new HostKeys(watched.stream().map(each -> each.key).toList());
    }

    private synchronized void tellEnds() {
        Instant now = clock.instant();
        watched.forEach(each -> each.tellEnd(now));
    }

    /** One of them, and what is known of it. */
    private static final class Watched {
        private final HostKeyFile file;
        private HostKey key;

        /** What was tried last, be it in use or not. */
        private Seen tried;

        /** What stood there at the last look. */
        private Seen seen;

        private Instant told = Instant.MIN;

        Watched(HostKeyFile file) {
            this.file = file;
            HostKeyFile.Text text = file.read();
            this.key = file.parse(text);
            this.tried = new Seen.Whole(text);
            this.seen = tried;
        }

        /**
         * What differs is tried when it stays for two looks: two files are not exchanged at once.
         */
        boolean look() {
            Seen before = seen;
            seen = see();
            if (seen.equals(tried) || !seen.equals(before)) {
                return false;
            }
            tried = seen;
            return use(tried);
        }

        private Seen see() {
            try {
                return new Seen.Whole(file.read());
            } catch (HostKeyException e) {
                return new Seen.Broken(e.getMessage());
            }
        }

        private boolean use(Seen what) {
            try {
                switch (what) {
                    case Seen.Whole(HostKeyFile.Text text) -> key = file.parse(text);
                    case Seen.Broken(String why) -> throw new HostKeyException(why);
                }
            } catch (HostKeyException e) {
                LOG.log(
                        Level.WARNING,
                        "{0}; the certificate that was there before is shown, until {1}",
                        e.getMessage(),
                        key.end());
                return false;
            }
            told = Instant.MIN;
            LOG.log(Level.INFO, "{0}: shown from now on, until {1}", file.certificate(), key.end());
            return true;
        }

        void tellEnd(Instant now) {
            Instant end = key.end();
            if (now.isBefore(end.minus(SOON)) || now.isBefore(told)) {
                return;
            }
            told = now.plus(TOLD_EVERY);
            Path path = file.certificate();
            if (now.isBefore(end)) {
                LOG.log(Level.WARNING, "{0}: ends soon, at {1}", path, end);
            } else {
                LOG.log(Level.WARNING, "{0}: nobody believes it since {1}", path, end);
            }
        }
    }

    /** What stands in two files. */
    private sealed interface Seen {
        record Whole(HostKeyFile.Text text) implements Seen {}

        record Broken(String why) implements Seen {}
    }
}
