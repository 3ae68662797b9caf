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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/**
 * What a node's functions begin with: for each way to start one a snapshot, made once and kept
 * while it is among those used last, whether its program is open or not, and by later runs of the
 * node. Safe for any thread.
 */
final class Templates {
    private static final System.Logger LOG = System.getLogger(Templates.class.getName());

    private final MicrovmHost host;
    private final TemplateShelf shelf;
    private final int most;

    /** Least lately used first. Guarded by this. */
    private final Map<Key, CompletableFuture<Template>> made = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Those of a shelf, each when it is asked for.
     *
     * @param most are kept
     */
    Templates(MicrovmHost host, TemplateShelf shelf, int most) {
        this.host = host;
        this.shelf = shelf;
        this.most = most;
    }

    private record Key(MachineSpec spec, GuestConfig config) {
        String name() {
            return TemplateShelf.name(spec, config);
        }
    }

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

    private synchronized Set<String> names() {
        return made.keySet().stream().map(Key::name).collect(Collectors.toSet());
    }

    /** What an earlier run of the node made. */
    private Optional<Template> saved(Key key, String name) throws IOException {
        Optional<TemplatePoint> point = shelf.point(name);
        if (point.isEmpty()) {
            return Optional.empty();
        }
        return host.snapshot(shelf.place(name), key.spec())
                .map(snapshot -> new Template(snapshot, point.get()));
    }

    private Template fresh(FunctionStart start, Key key, String name)
            throws IOException, InterruptedException, FailedException {
        Template template = start.template(key.config(), shelf.place(name));
        shelf.keep(name, template.point(), names());
        return template;
    }

    private Template make(FunctionStart start, Key key, CompletableFuture<Template> mine)
            throws IOException, InterruptedException, FailedException {
        try {
            String name = key.name();
            Optional<Template> saved = saved(key, name);
            Template template = saved.isPresent() ? saved.get() : fresh(start, key, name);
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
    private synchronized void forgetOldest() {
        if (made.size() > most) {
            made.entrySet().stream()
                    .filter(one -> one.getValue().isDone())
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .ifPresent(this::delete);
        }
    }

    /** One that machines cannot begin with: the next call makes another. */
    synchronized void drop(MachineSpec spec, GuestConfig config, Template bad) {
        Key key = new Key(spec, config);
        CompletableFuture<Template> known = made.get(key);
        if (known != null && bad.equals(known.getNow(null))) {
            delete(key);
        }
    }

    /** Under the lock: nobody makes another at its place meanwhile. */
    private void delete(Key key) {
        made.remove(key);
        try {
            shelf.remove(key.name());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a snapshot is not removed", e);
        }
    }
}
