package io.runnel.cluster.hazelcast;

import static io.runnel.cluster.hazelcast.Nodes.AMS;
import static io.runnel.cluster.hazelcast.Nodes.MEMBER;
import static io.runnel.cluster.hazelcast.Nodes.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.runnel.attestation.NetworkToken;
import io.runnel.topology.Address;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * Whoever can reach a member's address may say anything there, or nothing, as often as it likes.
 */
final class HandshakeIT {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration LATE = SecuredLinks.TO_SHOW.plus(SOON);
    private static final int MANY = 1000;
    private static final int RECORD = 4096;

    @TempDir Path folder;

    private final Address address = Nodes.freeAddress();
    private final List<Socket> strangers = new ArrayList<>();
    private NetworkToken token;
    private RegionCluster member;

    @BeforeEach
    void start() throws Exception {
        token = Nodes.token(folder, "token");
        member = RegionCluster.start(Nodes.member(address, token));
        member.ready().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        member.publish(status(MEMBER, 1));
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket stranger : strangers) {
            stranger.close();
        }
        member.close();
    }

    private Socket stranger() throws IOException {
        Socket stranger = new Socket(address.host(), address.port());
        strangers.add(stranger);
        return stranger;
    }

    /** Done when it is hung up on. */
    private static CompletableFuture<Void> hungUp(Socket stranger) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                while (stranger.getInputStream().read() >= 0) {
                                    // Its last words.
                                }
                            } catch (IOException e) {
                                // It was not even told.
                            }
                            done.complete(null);
                        });
        return done;
    }

    private static void isHungUpOn(Socket stranger, Duration within)
            throws ExecutionException, InterruptedException, TimeoutException {
        hungUp(stranger).get(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void othersGetIn() throws Exception {
        try (PopCluster ams = PopCluster.start(Nodes.client(AMS, address, token))) {
            long begin = System.nanoTime();
            ams.publish(status(AMS, 1));
            Await.view(member, "ams", v -> v.status(AMS).isPresent());
            Await.view(ams, "the member", v -> v.status(MEMBER).isPresent());
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            assertTrue(took.compareTo(SOON) < 0, took::toString);
        }
    }

    private static byte[] record(int type, int length, byte... content) {
        byte[] bytes = new byte[5 + content.length];
        bytes[0] = (byte) type;
        bytes[1] = 3;
        bytes[2] = 3;
        bytes[3] = (byte) (length >> 8);
        bytes[4] = (byte) length;
        System.arraycopy(content, 0, bytes, 5, content.length);
        return bytes;
    }

    @Test
    void whatIsNoHandshakeIsHungUpOn() throws Exception {
        byte[] noise = new byte[20_000];
        new Random(1).nextBytes(noise);
        noise[0] = 22;
        noise[1] = 3;
        noise[2] = 3;
        List<byte[]> garbage =
                List.of(
                        "GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII),
                        "HZC".getBytes(US_ASCII),
                        "CP2".getBytes(US_ASCII),
                        "C".getBytes(US_ASCII),
                        noise,
                        record(22, 0xFFFF, new byte[40_000]),
                        record(22, 0),
                        record(22, 4, (byte) 1, (byte) -1, (byte) -1, (byte) -1),
                        record(23, 5, (byte) 'H', (byte) 'Z', (byte) 'C', (byte) 0, (byte) 0),
                        record(21, 2, (byte) 2, (byte) 40));
        for (byte[] some : garbage) {
            Socket stranger = stranger();
            CompletableFuture<Void> hungUp = hungUp(stranger);
            try {
                stranger.getOutputStream().write(some);
            } catch (IOException e) {
                // It was hung up on before it had said all.
            }
            hungUp.get(LATE.toMillis(), TimeUnit.MILLISECONDS);
        }
        othersGetIn();
    }

    @Test
    void whoTalksAnotherProtocolIsNotWaitedFor() throws Exception {
        Socket stranger = stranger();
        stranger.getOutputStream().write("HZC".getBytes(US_ASCII));
        isHungUpOn(stranger, SOON);
    }

    @Test
    void whoSaysNothingOrHalfIsHungUpOn() throws Exception {
        byte[] hello = hello();
        Socket silent = stranger();
        Socket half = stranger();
        half.getOutputStream().write(hello, 0, hello.length / 2);
        Socket whole = stranger();
        whole.getOutputStream().write(hello);
        long begin = System.nanoTime();
        isHungUpOn(silent, LATE);
        isHungUpOn(half, LATE);
        isHungUpOn(whole, LATE);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertTrue(took.compareTo(Duration.ofSeconds(5)) > 0, () -> "too soon: " + took);
        othersGetIn();
    }

    private static byte[] hello() throws Exception {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, null, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(16 * 1024 + 1024);
        var unused = engine.wrap(ByteBuffer.allocate(0), hello);
        byte[] bytes = new byte[hello.flip().remaining()];
        hello.get(bytes);
        assertEquals(22, bytes[0]);
        return bytes;
    }

    @Test
    void aHandshakeIsNoLongerThanItNeedBe() throws Exception {
        byte[] longHello = padded(hello(), SecuredLink.MOST_HANDSHAKE_BYTES);
        Socket stranger = stranger();
        CompletableFuture<Void> hungUp = hungUp(stranger);
        for (int said = 0; said < longHello.length; said += RECORD) {
            byte[] part =
                    Arrays.copyOfRange(longHello, said, Math.min(longHello.length, said + RECORD));
            stranger.getOutputStream().write(record(22, part.length, part));
        }
        hungUp.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A hello, out of its record, with an extension that means nothing (RFC 7685). */
    private static byte[] padded(byte[] hello, int padding) {
        ByteBuffer made = ByteBuffer.allocate(hello.length - 5 + 4 + padding);
        made.put(hello, 5, hello.length - 5);
        made.putShort((short) 21).putShort((short) padding);
        int message = made.capacity() - 4;
        made.putInt(0, 1 << 24 | message);
        int sessionId = 4 + 2 + 32;
        int suites = sessionId + 1 + made.get(sessionId);
        int compressions = suites + 2 + made.getShort(suites);
        int extensions = compressions + 1 + made.get(compressions);
        made.putShort(extensions, (short) (made.getShort(extensions) + 4 + padding));
        return made.array();
    }

    @Test
    void manyThatSayNothingKeepNobodyOut() throws Exception {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            ends.add(hungUp(stranger()));
        }
        CompletableFuture<?>[] first =
                ends.subList(0, MANY - SecuredLinks.MOST_WAITING).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(first).get(SOON.toMillis(), TimeUnit.MILLISECONDS);
        othersGetIn();
        CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
                .get(LATE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
