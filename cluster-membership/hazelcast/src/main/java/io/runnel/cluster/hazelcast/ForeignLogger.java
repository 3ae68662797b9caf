package io.runnel.cluster.hazelcast;

import com.hazelcast.logging.AbstractLogger;
import com.hazelcast.logging.LogEvent;

import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * One of Hazelcast's loggers. Warnings that a connection was lost or not made, or an address taken,
 * are for those who look for a fault: the boards say so themselves, once, without a stack trace.
 * But that a cluster refuses this node is only known here.
 */
final class ForeignLogger extends AbstractLogger {
    private static final List<String> SAID_BY_BOARDS =
            List.of(
                    "com.hazelcast.client.impl.connection",
                    "com.hazelcast.client.impl.spi",
                    "com.hazelcast.instance.AddressPicker");
    private static final String REFUSAL = "AuthenticationException";

    private final System.Logger logger;
    private final Repeats repeats;
    private final boolean saidByBoards;

    ForeignLogger(System.Logger logger, Repeats repeats) {
        this.logger = logger;
        this.repeats = repeats;
        saidByBoards = SAID_BY_BOARDS.stream().anyMatch(logger.getName()::startsWith);
    }

    @Override
    public void log(Level level, String message) {
        say(level, String.valueOf(message), Optional.empty());
    }

    @Override
    public void log(Level level, String message, Throwable thrown) {
        say(level, String.valueOf(message), Optional.ofNullable(thrown));
    }

    // Hazelcast will take it away, and until then has no logger without it.
    @SuppressWarnings("removal")
    @Override
    public void log(LogEvent event) {
        LogRecord record = event.getLogRecord();
        log(record.getLevel(), record.getMessage(), record.getThrown());
    }

    private void say(Level level, String message, Optional<Throwable> thrown) {
        System.Logger.Level ours = ours(level);
        if (saidByBoards && ours.compareTo(System.Logger.Level.WARNING) >= 0) {
            boolean refused = message.contains(REFUSAL);
            ours = refused ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG;
        }
        if (!logger.isLoggable(ours)
                || (ours == System.Logger.Level.WARNING && !repeats.isNews(message))) {
            return;
        }
        logger.log(ours, SystemLoggers.withoutSecrets(message), thrown.orElse(null));
    }

    @Override
    public Level getLevel() {
        for (Level level : new Level[] {Level.FINEST, Level.INFO, Level.WARNING, Level.SEVERE}) {
            if (isLoggable(level)) {
                return level;
            }
        }
        return Level.OFF;
    }

    @Override
    public boolean isLoggable(Level level) {
        return !level.equals(Level.OFF) && logger.isLoggable(ours(level));
    }

    /** What Hazelcast tells for information is for those who look for a fault in it. */
    private static System.Logger.Level ours(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return System.Logger.Level.ERROR;
        }
        if (level.intValue() >= Level.WARNING.intValue()) {
            return System.Logger.Level.WARNING;
        }
        return level.intValue() >= Level.INFO.intValue()
                ? System.Logger.Level.DEBUG
                : System.Logger.Level.TRACE;
    }
}
