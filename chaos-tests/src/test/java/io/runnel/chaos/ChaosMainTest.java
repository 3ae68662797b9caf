package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.OptionalLong;

/** What the command says to wrong arguments, and what it makes of right ones. */
final class ChaosMainTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(said, true, UTF_8);

    @Test
    void wrongUsageIsTwoAndSaysWhatIsWrong() {
        assertEquals(2, run());
        assertEquals(2, run("storm"));
        assertEquals(2, run("proxy", "--lisen", "x"));
        assertEquals(2, run("proxy", "--listen", "8474"));
        assertEquals(2, run("proxy", "--listen", "127.0.0.1:99999"));
        assertEquals(2, run("proxy", "--seed"));
        assertEquals(2, run("run"));
        assertEquals(2, run("run", "no-such-scenario"));
        String text = said.toString(UTF_8);
        assertTrue(text.contains("usage: runnel chaos list"), text);
        assertTrue(text.contains("unknown option: --lisen"), text);
        assertTrue(text.contains("--listen must be HOST:PORT: '8474'"), text);
        assertTrue(text.contains("99999"), text);
        assertTrue(text.contains("runnel chaos run: which scenario?"), text);
        assertTrue(text.contains("no scenario 'no-such-scenario'"), text);
        assertTrue(text.contains("--seed must be a whole number: ''"), text);
    }

    @Test
    void aPortInUseIsAFailure() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertEquals(1, run("proxy", "--listen", address));
            assertTrue(said.toString(UTF_8).contains(address), said.toString(UTF_8));
        }
    }

    @Test
    void readsAddressAndSeed() {
        ProxyOptions options =
                ProxyOptions.parse(List.of("--seed", "-5", "--listen", "127.0.0.1:0"));
        assertEquals(OptionalLong.of(-5), options.seed());
        assertEquals(0, options.listen().getPort());
        assertEquals(8474, ProxyOptions.parse(List.of()).listen().getPort());
    }

    @Test
    void listsEveryScenarioWithItsTitle() {
        assertEquals(0, run("list"));
        assertTrue(
                said.toString(UTF_8).contains("The link from ams to its region is cut"),
                said.toString(UTF_8));
    }

    private int run(String... arguments) {
        return ChaosMain.run(List.of(arguments), err, err);
    }
}
