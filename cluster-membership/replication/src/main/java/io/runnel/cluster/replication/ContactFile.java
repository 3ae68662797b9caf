package io.runnel.cluster.replication;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.Contacts;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * When each origin confirmed last, as a file beside a POP's catalog: so that a POP which is started
 * again without contact can say how old its catalog is. A line each: {@code eu-west 1767225600000},
 * milliseconds since 1970. Every method blocks; for one thread at a time.
 */
public final class ContactFile {
    private static final Logger LOG = System.getLogger(ContactFile.class.getName());

    private final Path path;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private Contacts kept = Contacts.NONE;

    /** Of this file; nothing is read or written yet. */
    public ContactFile(Path path, InstantSource clock, LongSupplier nanoClock) {
        this.path = path;
        this.clock = clock;
        this.nanoClock = nanoClock;
    }

    /**
     * What an earlier run kept, on this run's nano clock; nothing if there is none, or no sense.
     */
    public synchronized Contacts read() {
        Contacts read = Contacts.NONE;
        try {
            for (String line : Files.readAllLines(path)) {
                String[] parts = line.split(" ", 2);
                Instant at = Instant.ofEpochMilli(Long.parseLong(parts[1]));
                read = read.with(new RegionId(parts[0]), nanosAt(at));
            }
        } catch (NoSuchFileException e) {
            return Contacts.NONE;
        } catch (IOException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            LOG.log(Level.WARNING, path + " cannot be used", e);
            return Contacts.NONE;
        }
        kept = read;
        return read;
    }

    private long nanosAt(Instant at) {
        Duration age = Duration.between(at, clock.instant());
        return nanoClock.getAsLong() - (age.isNegative() ? 0 : age.toNanos());
    }

    /** Keeps these; an origin that is not among them stays as it was kept. */
    public synchronized void keep(Contacts contacts) {
        Contacts all = kept;
        for (Map.Entry<RegionId, Long> contact : contacts.atNanos().entrySet()) {
            all = all.with(contact.getKey(), contact.getValue());
        }
        if (!all.equals(kept)) {
            write(all);
        }
    }

    private void write(Contacts all) {
        long nowNanos = nanoClock.getAsLong();
        Instant now = clock.instant();
        String text =
                all.atNanos().entrySet().stream()
                        .map(
                                contact ->
                                        "%s %d\n"
                                                .formatted(
                                                        contact.getKey(),
                                                        now.minusNanos(
                                                                        nowNanos
                                                                                - contact
                                                                                        .getValue())
                                                                .toEpochMilli()))
                        .collect(Collectors.joining());
        Path temporary = path.resolveSibling(path.getFileName() + ".new");
        try {
            Files.writeString(temporary, text);
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
            kept = all;
        } catch (IOException e) {
            LOG.log(Level.WARNING, path + " cannot be written", e);
        }
    }
}
