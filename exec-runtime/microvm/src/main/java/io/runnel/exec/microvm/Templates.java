package io.runnel.exec.microvm;

import io.runnel.exec.microvm.FunctionStart.FailedException;
import io.runnel.exec.microvm.FunctionStart.Template;
import io.runnel.exec.microvm.guest.GuestConfig;
import io.runnel.exec.microvm.machine.MachineSpec;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * What a node's functions begin with: for each way to start one a snapshot, made once and kept
 * while it is among those used last, whether its program is open or not. Safe for any thread.
 */
final class Templates {
    private static final System.Logger LOG = System.getLogger(Templates.class.getName());

    private final MicrovmHost host;
    private final int most;

    /** Least lately used first. Guarded by this. */
    private final Map<Key, CompletableFuture<Template>> made = new LinkedHashMap<>(16, 0.75f, true);

    private long numbers; // Guarded by this.

    /**
     * None yet.
     *
     * @param most are kept
     */
    Templates(MicrovmHost host, int most) {
        this.host = host;
        this.most = most;
    }

    private record Key(MachineSpec spec, GuestConfig config) {}

    /** The snapshot of a function that is started so, if it is made. */
    synchronized Optional<Template> find(MachineSpec spec, GuestConfig config) {
        CompletableFuture<Template> known = made.get(new Key(spec, config));
        return known != null && known.isDone() && !known.isCompletedExceptionally()
                ? Optional.of(known.join())
                : Optional.empty();
    }

    /**
     * The snapshot of a function that is started so; made now, or waited for if another makes it.
     *
     * @throws FailedException if the function does not start; it is tried anew the next time
     */
    Template get(FunctionStart start, GuestConfig config)
            throws IOException, InterruptedException, FailedException {
        Key key = new Key(start.spec(), config);
        CompletableFuture<Template> mine = new CompletableFuture<>();
        CompletableFuture<Template> other = claim(key, mine);
        return other == mine ? make(start, key, mine) : await(other);
    }

    private synchronized CompletableFuture<Template> claim(
            Key key, CompletableFuture<Template> mine) {
        CompletableFuture<Template> other = made.putIfAbsent(key, mine);
        return other == null ? mine : other;
    }

    private synchronized String nextName() {
        numbers++;
        return "s" + numbers;
    }

    private Template make(FunctionStart start, Key key, CompletableFuture<Template> mine)
            throws IOException, InterruptedException, FailedException {
        try {
            Template template = start.template(key.config(), host.snapshotFolder(nextName()));
            mine.complete(template);
            forgetOldest();
            return template;
        } catch (IOException | InterruptedException | FailedException | RuntimeException e) {
            forget(key, mine);
            mine.completeExceptionally(e);
            throw e;
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

    private synchronized void forget(Key key, CompletableFuture<Template> mine) {
        made.remove(key, mine);
    }

    /** Machines that began with it go on; one that is about to finds it gone, and makes another. */
    private void forgetOldest() {
        Optional<Template> gone;
        synchronized (this) {
            gone =
                    made.size() <= most
                            ? Optional.empty()
                            : made.entrySet().stream()
                                    .filter(one -> one.getValue().isDone())
                                    .findFirst()
                                    .flatMap(one -> taken(one.getKey()));
        }
        gone.ifPresent(Templates::delete);
    }

    private Optional<Template> taken(Key key) {
        return Optional.ofNullable(made.remove(key)).map(CompletableFuture::join);
    }

    /** One that machines cannot begin with: the next call makes another. */
    void drop(MachineSpec spec, GuestConfig config, Template bad) {
        Key key = new Key(spec, config);
        boolean did;
        synchronized (this) {
            CompletableFuture<Template> known = made.get(key);
            did = known != null && bad.equals(known.getNow(null)) && made.remove(key, known);
        }
        if (did) {
            delete(bad);
        }
    }

    private static void delete(Template template) {
        try {
            MicrovmHost.deleteAll(template.snapshot().folder());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a snapshot is not removed", e);
        }
    }
}
