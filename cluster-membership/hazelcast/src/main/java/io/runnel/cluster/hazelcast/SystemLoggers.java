package io.runnel.cluster.hazelcast;

import com.hazelcast.logging.ILogger;
import com.hazelcast.logging.LoggerFactory;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Leads what Hazelcast logs to {@link System.Logger}: its warnings as warnings, its chatter below;
 * without secrets, and what repeats itself once a minute. Public because Hazelcast makes it by its
 * name; nobody else has a use for it.
 */
public final class SystemLoggers implements LoggerFactory {
    private static final Set<String> SECRETS = ConcurrentHashMap.newKeySet();
    private static final Repeats REPEATS = new Repeats(Duration.ofMinutes(1), System::nanoTime);

    /** Has Hazelcast in this process log here, never with this text. */
    static void installWithout(String secret) {
        SECRETS.add(secret);
        System.setProperty("hazelcast.logging.class", SystemLoggers.class.getName());
    }

    /** The message, with no secret in it. */
    static String withoutSecrets(String message) {
        String clean = message;
        for (String secret : SECRETS) {
            clean = clean.replace(secret, "***");
        }
        return clean;
    }

    @Override
    public ILogger getLogger(String name) {
        return new ForeignLogger(System.getLogger(name), REPEATS);
    }
}
