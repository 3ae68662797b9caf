package io.runnel.region.cli.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
}
