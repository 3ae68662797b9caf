package io.runnel.cluster.replication;

import static io.runnel.cluster.replication.OriginLog.EAST;
import static io.runnel.cluster.replication.OriginLog.WEST;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.routing.catalog.Contacts;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

final class ContactFileTest {
    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

    @TempDir Path folder;

    /** A run of a node: its nano clock begins anew, the time of day goes on. */
    private ContactFile run(Duration sinceStart, long nanos) {
        return new ContactFile(
                folder.resolve("contacts"), () -> START.plus(sinceStart), () -> nanos);
    }

    @Test
    void theNextRunKnowsHowLongAgoItWas() {
        Contacts was = Contacts.NONE.with(WEST, 7_000_000_000L).with(EAST, 4_000_000_000L);
        run(Duration.ZERO, 7_000_000_000L).keep(was);
        Contacts read = run(Duration.ofMinutes(10), 50).read();
        assertEquals(Optional.of(Duration.ofMinutes(10)), read.since(WEST, 50));
        assertEquals(Optional.of(Duration.ofSeconds(603)), read.since(EAST, 50));
    }

    @Test
    void whoIsNotReachedAgainStaysAsItWas() {
        run(Duration.ZERO, 9).keep(Contacts.NONE.with(WEST, 9).with(EAST, 9));
        ContactFile second = run(Duration.ofMinutes(1), 9);
        second.read();
        second.keep(Contacts.NONE);
        second.keep(Contacts.NONE.with(EAST, 9));
        Contacts read = run(Duration.ofMinutes(2), 9).read();
        assertEquals(Optional.of(Duration.ofMinutes(2)), read.since(WEST, 9));
        assertEquals(Optional.of(Duration.ofMinutes(1)), read.since(EAST, 9));
    }

    @Test
    void aClockThatWasSetBackMakesNoContactOfTheFuture() {
        run(Duration.ofHours(1), 9).keep(Contacts.NONE.with(WEST, 9));
        assertEquals(Optional.of(Duration.ZERO), run(Duration.ZERO, 9).read().since(WEST, 9));
    }

    @Test
    void whatMakesNoSenseIsNothing() throws IOException {
        for (String text : new String[] {"", "\n", "eu-west", "eu-west x", "EU 1", "\0\0"}) {
            Files.writeString(folder.resolve("contacts"), text);
            assertEquals(Contacts.NONE, run(Duration.ZERO, 9).read(), text);
        }
        Files.delete(folder.resolve("contacts"));
        assertEquals(Contacts.NONE, run(Duration.ZERO, 9).read());
    }
}
