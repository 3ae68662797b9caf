package io.runnel.exec.node;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs one node as a process: starts it, keeps it until it is told to end (SIGTERM, SIGINT, or the
 * lifeline cut), closes it once, and says in one line why it could not start.
 */
public final class NodeProcess {
    /** How long a clean end may take before the process ends all the same. */
    private static final long MOST_SECONDS_TO_CLOSE = 15;

    /** How a process ends whose node could not start; it may later. */
    private static final int CANNOT_START = 1;

    /** How a process ends whose node cannot start, however often it is tried. */
    public static final int NEVER_STARTS = 3;

    private static final String LOG_FORMAT = "%1$tFT%1$tT.%1$tLZ %4$s %3$s %5$s%6$s%n";

    /** Something that runs until it is closed. */
    @FunctionalInterface
    public interface Startable {
        /**
         * Starts the node; everything is up when it returns.
         *
         * @throws HopelessStartException if it cannot start before somebody does something
         * @throws Exception if it cannot start; the message is for an operator
         */
        AutoCloseable start(NodeArguments arguments) throws Exception;
    }

    private NodeProcess() {}

    /** Runs a node until it ends; the body of a node's {@code main}. */
    public static void main(String[] args, Startable startable) {
        System.setProperty("java.util.logging.SimpleFormatter.format", LOG_FORMAT);
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        Logger log = System.getLogger(NodeProcess.class.getName());
        NodeArguments arguments;
        AutoCloseable node;
        try {
            arguments = NodeArguments.parse(List.of(args));
            if (arguments.lifeline()) {
                // Before the start: a node that is cut off while it starts ends all the same.
                Lifeline.hold(System.in, () -> endProcess(log));
            }
            arguments.folder().create();
            node = startable.start(arguments);
        } catch (Exception | Error e) {
            // An error too: whatever started already would keep the process, and never be ready.
            log.log(Level.ERROR, "cannot start: " + e.getMessage(), e);
            System.exit(e instanceof HopelessStartException ? NEVER_STARTS : CANNOT_START);
            return;
        }
        log.log(Level.INFO, "{0} runs", arguments.node());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node, log), "close"));
        awaitForever();
    }

    private static void endProcess(Logger log) {
        log.log(Level.INFO, "the supervisor is gone: ending");
        System.exit(0);
    }

    private static void close(AutoCloseable node, Logger log) {
        AtomicBoolean done = new AtomicBoolean();
        Thread.ofPlatform().name("close-deadline").daemon().start(() -> haltAfterDeadline(done));
        try {
            node.close();
            log.log(Level.INFO, "ended cleanly");
        } catch (Exception e) {
            log.log(Level.WARNING, "did not end cleanly", e);
        }
        done.set(true);
    }

    private static void haltAfterDeadline(AtomicBoolean done) {
        try {
            new CountDownLatch(1).await(MOST_SECONDS_TO_CLOSE, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!done.get()) {
            Runtime.getRuntime().halt(2);
        }
    }

    private static void awaitForever() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
