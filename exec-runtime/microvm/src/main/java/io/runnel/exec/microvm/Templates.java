package io.runnel.exec.microvm;

import io.runnel.exec.microvm.FunctionStart.FailedException;
import io.runnel.exec.microvm.FunctionStart.Template;
import io.runnel.exec.microvm.guest.GuestConfig;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What functions of one program are started from: for each way to start one, a snapshot, made once.
 * Safe for any thread.
 */
final class Templates implements AutoCloseable {
    /** Tasks that share their code are few. */
    static final int MOST = 4;

    private static final System.Logger LOG = System.getLogger(Templates.class.getName());
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final MicrovmHost host;
    private final FunctionStart start;
    private final Map<GuestConfig, CompletableFuture<Template>> made = new HashMap<>();
    private final Deque<GuestConfig> order = new ArrayDeque<>();
    private boolean closed;

    Templates(MicrovmHost host, FunctionStart start) {
        this.host = host;
        this.start = start;
    }

    /** The snapshot of a function that is started so, if it is made. */
    synchronized Optional<Template> find(GuestConfig config) {
        CompletableFuture<Template> known = made.get(config);
        return known != null && known.isDone() && !known.isCompletedExceptionally()
                ? Optional.of(known.join())
                : Optional.empty();
    }

    /**
     * The snapshot of a function that is started so; made now, or waited for if another makes it.
     *
     * @throws FailedException if the function does not start; it is tried anew the next time
     */
    Template get(GuestConfig config) throws IOException, InterruptedException, FailedException {
        CompletableFuture<Template> mine = new CompletableFuture<>();
        CompletableFuture<Template> other = claim(config, mine);
        return other == mine ? make(config, mine) : await(other);
    }

    private synchronized CompletableFuture<Template> claim(
            GuestConfig config, CompletableFuture<Template> mine) {
        CompletableFuture<Template> other = made.putIfAbsent(config, mine);
        if (other == null) {
            order.addLast(config);
        }
        return other == null ? mine : other;
    }

    private Template make(GuestConfig config, CompletableFuture<Template> mine)
            throws IOException, InterruptedException, FailedException {
        boolean done = false;
        try {
            Template template =
                    start.template(config, host.snapshotFolder("s" + NUMBERS.incrementAndGet()));
            done = true;
            mine.complete(template);
            forgetSome();
            return template;
        } catch (IOException | InterruptedException | FailedException | RuntimeException e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            if (!done) {
                forget(config, mine);
            }
        }
    }

    private static Template await(CompletableFuture<Template> other)
            throws IOException, InterruptedException, FailedException {
        try {
            return other.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case FailedException failed -> throw failed;
                case IOException io -> throw io;
                // Whoever made it was interrupted, not we.
                case null, default -> throw new IOException("a snapshot was not made", e);
            }
        }
    }

    private synchronized void forget(GuestConfig config, CompletableFuture<Template> mine) {
        if (made.remove(config, mine)) {
            order.remove(config);
        }
    }

    private void forgetSome() {
        Optional<CompletableFuture<Template>> gone = Optional.empty();
        synchronized (this) {
            if (order.size() > MOST || closed) {
                gone = Optional.ofNullable(made.remove(order.removeFirst()));
            }
        }
        gone.ifPresent(Templates::delete);
    }

    private static void delete(CompletableFuture<Template> one) {
        var unused =
                one.thenAccept(
                        template -> {
                            try {
                                MicrovmHost.deleteAll(template.snapshot().folder());
                            } catch (IOException e) {
                                LOG.log(Level.WARNING, "a snapshot is not removed", e);
                            }
                        });
    }

    /** Forgets all; machines that began with them go on. */
    @Override
    public void close() {
        Map<GuestConfig, CompletableFuture<Template>> all;
        synchronized (this) {
            closed = true;
            all = new HashMap<>(made);
            made.clear();
            order.clear();
        }
        all.values().forEach(Templates::delete);
    }
}
