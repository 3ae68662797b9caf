package io.runnel.exec.microvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** A QEMU that its guest has taken over says what it likes. */
final class QmpTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String GREETING = "{\"QMP\":{\"version\":{}}}\n";
    private static final String DONE = "{\"return\":{},\"id\":1}\n";

    @TempDir Path dir;
    private SocketChannel ours;
    private SocketChannel theirs;

    @BeforeEach
    void connect() throws IOException {
        Path path = dir.resolve("control");
        try (ServerSocketChannel server = TimedChannel.listen(path)) {
            theirs = SocketChannel.open(StandardProtocolFamily.UNIX);
            theirs.connect(UnixDomainSocketAddress.of(path));
            ours = TimedChannel.accept(server, System.nanoTime() + LONG.toNanos(), () -> {});
        }
    }

    @AfterEach
    void close() throws IOException {
        ours.close();
        theirs.close();
    }

    private void qemuSays(String text) throws IOException {
        theirs.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private Qmp open() throws IOException {
        qemuSays(GREETING + DONE);
        return Qmp.open(ours, LONG, () -> {});
    }

    private String whyNotOpen(String text) throws IOException {
        qemuSays(text);
        return assertThrows(MachineException.class, () -> Qmp.open(ours, LONG, () -> {}))
                .getMessage();
    }

    @Test
    void anAnswerIsForItsQuestion() throws Exception {
        Qmp qmp = open();
        qemuSays("{\"return\":{\"status\":\"running\"},\"id\":2}\n");
        assertEquals("running", qmp.status());
        qemuSays("{\"return\":{},\"id\":99}\n");
        var e = assertThrows(MachineException.class, qmp::stop);
        assertTrue(e.getMessage().startsWith("not an answer to stop: "), e.getMessage());
    }

    @Test
    void anAnswerMayComeInPiecesAndAfterEvents() throws Exception {
        Qmp qmp = open();
        qemuSays("{\"event\":\"STOP\",\"data\":{}}\n{\"return\":{\"sta");
        Thread rest =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        qemuSays("tus\":\"paused\"},\"id\":2}\n");
                                    } catch (IOException e) {
                                        throw new IllegalStateException(e);
                                    }
                                });
        assertEquals("paused", qmp.status());
        rest.join();
    }

    @Test
    void aRefusalIsSaidAndTheNextQuestionIsAnswered() throws Exception {
        Qmp qmp = open();
        qemuSays("{\"id\":2,\"error\":{\"class\":\"GenericError\",\"desc\":\"not now\"}}\n");
        var e = assertThrows(MachineException.class, qmp::stop);
        assertEquals("QEMU refuses stop: not now", e.getMessage());
        qemuSays("{\"return\":{},\"id\":3}\n");
        qmp.cont();
    }

    @Test
    void aLineWithoutEndIsAnError() throws Exception {
        Qmp qmp = open();
        Thread flood =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        qemuSays("x".repeat(2 * Qmp.MOST_LINE_BYTES));
                                    } catch (IOException e) {
                                        // Nobody listens any more.
                                    }
                                });
        var e = assertThrows(MachineException.class, qmp::stop);
        assertEquals("QEMU says a line of more than 65536 bytes", e.getMessage());
        ours.close();
        flood.join();
    }

    @Test
    void eventsWithoutEndAreAnError() throws Exception {
        Qmp qmp = open();
        qemuSays("{\"event\":\"E\"}\n".repeat(Qmp.MOST_EVENTS + 1));
        var e = assertThrows(MachineException.class, qmp::stop);
        assertEquals("QEMU has more than 256 events to tell", e.getMessage());
    }

    @Test
    void nonsenseIsAnError() throws Exception {
        Qmp qmp = open();
        qemuSays("nonsense\n");
        var e = assertThrows(MachineException.class, qmp::stop);
        assertTrue(e.getMessage().startsWith("QEMU says no JSON: "), e.getMessage());
        e = assertThrows(MachineException.class, qmp::stop);
        assertEquals("QEMU's control channel failed before", e.getMessage());
    }

    @Test
    void documentsThatAreTooDeepAreAnError() throws Exception {
        assertTrue(whyNotOpen("[".repeat(1000) + "\n").startsWith("QEMU says no JSON: "));
    }

    @Test
    void anotherServiceIsNotQemu() throws Exception {
        assertTrue(whyNotOpen("{\"hello\":1}\n").startsWith("no greeting of QEMU: "));
    }

    @Test
    void anEndIsAnError() throws Exception {
        Qmp qmp = open();
        theirs.shutdownOutput();
        var e = assertThrows(MachineException.class, qmp::stop);
        assertEquals("QEMU closed its control channel", e.getMessage());
    }

    @Test
    void silenceEnds() throws Exception {
        qemuSays(GREETING + DONE);
        Qmp qmp = Qmp.open(ours, Duration.ofMillis(200), () -> {});
        assertThrows(SocketTimeoutException.class, qmp::stop);
    }

    @Test
    void anInterruptEndsAQuestion() throws Exception {
        Qmp qmp = open();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedIOException.class, qmp::stop);
        assertTrue(Thread.interrupted());
    }

    @Test
    void aSocketsPathIsNotTooLong() {
        Path path = dir.resolve("x".repeat(120));
        var e = assertThrows(MachineException.class, () -> TimedChannel.listen(path));
        assertTrue(e.getMessage().startsWith("a socket's path has at most 107 bytes: "));
    }
}
