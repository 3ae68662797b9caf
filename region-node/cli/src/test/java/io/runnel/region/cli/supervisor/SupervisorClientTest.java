package io.runnel.region.cli.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;

class SupervisorClientTest {
    @TempDir private Path folder;

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void oneThatTakesTheQuestionAndSaysNothingIsNotWaitedForLong() throws Exception {
        var address = UnixDomainSocketAddress.of(folder.resolve("mute.sock"));
        try (var mute = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            mute.bind(address);
            SupervisorClient client = new SupervisorClient(address, Duration.ofMillis(50));
            SupervisorException e = assertThrows(SupervisorException.class, client::status);
            assertEquals(SupervisorException.Code.NO_ANSWER, e.code());
            assertEquals("the supervisor does not answer: nothing within 50 ms", e.getMessage());
        }
    }

    /** As the system does with the connections of a process that was killed a moment ago. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void oneThatHangsUpIsNotThere() throws Exception {
        var address = UnixDomainSocketAddress.of(folder.resolve("dying.sock"));
        var client = new SupervisorClient(address, Duration.ofSeconds(30));
        var dying = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try (dying) {
            dying.bind(address);
            Thread.ofVirtual().start(() -> hangUpOnOne(dying));
            assertFalse(client.isThere(Duration.ofSeconds(30)));
        }
        assertFalse(client.isThere(Duration.ofSeconds(30)), "nobody listens");
    }

    private static void hangUpOnOne(ServerSocketChannel listening) {
        try {
            listening.accept().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void oneThatSaysNothingIsThere() throws Exception {
        var address = UnixDomainSocketAddress.of(folder.resolve("mute.sock"));
        try (var mute = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            mute.bind(address);
            var client = new SupervisorClient(address, Duration.ofSeconds(30));
            assertTrue(client.isThere(Duration.ofMillis(50)));
        }
    }
}
