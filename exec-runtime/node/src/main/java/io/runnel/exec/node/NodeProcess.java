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
    /** What the supervisor says on the pipe: another process is about to take over. */
    public static final int LET_GO = 'g';

    /** What the supervisor says on the pipe: it did not. */
    public static final int TAKE_BACK = 'b';

    /** How long a clean end may take before the process ends all the same. */
    private static final long MOST_SECONDS_TO_CLOSE = 15;

    /** Where another process serves meanwhile there is no hurry. */
    private static final long MOST_SECONDS_TO_FINISH = 45;

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
        Succession succession = new Succession(log);
        try {
            arguments = NodeArguments.parse(List.of(args));
            if (arguments.lifeline()) {
                // Before the start: a node that is cut off while it starts ends all the same.
                Lifeline.hold(System.in, succession::hear, () -> endProcess(log));
            }
            arguments.folder().create();
            node = startable.start(arguments);
        } catch (Exception | Error e) {
            // An error too: whatever started already would keep the process, and never be ready.
            log.log(Level.ERROR, "cannot start: " + e.getMessage(), e);
            System.exit(e instanceof HopelessStartException ? NEVER_STARTS : CANNOT_START);
            return;
        }
        succession.of(node);
        log.log(Level.INFO, "{0} runs", arguments.node());
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> close(node, succession, log), "close"));
        awaitForever();
    }

    /** What becomes of the node when another process takes over. */
    private static final class Succession {
        private final Logger log;
        private volatile AutoCloseable node = () -> {};
        private volatile boolean gone;

        Succession(Logger log) {
            this.log = log;
        }

        void of(AutoCloseable started) {
            node = started;
        }

        long mostSeconds() {
            return gone ? MOST_SECONDS_TO_FINISH : MOST_SECONDS_TO_CLOSE;
        }

        /** On the lifeline's thread. */
        void hear(int said) {
            if (!(node instanceof Succeeded succeeded)) {
                return;
            }
            try {
                switch (said) {
                    case LET_GO -> {
                        gone = true;
                        succeeded.letGo();
                        log.log(Level.INFO, "another process takes over");
                    }
                    case TAKE_BACK -> {
                        succeeded.takeBack();
                        gone = false;
                        log.log(Level.INFO, "the other process did not come up: going on");
                    }
                    default -> {}
                }
            } catch (RuntimeException e) {
                // Whoever supervises sees what came of it.
                log.log(Level.ERROR, "cannot be succeeded", e);
            }
        }
    }

    private static void endProcess(Logger log) {
        log.log(Level.INFO, "the supervisor is gone: ending");
        System.exit(0);
    }

    private static void close(AutoCloseable node, Succession succession, Logger log) {
        AtomicBoolean done = new AtomicBoolean();
        long most = succession.mostSeconds();
        Thread.ofPlatform().name("close-deadline").daemon().start(() -> haltAfter(most, done));
        try {
            node.close();
            log.log(Level.INFO, "ended cleanly");
        } catch (Exception e) {
            log.log(Level.WARNING, "did not end cleanly", e);
        }
        done.set(true);
    }

    private static void haltAfter(long seconds, AtomicBoolean done) {
        try {
            new CountDownLatch(1).await(seconds, TimeUnit.SECONDS);
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
