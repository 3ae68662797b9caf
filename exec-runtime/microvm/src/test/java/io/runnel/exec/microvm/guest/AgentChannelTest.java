package io.runnel.exec.microvm.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.SinkClosedException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The host's end, against a guest that says whatever the test wants. */
final class AgentChannelTest {
    private static final GuestCall CALL = new GuestCall("id", 1, "arn", "", Optional.empty());

    private SocketChannel guest;
    private DataInputStream heard;
    private AgentChannel channel;

    @BeforeEach
    void connect() throws IOException {
        Path path = Files.createTempDirectory("channel").resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            guest = SocketChannel.open(UnixDomainSocketAddress.of(path));
            channel = AgentChannel.booting(server.accept());
        } finally {
            Files.deleteIfExists(path);
            Files.delete(path.getParent());
        }
        heard = new DataInputStream(Channels.newInputStream(guest));
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
        guest.close();
    }

    private static long later() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    }

    private void say(FrameType type, String payload) throws IOException {
        ByteBuffer frame = FrameWriter.frame(type, payload.getBytes(UTF_8));
        while (frame.hasRemaining()) {
            guest.write(frame);
        }
    }

    private FrameType hear() throws IOException {
        int length = heard.readInt();
        byte type = heard.readByte();
        heard.skipNBytes(length - 1L);
        for (FrameType known : FrameType.values()) {
            if (known.code() == type) {
                return known;
            }
        }
        throw new IOException("type " + type);
    }

    /** Answers pings, and prints a line when it may; until the host hangs up. */
    private void printOnceThereIsCredit(String line) throws IOException {
        boolean printed = false;
        try {
            while (true) {
                byte[] frame = new byte[heard.readInt()];
                heard.readFully(frame);
                if (frame[0] == FrameType.PING.code()) {
                    say(FrameType.PONG, new String(frame, 1, frame.length - 1, UTF_8));
                } else if (frame[0] == FrameType.CREDIT.code() && !printed) {
                    say(FrameType.LOG, line);
                    printed = true;
                }
            }
        } catch (EOFException e) {
            assertTrue(printed, "there was never credit");
        }
    }

    private void becomeReady() throws Exception {
        say(FrameType.HELLO, "{\"agent\":1,\"kernel\":\"6.1\"}");
        say(FrameType.READY, "");
        assertEquals(new GuestStart.AtNext(), channel.awaitReady(later()));
    }

    private GuestAnswer invoke(InputStream body, OutputSink out)
            throws IOException, InterruptedException {
        return channel.invoke(CALL, body, head -> {}, out, OutputSink.NOWHERE);
    }

    private GuestAnswer invoke() throws IOException, InterruptedException {
        return invoke(InputStream.nullInputStream(), OutputSink.NOWHERE);
    }

    @Test
    void aMachineThatEndsIsTold() throws Exception {
        becomeReady();
        guest.close();
        assertEquals(new GuestAnswer.Broken("the machine has ended"), invoke());
        assertEquals(
                new GuestStart.Ended(new GuestAnswer.Broken("the machine has ended")),
                channel.awaitReady(later()));
        assertFalse(channel.ping(later()));
    }

    @Test
    void aGuestThatBreaksTheRulesIsCutOffWithTheReason() throws Exception {
        say(FrameType.HELLO, "{\"agent\":1}");
        assertEquals(
                new GuestStart.Ended(new GuestAnswer.Broken("HELLO has no kernel")),
                channel.awaitReady(later()));
        assertEquals(-1, heard.read());
    }

    @Test
    void aSilentGuestIsLate() throws Exception {
        assertEquals(Optional.empty(), channel.hello(System.nanoTime()));
        assertEquals(new GuestStart.Late(), channel.awaitReady(System.nanoTime()));
    }

    @Test
    void anInterruptEndsACallAtOnce() throws Exception {
        becomeReady();
        CountDownLatch ended = new CountDownLatch(1);
        Thread caller =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    assertThrows(InterruptedException.class, this::invoke);
                                    ended.countDown();
                                });
        assertEquals(FrameType.INVOKE, hear());
        assertEquals(FrameType.BODY_END, hear());
        caller.interrupt();
        assertTrue(ended.await(30, TimeUnit.SECONDS));
        assertEquals(-1, heard.read(), "the machine hears it by its connection's end");
    }

    @Test
    void aSinkThatClosesEndsTheCallAndTheChannel() throws Exception {
        becomeReady();
        say(FrameType.LOG, "\1kept");
        SinkClosedException full = new SinkClosedException(SinkClosedException.Reason.LIMIT);
        assertTrue(channel.hello(later()).isPresent());
        SinkClosedException seen =
                assertThrows(
                        SinkClosedException.class,
                        () ->
                                channel.invoke(
                                        CALL,
                                        InputStream.nullInputStream(),
                                        head -> {},
                                        OutputSink.NOWHERE,
                                        (bytes, offset, length) -> {
                                            throw full;
                                        }));
        assertEquals(full, seen);
        assertTrue(invoke() instanceof GuestAnswer.Broken);
    }

    @Test
    void noMoreOfTheBodyIsSentThanThereIsCreditFor() throws Exception {
        becomeReady();
        byte[] body = new byte[300_000];
        Thread caller =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        invoke(new ByteArrayInputStream(body), OutputSink.NOWHERE);
                                    } catch (IOException | InterruptedException e) {
                                        throw new IllegalStateException(e);
                                    }
                                });
        assertEquals(FrameType.INVOKE, hear());
        int sent = 0;
        while (sent < GuestFrame.START_CREDIT) {
            int length = heard.readInt();
            assertEquals(FrameType.BODY.code(), heard.readByte());
            heard.skipNBytes(length - 1L);
            sent += length - 1;
        }
        assertEquals(GuestFrame.START_CREDIT, sent);
        say(FrameType.BODY_CREDIT, "\0\0\0\1");
        assertEquals(2, heard.readInt());
        assertEquals(FrameType.BODY.code(), heard.readByte());
        heard.skipNBytes(1);
        say(FrameType.RESPONSE_START, "{\"contentType\":\"\",\"streaming\":false}");
        say(FrameType.RESPONSE_END, "{}");
        assertEquals(FrameType.BODY_END, hear(), "who has answered needs no more of it");
        caller.join();
    }

    @Test
    void whatHasBeenTakenMayBeSentAgain() throws Exception {
        becomeReady();
        String line = "x".repeat(65_535);
        List<Integer> lengths = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            say(FrameType.LOG, "\1" + line);
        }
        Thread asker =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    OutputSink sink = (bytes, from, length) -> lengths.add(length);
                                    try {
                                        boolean answered = true;
                                        while (answered && lengths.size() < 5) {
                                            answered = channel.settle(sink, later());
                                        }
                                    } catch (InterruptedException e) {
                                        throw new IllegalStateException(e);
                                    } finally {
                                        channel.close();
                                    }
                                });
        printOnceThereIsCredit("\1y");
        asker.join();
        assertEquals(List.of(65_535, 65_535, 65_535, 65_535, 1), lengths);
    }

    @Test
    void aSnapshotsPointIsKnownWhenTheMachineHasEnded() throws Exception {
        becomeReady();
        say(FrameType.LOG, "\1abc");
        assertEquals(Optional.empty(), channel.point(System.nanoTime()));
        guest.close();
        SnapshotPoint point = channel.point(later()).orElseThrow();
        assertEquals(
                new SnapshotPoint(false, GuestFrame.START_CREDIT - 4L, GuestFrame.START_CREDIT),
                point);
    }

    @Test
    void aMachineStoppedInAFrameHasNoPoint() throws Exception {
        becomeReady();
        guest.write(FrameWriter.frame(FrameType.LOG, new byte[10]).limit(7));
        guest.close();
        assertEquals(Optional.empty(), channel.point(later()));
    }

    @Test
    void whatWouldNotFitOrBreakAHeaderIsNotSent() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new GuestCall("a\r\nb", 1, "", "", Optional.empty()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new GuestCall("a/b", 1, "", "", Optional.empty()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new GuestCall("a", 1, "\u00fc".repeat(501), "", Optional.empty()));
        GuestConfig large =
                new GuestConfig(Map.of("A", "x".repeat(65_000)), "", 1, 1, "", "", "on-demand", 1);
        assertThrows(
                IllegalArgumentException.class,
                () -> large.payload(GuestWake.of(1, new byte[509])));
        assertThrows(IllegalArgumentException.class, () -> GuestWake.of(1, new byte[15]));
        assertFalse(GuestWake.of(1, new byte[16]).toString().contains("AAAA"));
    }

    @Test
    void whatIsHeldGetsNothingUntilItIsReleasedAndThenAllThatItWouldHaveGot() throws Exception {
        becomeReady();
        CompletableFuture<GuestAnswer> answer = new CompletableFuture<>();
        Thread.startVirtualThread(
                () -> {
                    try {
                        answer.complete(invoke());
                    } catch (IOException | InterruptedException e) {
                        answer.completeExceptionally(e);
                    }
                });
        assertEquals(FrameType.INVOKE, hear());
        assertEquals(FrameType.BODY_END, hear());
        CompletableFuture<Optional<MovePoint>> held = new CompletableFuture<>();
        Thread.startVirtualThread(
                () -> {
                    try {
                        held.complete(channel.hold(later()));
                    } catch (InterruptedException e) {
                        held.completeExceptionally(e);
                    }
                });
        assertEquals(FrameType.HOLD, hear());
        String line = "\u0001" + "x".repeat(40_000);
        say(FrameType.LOG, line);
        say(FrameType.LOG, line);
        say(FrameType.HELD, "");
        MovePoint point = held.get(30, TimeUnit.SECONDS).orElseThrow();
        assertTrue(point.called());
        assertEquals(GuestFrame.START_CREDIT - 80_002, point.guestCredit());
        assertEquals(Optional.empty(), channel.hold(later()), "it is held already");
        channel.release(Optional.empty());
        assertEquals(FrameType.RELEASE, hear());
        assertEquals(FrameType.CREDIT, hear());
        say(FrameType.RESPONSE_START, "{\"contentType\":\"\",\"streaming\":false}");
        say(FrameType.RESPONSE_END, "{}");
        assertTrue(answer.get(30, TimeUnit.SECONDS) instanceof GuestAnswer.Answered);
    }

    @Test
    void whatHasMovedEndsHereWithoutAnAnswer() throws Exception {
        becomeReady();
        assertTrue(channel.moved());
        assertEquals(Optional.of(new GuestAnswer.Moved()), channel.ended());
        channel.close();
        assertEquals(Optional.of(new GuestAnswer.Moved()), channel.ended());
    }

    @Test
    void whatHasEndedIsNotMoved() {
        channel.close();
        assertFalse(channel.moved());
    }
}
