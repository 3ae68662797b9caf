package io.runnel.pop;

import io.runnel.cluster.replication.Peer;
import io.runnel.cluster.replication.SecretFetcher;
import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.Task;
import io.runnel.routing.catalog.VersionRecord;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The secret variables of versions that run at this POP: in memory only, asked of regions when a
 * version is popular here, and dropped when it may not run here any more. Safe for any thread;
 * never blocks.
 */
final class HeldSecrets {
    /** How often it is looked at what may be held still. */
    static final Duration TEND_EVERY = Duration.ofSeconds(1);

    private static final Logger LOG = System.getLogger(HeldSecrets.class.getName());

    /** What was not given is not asked for again so soon. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private static final int MOST = 1_000;

    private final SecretFetcher fetcher;
    private final List<Peer> regions;
    private final Predicate<Task> allowed;
    private final LongSupplier nanoClock;
    private final Map<SecretBundle.Key, Held> held = new ConcurrentHashMap<>();
    private final Map<SecretBundle.Key, Asked> asked = new ConcurrentHashMap<>();

    private record Held(Task task, Map<String, String> values) {
        @Override
        public String toString() {
            return "Held(%s)".formatted(task.ref());
        }
    }

    /**
     * That it was asked for, and when.
     *
     * @param told whether it was told that it was not given
     */
    private record Asked(Task task, long atNanos, boolean underWay, boolean told) {}

    /**
     * None yet.
     *
     * @param regions whose nodes are asked, in this order
     * @param allowed whether a version is there and may run at this POP
     */
    HeldSecrets(
            SecretFetcher fetcher,
            List<Peer> regions,
            Predicate<Task> allowed,
            LongSupplier nanoClock) {
        this.fetcher = fetcher;
        this.regions = List.copyOf(regions);
        this.allowed = allowed;
        this.nanoClock = nanoClock;
    }

    /** Whether all is here that a guest of this task is to see. */
    boolean has(VersionRecord version) {
        return SecretBundle.Key.of(version.task()).filter(key -> !held.containsKey(key)).isEmpty();
    }

    /** The secret variables of a task; none if they are not here. */
    Map<String, String> of(Task task) {
        return SecretBundle.Key.of(task).map(held::get).map(Held::values).orElse(Map.of());
    }

    /** Has the secrets of a task here soon, unless they are, or were just asked for in vain. */
    void want(Task task) {
        SecretBundle.Key.of(task)
                .filter(key -> !held.containsKey(key) && held.size() < MOST)
                .filter(key -> mayAsk(task, key))
                .ifPresent(key -> ask(task, key));
    }

    private synchronized boolean mayAsk(Task task, SecretBundle.Key key) {
        long now = nanoClock.getAsLong();
        Asked before = asked.get(key);
        if (before != null && (before.underWay() || now - before.atNanos() < PAUSE.toNanos())) {
            return false;
        }
        asked.put(key, new Asked(task, now, true, before != null && before.told()));
        return true;
    }

    private void ask(Task task, SecretBundle.Key key) {
        CompletableFuture<Void> unused =
                fetcher.fetch(key, regions)
                        .thenAccept(values -> keep(task, key, values))
                        .exceptionally(failure -> vain(task, key, failure));
    }

    private void keep(Task task, SecretBundle.Key key, Map<String, String> values) {
        if (!values.keySet().equals(task.options().secrets().orElseThrow().names())) {
            throw new IllegalStateException("they are not the variables that the version names");
        }
        held.put(key, new Held(task, Map.copyOf(values)));
        asked.remove(key);
    }

    private Void vain(Task task, SecretBundle.Key key, Throwable failure) {
        Asked before = asked.put(key, new Asked(task, nanoClock.getAsLong(), false, true));
        if (before == null || !before.told()) {
            Throwable why = failure.getCause() == null ? failure : failure.getCause();
            LOG.log(
                    Level.WARNING,
                    "{0} is popular, but no region gives its secrets to this POP: {1}",
                    task.ref(),
                    why.getMessage());
        }
        return null;
    }

    /** Drops what may not be here any more. */
    void tend() {
        held.values().removeIf(each -> !allowed.test(each.task()));
        asked.values().removeIf(each -> !each.underWay() && !allowed.test(each.task()));
    }
}
