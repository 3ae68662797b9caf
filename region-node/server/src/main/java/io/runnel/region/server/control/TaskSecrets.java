package io.runnel.region.server.control;

import io.runnel.cluster.replication.SecretText;
import io.runnel.cluster.store.RegionStore;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.Task;
import io.runnel.routing.catalog.Catalog;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The values of tasks' secret variables and of secret parameters of calls: sealed in the region's
 * store, in memory once they were read. Nobody is told them but guests of the version or the call
 * that they are of, and nodes that may run it. Safe for any thread.
 */
public final class TaskSecrets {
    private final RegionStore store;
    private final SecretSeal seal;

    /** What was read. */
    private final Map<SecretBundle.Key, Map<String, String>> read = new ConcurrentHashMap<>();

    /** Those of a store. */
    public TaskSecrets(RegionStore store, SecretSeal seal) {
        this.store = store;
        this.seal = seal;
    }

    private static String owner(SecretBundle.Key key) {
        return "secrets " + key;
    }

    /**
     * Keeps values under a key, which nobody else has.
     *
     * @return done when they are on disk
     */
    public CompletionStage<Void> keep(SecretBundle.Key key, Map<String, String> values) {
        String text = new String(SecretText.write(values), StandardCharsets.UTF_8);
        return store.putSecret(owner(key), seal.seal(owner(key), text))
                .thenRun(() -> read.put(key, Map.copyOf(values)));
    }

    /** A bundle for these values, under an id by chance; empty for none. */
    Optional<SecretBundle> bundle(Map<String, String> values, Random random) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        byte[] chance = new byte[SecretBundle.ID_BYTES];
        random.nextBytes(chance);
        return Optional.of(new SecretBundle(HexFormat.of().formatHex(chance), values.keySet()));
    }

    /**
     * Keeps values and does then what names them; if that is refused, they are kept no longer. Of
     * other failures it is not known whether anything was written.
     *
     * @param key what they are kept under, if there are any
     */
    <T> CompletionStage<T> keeping(
            Optional<SecretBundle.Key> key,
            Map<String, String> values,
            Supplier<CompletionStage<T>> then) {
        if (key.isEmpty()) {
            return then.get();
        }
        return keep(key.get(), values)
                .thenCompose(kept -> then.get())
                .whenComplete(
                        (done, failure) -> {
                            if (Failures.cause(failure) instanceof RefusedException) {
                                discard(key.get());
                            }
                        });
    }

    /** The values under a key, if they are in this region. */
    public CompletionStage<Optional<Map<String, String>>> values(SecretBundle.Key key) {
        Map<String, String> known = read.get(key);
        return known != null
                ? CompletableFuture.completedFuture(Optional.of(known))
                : store.secret(owner(key)).thenApply(kept -> kept.flatMap(one -> opened(key, one)));
    }

    private Optional<Map<String, String>> opened(SecretBundle.Key key, byte[] sealed) {
        Optional<Map<String, String>> values =
                seal.open(owner(key), sealed)
                        .flatMap(text -> SecretText.read(text.getBytes(StandardCharsets.UTF_8)));
        values.ifPresent(all -> read.put(key, Map.copyOf(all)));
        return values;
    }

    /** Whether all that a guest of this task is to see is here; once it is, in memory. */
    public CompletableFuture<Boolean> areHere(Task task) {
        return SecretBundle.Key.of(task)
                .map(this::areHere)
                .orElse(CompletableFuture.completedFuture(true));
    }

    /** Whether what is kept under a key is here; once it is, in memory. */
    public CompletableFuture<Boolean> areHere(SecretBundle.Key key) {
        return read.containsKey(key)
                ? CompletableFuture.completedFuture(true)
                : values(key).thenApply(Optional::isPresent).toCompletableFuture();
    }

    /** What is kept under a key, if it is in memory. */
    public Optional<Map<String, String>> inMemory(SecretBundle.Key key) {
        return Optional.ofNullable(read.get(key));
    }

    /** The secret variables of a task; none while they are not in memory. */
    public Map<String, String> of(Task task) {
        return SecretBundle.Key.of(task).map(read::get).orElse(Map.of());
    }

    /**
     * Forgets, for good, what versions and aliases had that are no more. Looks only at accounts
     * that are not as they were: each one's secrets are named by itself alone.
     */
    public void forget(Catalog before, Catalog after) {
        for (AccountId account : after.changedSince(before)) {
            Set<SecretBundle.Key> gone = keys(before, account);
            gone.removeAll(keys(after, account));
            gone.forEach(this::discard);
        }
    }

    /** Forgets what is under a key, for good. */
    void discard(SecretBundle.Key key) {
        read.remove(key);
        CompletableFuture<Void> unused = store.deleteSecret(owner(key));
    }

    private static Set<SecretBundle.Key> keys(Catalog catalog, AccountId account) {
        return Stream.concat(
                        catalog.versions(account)
                                .flatMap(version -> SecretBundle.Key.of(version.task()).stream()),
                        catalog.callerSecrets(account))
                .collect(Collectors.toSet());
    }
}
