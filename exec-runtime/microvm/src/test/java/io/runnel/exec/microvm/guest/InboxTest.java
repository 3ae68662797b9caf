package io.runnel.exec.microvm.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.microvm.guest.GuestMessage.Stream;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The illegal message first, then the legal one. */
final class InboxTest {
    private final Inbox inbox = new Inbox();

    private void say(FrameType type, String payload) {
        inbox.accept(GuestMessage.of(new GuestFrame(type, payload.getBytes(UTF_8))));
    }

    private void refused(String why, FrameType type, String payload) {
        BrokenFrameException e = assertThrows(BrokenFrameException.class, () -> say(type, payload));
        assertEquals(why, e.getMessage());
    }

    private void hello() {
        say(FrameType.HELLO, "{\"agent\":1,\"kernel\":\"6.1\"}");
    }

    private void ready() {
        hello();
        say(FrameType.READY, "");
    }

    private void begin() {
        say(FrameType.RESPONSE_START, "{\"contentType\":\"a/b\",\"streaming\":false}");
    }

    @Test
    void helloComesFirstAndOnce() {
        refused("the first frame is no HELLO", FrameType.READY, "");
        hello();
        assertEquals(Optional.of(new AgentHello(1, "6.1")), inbox.hello());
        refused("HELLO came twice", FrameType.HELLO, "{\"agent\":1,\"kernel\":\"6.1\"}");
    }

    @Test
    void anAnswerIsForACall() {
        ready();
        refused(
                "RESPONSE_START came while IDLE",
                FrameType.RESPONSE_START,
                "{\"contentType\":\"\",\"streaming\":true}");
        refused("RESPONSE came while IDLE", FrameType.RESPONSE, "x");
        refused("RESPONSE_END came while IDLE", FrameType.RESPONSE_END, "{}");
        refused(
                "ERROR came while IDLE",
                FrameType.ERROR,
                "{\"errorType\":\"a\",\"body\":\"\",\"init\":false}");
        inbox.ask();
        refused("RESPONSE came while ASKED", FrameType.RESPONSE, "x");
        begin();
        refused("READY came while ANSWERING", FrameType.READY, "");
        refused(
                "RESPONSE_START came while ANSWERING",
                FrameType.RESPONSE_START,
                "{\"contentType\":\"\",\"streaming\":true}");
        say(FrameType.RESPONSE, "x");
        say(FrameType.RESPONSE_END, "{}");
        assertEquals(Optional.empty(), inbox.answer(), "its bytes come first");
        assertEquals(Stream.RESPONSE, inbox.data().take().stream());
        assertEquals(
                Optional.of(
                        new GuestAnswer.Answered(new ResponseHead("a/b", false), Optional.empty())),
                inbox.answer());
    }

    @Test
    void whatIsPrintedAfterAnAnswerDoesNotHoldIt() {
        ready();
        inbox.ask();
        begin();
        say(FrameType.LOG, "\1before\n");
        say(FrameType.RESPONSE_END, "{}");
        say(FrameType.LOG, "\1after\n");
        assertTrue(inbox.answer().isEmpty());
        inbox.data().take();
        assertTrue(inbox.answer().isPresent());
        assertEquals(1, inbox.data().added() - inbox.data().taken(), "it waits for the next call");
    }

    @Test
    void noMoreDataComesThanThereIsCreditFor() {
        ready();
        String line = "\2" + "x".repeat(65_535);
        for (int i = 0; i < 4; i++) {
            say(FrameType.LOG, line);
        }
        refused("more data came than there was credit for", FrameType.LOG, "\1x");
    }

    @Test
    void grantedDataMayComeToTheByte() {
        ready();
        String line = "\2" + "x".repeat(65_535);
        for (int i = 0; i < 4; i++) {
            say(FrameType.LOG, line);
        }
        inbox.granted(2);
        say(FrameType.LOG, "\1x");
        inbox.granted(1);
        refused("more data came than there was credit for", FrameType.LOG, "\1x");
    }

    @Test
    void creditIsOnlyForWhatWasSent() {
        ready();
        BrokenFrameException e =
                assertThrows(
                        BrokenFrameException.class, () -> inbox.accept(new GuestMessage.Credit(1)));
        assertEquals("credit came for more than has been sent", e.getMessage());
    }

    @Test
    void aLogIsForAStreamAndNotEmpty() {
        ready();
        refused("LOG is for no stream that there is", FrameType.LOG, "");
        refused("LOG is for no stream that there is", FrameType.LOG, "\3x");
        refused("LOG has no bytes", FrameType.LOG, "\1");
    }

    @Test
    void nothingComesAfterTheEnd() {
        ready();
        refused("EXIT must have either a code or a signal", FrameType.EXIT, "{\"oomKilled\":true}");
        say(FrameType.EXIT, "{\"signal\":9,\"oomKilled\":true}");
        assertEquals(
                Optional.of(new GuestAnswer.Exited(OptionalInt.empty(), OptionalInt.of(9), true)),
                inbox.end());
        refused("a frame came after EXIT", FrameType.READY, "");
    }

    @Test
    void theStartFailsOnlyAtTheStart() {
        hello();
        say(FrameType.ERROR, "{\"errorType\":\"My\",\"body\":\"why\",\"init\":true}");
        assertEquals(
                Optional.of(new GuestStart.Failed(new GuestError("My", "why"))), inbox.start());
        refused(
                "ERROR of the start came while FAILED",
                FrameType.ERROR,
                "{\"errorType\":\"My\",\"body\":\"\",\"init\":true}");
        refused("READY came while FAILED", FrameType.READY, "");
    }

    @Test
    void aRestoredGuestStartsAgain() {
        hello();
        say(FrameType.RESTORE_NEXT, "");
        assertEquals(Optional.of(new GuestStart.AtRestore()), inbox.start());
        refused("RESTORE_NEXT came while AT_RESTORE", FrameType.RESTORE_NEXT, "");
        refused("READY came while AT_RESTORE", FrameType.READY, "");
        Inbox other = new Inbox(inbox.point());
        other.restored();
        assertEquals(Optional.empty(), other.start());
        other.accept(new GuestMessage.Ready());
        assertEquals(Optional.of(new GuestStart.AtNext()), other.start());
    }

    @Test
    void aPongAnswersAPing() {
        ready();
        refused("PONG answers no PING", FrameType.PONG, "12345678");
        refused("PONG has 1 bytes and not 8", FrameType.PONG, "1");
        inbox.pinged(7);
        assertThrows(BrokenFrameException.class, () -> inbox.accept(new GuestMessage.Pong(8)));
        inbox.accept(new GuestMessage.Pong(7));
    }

    @Test
    void whoIsHeldSaysNothing() {
        assertFalse(inbox.mayBeHeld());
        ready();
        refused("HELD answers no HOLD", FrameType.HELD, "");
        inbox.hold();
        assertFalse(inbox.mayBeHeld());
        say(FrameType.LOG, "\u0001before");
        assertEquals(Optional.empty(), inbox.movePoint());
        say(FrameType.HELD, "");
        long left = GuestFrame.START_CREDIT - 7;
        assertEquals(
                Optional.of(new MovePoint(false, left, GuestFrame.START_CREDIT)),
                inbox.movePoint());
        refused("a frame came of a guest that is held", FrameType.LOG, "\u0001after");
        refused("a frame came of a guest that is held", FrameType.HELD, "");
        inbox.released();
        say(FrameType.LOG, "\u0001after");
        assertTrue(inbox.mayBeHeld());
    }

    @Test
    void aHoldThatIsGivenUpMayBeAnsweredLate() {
        ready();
        inbox.ask();
        inbox.hold();
        inbox.released();
        assertFalse(inbox.mayBeHeld());
        begin();
        say(FrameType.HELD, "");
        assertFalse(inbox.isHeld());
        say(FrameType.RESPONSE, "x");
        refused("HELD answers no HOLD", FrameType.HELD, "");
    }

    @Test
    void whoBeginsToAnswerBeforeItIsHeldIsNotMoved() {
        ready();
        inbox.ask();
        inbox.hold();
        begin();
        say(FrameType.HELD, "");
        assertTrue(inbox.isHeld());
        assertEquals(Optional.empty(), inbox.movePoint());
        assertFalse(new Inbox().mayBeHeld());
    }

    @Test
    void whatWasMovedHereIsHeldWhereItWas() {
        Inbox moved = new Inbox(new MovePoint(true, 3, 5));
        GuestMessage log =
                GuestMessage.of(new GuestFrame(FrameType.LOG, "\u0001ab".getBytes(UTF_8)));
        assertThrows(BrokenFrameException.class, () -> moved.accept(log));
        assertEquals(Optional.of(new MovePoint(true, 3, 5)), moved.movePoint());
        moved.released();
        moved.accept(log);
        assertThrows(BrokenFrameException.class, () -> moved.accept(log), "beyond its credit");
        assertFalse(moved.isIdle());
    }

    @Test
    void jsonIsWhatItShouldBe() {
        for (String bad :
                List.of(
                        "",
                        "[]",
                        "{",
                        "{}",
                        "{\"agent\":\"1\",\"kernel\":\"k\"}",
                        "{\"agent\":1,\"agent\":1,\"kernel\":\"k\"}",
                        "{\"agent\":1,\"kernel\":\"k\",\"more\":1}",
                        "{\"agent\":1,\"kernel\":\"k\"} {}",
                        "{\"agent\":1e9,\"kernel\":\"k\"}",
                        "{\"agent\":1,\"kernel\":" + "[".repeat(60_000))) {
            assertThrows(BrokenFrameException.class, () -> say(FrameType.HELLO, bad), bad);
        }
        hello();
    }

    @Test
    void manySmallFramesTakeLittleMemory() {
        ready();
        for (int i = 0; i < 131_072; i++) {
            say(FrameType.LOG, i % 2 == 0 ? "\1x" : "\2y");
        }
        int frames = 0;
        while (!inbox.data().isEmpty()) {
            assertEquals(
                    frames % 2 == 0 ? Stream.OUTPUT : Stream.ERROR, inbox.data().take().stream());
            frames++;
        }
        assertEquals(131_072, frames);
    }
}
