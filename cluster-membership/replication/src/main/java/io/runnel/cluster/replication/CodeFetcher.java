package io.runnel.cluster.replication;

import io.runnel.cluster.replication.ReplicationException.Code;
import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Brings code that this node lacks from its peers into its {@link CodeStore}. However many ask for
 * a digest, it is fetched once; a few digests are fetched at once, more wait. A peer that has not
 * got it, breaks off, or sends something else is passed over for the next. What no peer could give
 * is not asked for again for a while. Safe for any thread; never blocks.
 */
public final class CodeFetcher {
    /**
     * The limits of fetching.
     *
     * @param atOnce how many digests are fetched at once
     * @param mostWaiting how many more may wait
     * @param largest code that is taken
     * @param idle how long a peer may send nothing
     * @param firstPause after a failure; doubled by each further one
     * @param longestPause that it grows to
     */
    public record Settings(
            int atOnce,
            int mostWaiting,
            ByteSize largest,
            Duration idle,
            Duration firstPause,
            Duration longestPause) {
        /** 4 at once, 256 waiting, 32 MiB, 5 s, 250 ms to 30 s. */
        public static final Settings DEFAULT =
                new Settings(
                        4,
                        256,
                        ByteSize.ofMiB(32),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(30));
    }

    private final Map<CodeDigest, CompletableFuture<Void>> underWay = new HashMap<>();
    private final CodeStore codes;
    private final Permits permits;
    private final CodeSource source;
    private final Pauses pauses;

    /**
     * Fetches into this store.
     *
     * @param disk where digests are computed and files written: never an event loop
     */
    public CodeFetcher(
            InternalClient client,
            CodeStore codes,
            Executor disk,
            Settings settings,
            LongSupplier nanoClock) {
        this.codes = codes;
        this.permits = new Permits(settings.atOnce(), settings.mostWaiting());
        this.source = new CodeSource(client, codes, disk, settings);
        this.pauses = new Pauses(settings.firstPause(), settings.longestPause(), nanoClock);
    }

    /**
     * Completes when the code is in the store: at once if it is there already. Fails with a {@link
     * ReplicationException}: {@code CODE_ABSENT} when no peer has it, {@code BACKING_OFF} when that
     * was so a moment ago, {@code QUEUE_FULL}, or what the last peer's failure was.
     *
     * @param peers in the order in which they are to be asked; those of the first who asks count
     */
    public CompletableFuture<Void> fetch(CodeDigest digest, List<Peer> peers) {
        if (codes.holds(digest)) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> fetched = new CompletableFuture<>();
        Optional<ReplicationException> refusal;
        synchronized (underWay) {
            CompletableFuture<Void> already = underWay.get(digest);
            if (already != null) {
                return already.copy();
            }
            refusal = pauses.refusal(digest);
            if (refusal.isEmpty()) {
                underWay.put(digest, fetched);
            }
        }
        refusal.ifPresentOrElse(
                fetched::completeExceptionally, () -> queue(digest, List.copyOf(peers), fetched));
        return fetched.copy();
    }

    /** How many digests are being fetched or wait for it. */
    public int underWay() {
        synchronized (underWay) {
            return underWay.size();
        }
    }

    private void queue(CodeDigest digest, List<Peer> peers, CompletableFuture<Void> fetched) {
        Optional<CompletionStage<Permits.Permit>> place = permits.acquire();
        if (place.isEmpty()) {
            end(digest, fetched, queueFull(digest));
            return;
        }
        place.get()
                .thenCompose(
                        permit ->
                                source.fetch(digest, peers)
                                        .whenComplete((done, failure) -> permit.release()))
                .whenComplete((done, failure) -> end(digest, fetched, failure));
    }

    private void end(CodeDigest digest, CompletableFuture<Void> fetched, Throwable failure) {
        synchronized (underWay) {
            underWay.remove(digest);
            if (failure == null) {
                pauses.succeeded(digest);
            } else {
                pauses.failed(digest);
            }
        }
        if (failure == null) {
            fetched.complete(null);
        } else {
            fetched.completeExceptionally(Causes.unwrap(failure));
        }
    }

    private static ReplicationException queueFull(CodeDigest digest) {
        return new ReplicationException(
                Code.QUEUE_FULL, "code %s: too much waits already".formatted(digest.brief()));
    }
}
