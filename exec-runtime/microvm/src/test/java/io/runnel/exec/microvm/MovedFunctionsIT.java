package io.runnel.exec.microvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.isolate.NotMovedException;
import io.runnel.exec.isolate.RunningExecution;
import io.runnel.exec.microvm.TestMoves.Running;
import io.runnel.exec.task.Mobility;
import io.runnel.exec.task.MoveId;
import io.runnel.exec.task.MovedTo;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RegionId;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Calls that are moved from one node's machines to another's while they run, step by step. */
final class MovedFunctionsIT {
    private static TestMoves moves;

    private final MoveId id = newId();
    private final MovedTo goal =
            new MovedTo(new RegionId("eu-west"), new NodeName("eu-west-2"), id);

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        moves = new TestMoves(folder);
    }

    @AfterAll
    static void close() {
        moves.close();
    }

    private static MoveId newId() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return MoveId.of(bytes);
    }

    private static MachineMoves here() {
        return moves.here().runtime().moves();
    }

    private static MachineMoves there() {
        return moves.there().runtime().moves();
    }

    /** From here on the other node expects it, and this one has it on its way. */
    private Departure departing(Running running) throws Exception {
        moves.link().offer(id, here().offer(running.id()).toJson());
        return here().depart(running.id());
    }

    private void send(Departure departure) throws Exception {
        moves.link().bring(id, departure::send);
    }

    @Test
    void aCallGoesOnElsewhereAndNothingOfItIsLostOrDoneTwice() throws Exception {
        Running first = moves.begun();
        RunningExecution told = here().running().getFirst();
        assertEquals(first.id(), told.call());
        assertTrue(told.movable());
        try (Departure departure = departing(first)) {
            send(departure);
            assertTrue(there().goOn(id, moves.task(), departure.leave(goal)));
        }
        Outcome.Moved moved = assertInstanceOf(Outcome.Moved.class, first.end());
        assertEquals(goal, moved.to());
        Outcome.Completed end = moves.assertEndsThere(first, id);
        assertTrue(end.usage().runNanos() >= TimeUnit.MILLISECONDS.toNanos(2500), end.toString());
    }

    @Test
    void whoAsksBeforeItGoesOnWaitsForThat() throws Exception {
        Running first = moves.begun();
        try (Departure departure = departing(first)) {
            send(departure);
            byte[] state = departure.leave(goal);
            Running asking = moves.resumed(id);
            assertInstanceOf(Outcome.Moved.class, first.end());
            asking.awaitWaiting();
            assertTrue(there().goOn(id, moves.task(), state));
            assertInstanceOf(Outcome.Completed.class, asking.end());
            assertTrue(there().goOn(id, moves.task(), state), "its first answer may be lost");
            assertInstanceOf(Outcome.Trapped.class, moves.resumed(id).end(), "it is another's");
        }
    }

    @Test
    void itGoesOnHereIfTheOtherNodeIsLostWhenItHasAllOfIt() throws Exception {
        Running running = moves.begun();
        try (Departure departure = departing(running)) {
            send(departure);
            there().drop(id);
        }
        moves.assertEndsHere(running);
    }

    @Test
    void whatHasLeftEndsHereEvenIfNobodyGoesOnWithIt() throws Exception {
        Running running = moves.begun();
        byte[] state;
        try (Departure departure = departing(running)) {
            send(departure);
            state = departure.leave(goal);
        }
        assertInstanceOf(Outcome.Moved.class, running.end());
        there().drop(id);
        assertFalse(there().goOn(id, moves.task(), state));
        assertInstanceOf(Outcome.Trapped.class, moves.resumed(id).end());
    }

    @Test
    void aStateThatIsNoneIsRefusedAndTheRightOneIsTaken() throws Exception {
        Running running = moves.begun();
        try (Departure departure = departing(running)) {
            send(departure);
            byte[] state = departure.leave(goal);
            for (String bad : List.of("", "[]", "{}", "{\"called\":true,\"guestCredit\":-1}")) {
                assertThrows(
                        IOException.class,
                        () -> there().goOn(id, moves.task(), bad.getBytes(UTF_8)));
            }
            assertTrue(there().goOn(id, moves.task(), state));
            assertTrue(there().goOn(id, moves.task(), state), "it is told so twice");
        }
        var unused = moves.assertEndsThere(running, id);
    }

    @Test
    void aMachineOfAnotherKindIsNotTaken() throws Exception {
        Running running = moves.begun();
        MoveOffer offer = here().offer(running.id());
        MoveOffer other =
                new MoveOffer(offer.task(), offer.version(), offer.code(), Map.of("qemu", "0.1"));
        IOException refused = assertThrows(IOException.class, () -> expect(other));
        assertTrue(refused.getMessage().contains("cannot go on here"), refused.getMessage());
        assertThrows(IOException.class, this::receiveNothing, "it is not expected");
        expect(offer);
        assertThrows(IOException.class, () -> expect(offer), "it is expected already");
        assertThrows(IOException.class, this::receiveNothing);
        moves.assertEndsHere(running);
    }

    private void expect(MoveOffer offer) throws Exception {
        there().expect(id, offer, moves.task(), moves.code());
    }

    private void receiveNothing() throws IOException {
        there().receive(id, InputStream.nullInputStream());
    }

    @Test
    void whatNobodyWouldFindElsewhereStays() throws Exception {
        Running running = moves.begun(Mobility.FIXED);
        assertFalse(here().running().getFirst().movable());
        assertThrows(NotMovedException.class, () -> here().depart(running.id()));
        moves.assertEndsHere(running);
        assertThrows(NotMovedException.class, () -> here().depart(running.id()));
    }

    @Test
    void whatHasRunForTooLongStays() throws Exception {
        Running running = moves.begun(new Mobility.Movable(Duration.ZERO));
        assertFalse(here().running().getFirst().movable());
        assertThrows(NotMovedException.class, () -> here().depart(running.id()));
        moves.assertEndsHere(running);
    }
}
