package io.runnel.cluster.hazelcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.logging.Level;

final class LoggingTest {
    private final List<String> lines = new ArrayList<>();
    private long nanos;
    private final Repeats repeats = new Repeats(Duration.ofMinutes(1), () -> nanos);

    private ForeignLogger logger(String name) {
        return new ForeignLogger(new Recorder(name, lines), repeats);
    }

    @Test
    void informationIsForThoseWhoLookForAFault() {
        ForeignLogger logger = logger("com.hazelcast.system");
        logger.severe("broken");
        logger.warning("strange");
        logger.info("chatter");
        assertEquals(List.of("ERROR broken", "WARNING strange"), lines);
        assertEquals(Level.WARNING, logger.getLevel());
        assertFalse(logger.isLoggable(Level.INFO));
        assertTrue(logger.isLoggable(Level.WARNING));
        assertFalse(logger.isLoggable(Level.OFF));
    }

    @Test
    void aWarningThatRepeatsItselfIsSaidOnceAMinute() {
        ForeignLogger logger = logger("com.hazelcast.system");
        logger.warning("strange");
        logger.warning("strange");
        nanos += Duration.ofMinutes(1).toNanos();
        logger.warning("strange");
        assertEquals(2, lines.size());
    }

    @Test
    void whatWasSaidIsRememberedWithinALimit() {
        for (int i = 0; i < 100_000; i++) {
            assertTrue(repeats.isNews("message " + i));
        }
        assertFalse(repeats.isNews("message 99999"));
    }

    @Test
    void connectionsAreTheBoardsToTellButRefusalsAreNot() {
        ForeignLogger logger = logger("com.hazelcast.client.impl.connection.tcp.X");
        logger.warning("Connection refused", new IllegalStateException());
        logger.severe("Connection refused");
        logger.warning("Exception during initial connection: AuthenticationException: no");
        assertEquals(
                List.of("WARNING Exception during initial connection: AuthenticationException: no"),
                lines);
    }

    @Test
    void secretsAreLeftOut() {
        SystemLoggers.installWithout("s3cr3t-of-this-test");
        ForeignLogger logger = logger("com.hazelcast.system");
        logger.warning("Stopped trying on the cluster: s3cr3t-of-this-test reason: none");
        assertEquals(List.of("WARNING Stopped trying on the cluster: *** reason: none"), lines);
    }

    /** Says what is a warning or worse. */
    private record Recorder(String name, List<String> lines) implements System.Logger {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(System.Logger.Level level) {
            return level.compareTo(System.Logger.Level.WARNING) >= 0;
        }

        @Override
        public void log(
                System.Logger.Level level,
                ResourceBundle bundle,
                String message,
                Throwable thrown) {
            lines.add(level + " " + message);
        }

        @Override
        public void log(
                System.Logger.Level level, ResourceBundle bundle, String format, Object... values) {
            lines.add(level + " " + format);
        }
    }
}
