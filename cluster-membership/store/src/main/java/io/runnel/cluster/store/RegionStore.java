package io.runnel.cluster.store;

import io.runnel.exec.durable.EventStore;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The durable store of one region: its own log, which it alone writes, and copies of the other
 * origins' logs. Where the engine allows it several nodes of the region have it open, and each is
 * told of the others' writes. The rules that every engine keeps:
 *
 * <ol>
 *   <li>A method may be called on any thread, returns at once, and its future completes on the
 *       store's own thread. What depends on it and takes long, or waits, must hop elsewhere.
 *   <li>Calls take effect in the order in which they were made.
 *   <li>When a future of a write completes, what it wrote is on disk: it survives the end of every
 *       process and the loss of power.
 *   <li>A write is done whole or not at all. A future that fails by {@link
 *       StoreException.Code#FAILED} leaves open which; any other failure means not at all.
 *   <li>The own log has no gaps: each record's number is one more than the one before it and its
 *       {@code prev} is that one's hash, from the first record on.
 *   <li>Copies are kept byte for byte, whatever their kind.
 *   <li>What is read of any log is checked first: that its origin signed it. What is not so is told
 *       nobody. Of another origin it is forgotten, to be copied anew; where the own log is not what
 *       this region signed, {@link #listen} and {@link #append} fail by {@link
 *       StoreException.Code#DAMAGED}.
 *   <li>At most {@link #MOST_PENDING} calls wait; past that they fail by {@link
 *       StoreException.Code#OVERLOADED}. Task logs may take half of that, and so may usage.
 *   <li>After {@link #close}, which waits for the calls before it, every call fails by {@link
 *       StoreException.Code#CLOSED}.
 * </ol>
 */
public interface RegionStore extends AutoCloseable {
    /** The most calls that wait. */
    int MOST_PENDING = 1024;

    /** The most records in one {@link #append}, {@link #copy} or {@link #read}. */
    int MOST_RECORDS = 4096;

    /** The most entries in one {@link #readAudit}. */
    int MOST_ENTRIES = 512;

    /** The most characters in an entry of the audit log. */
    int MOST_ENTRY = 4096;

    /** The most lines in one {@link #appendLogs} or {@link #readLogs}. */
    int MOST_LINES = 4096;

    /** The region whose store it is. */
    RegionId origin();

    /** The random name of its own log, given when the store was made. */
    String log();

    /**
     * Tells this listener what the catalog is, and from then on of each write, in whichever process
     * it was. Done when it was told the catalog.
     */
    CompletableFuture<Void> listen(StoreListener listener);

    /** How far each origin's log is here, the own one included. */
    CompletableFuture<FeedPositions> positions();

    /**
     * Signs the records of the own log that an older version wrote, which signed none. To be called
     * before {@link #listen}, and for a log at most once: what has no signature later on, somebody
     * else wrote.
     *
     * <p>Fails by {@link StoreException.Code#DAMAGED} if the log is not whole.
     *
     * @return how many were signed
     */
    CompletableFuture<Long> sealOld();

    /**
     * Keeps certificates of authorities that signed records, as PEM, at most {@link
     * io.runnel.routing.catalog.RecordSeals#MOST_AUTHORITIES}; to be called before records that
     * need them are copied.
     */
    CompletableFuture<Void> keepAuthorities(List<String> certificates);

    /** Those that are kept. */
    CompletableFuture<List<String>> authorities();

    /** How often something was read that its origin did not write. */
    long unsound();

    /**
     * Writes records to the end of the own log, all or none, signed.
     *
     * <p>Fails by {@link StoreException.Code#CONFLICT} if a precondition does not hold, or the
     * answer's request key was used before, and by {@link StoreException.Code#MALFORMED} if a
     * record is none that feeds take ({@link io.runnel.routing.catalog.RecordShape}).
     *
     * @param answer what to remember in the same step, made of the records as they were written;
     *     called on the store's thread
     */
    CompletableFuture<List<FeedRecord>> append(
            List<Draft> drafts,
            List<Precondition> preconditions,
            Optional<Function<List<FeedRecord>, GivenAnswer>> answer);

    /** Writes records to the end of the own log, all or none, with nothing to remember. */
    default CompletableFuture<List<FeedRecord>> append(
            List<Draft> drafts, List<Precondition> preconditions) {
        return append(drafts, preconditions, Optional.empty());
    }

    /** A lease as it is now; empty if nobody ever took it. */
    CompletableFuture<Optional<Lease>> lease(String name);

    /**
     * Takes a lease, or goes on with it, if nobody has done so since it was seen. Completes with
     * the lease as it is then, whoever has it. When one that is another's may be taken is for the
     * caller to know: clocks of nodes decide nothing here.
     *
     * @param life how long the holder means it to hold
     * @param seen as {@link #lease} or this told it
     */
    CompletableFuture<Lease> take(String name, String holder, Duration life, Optional<Lease> seen);

    /** Which nodes may write to the own log. */
    CompletableFuture<Writers> writers();

    /**
     * Says which nodes may write to the own log from the next epoch on; an {@link #append} by
     * another fails by {@link StoreException.Code#FENCED}, for a store that was opened for a node.
     *
     * <p>Fails by {@link StoreException.Code#CONFLICT} if the epoch is not {@code epoch} any more.
     */
    CompletableFuture<Writers> admit(long epoch, Set<String> nodes);

    /**
     * Keeps other origins' records, each the next of its log, verbatim, all or none.
     *
     * <p>Fails by a {@link io.runnel.routing.catalog.CatalogException} if any does not follow, is
     * not true, or is of the own origin.
     */
    CompletableFuture<Void> copy(List<FeedRecord> records);

    /**
     * Keeps a snapshot in place of all that is here of another origin; an empty one forgets it.
     *
     * <p>Fails as {@link #copy}.
     */
    CompletableFuture<Void> replace(RegionId origin, List<FeedRecord> snapshot);

    /**
     * The records that follow {@code afterSeq} in a log, oldest first; empty at its end.
     *
     * <p>Fails by {@link StoreException.Code#SNAPSHOT_NEEDED} if the log is not known here, ends
     * before {@code afterSeq}, or is not here without gaps from there.
     */
    CompletableFuture<List<FeedRecord>> read(RegionId origin, String log, long afterSeq, int limit);

    /** The last record of each key of an origin, deletions too, in the order of the log. */
    CompletableFuture<List<FeedRecord>> snapshot(RegionId origin);

    /** The catalog that all records here make. */
    CompletableFuture<Catalog> loadCatalog();

    /**
     * Keeps lines of tasks' logs, for seven days or until later ones need the room.
     *
     * @param droppedLines how many lines of which tasks never came here: counted
     */
    CompletableFuture<Void> appendLogs(List<TaskLogLine> lines, List<DroppedLines> droppedLines);

    /** Keeps lines of tasks' logs, none of which was dropped on the way. */
    default CompletableFuture<Void> appendLogs(List<TaskLogLine> lines) {
        return appendLogs(lines, List.of());
    }

    /** A task's lines with ids above {@code afterId}, oldest first. */
    CompletableFuture<LogPage> readLogs(TaskRef task, long afterId, int limit);

    /** A task's last {@code limit} lines, oldest first. */
    CompletableFuture<LogPage> lastLogs(TaskRef task, int limit);

    /** Keeps a secret that was sealed by the caller, in place of an earlier one. */
    CompletableFuture<Void> putSecret(String keyId, byte[] sealed);

    /** A sealed secret. */
    CompletableFuture<Optional<byte[]>> secret(String keyId);

    /** Forgets a secret; nothing if there is none. */
    CompletableFuture<Void> deleteSecret(String keyId);

    /**
     * Keeps an answer for a day.
     *
     * <p>Fails by {@link StoreException.Code#CONFLICT} if there is one under this key.
     */
    CompletableFuture<Void> remember(GivenAnswer answer);

    /** The answer that was kept under this key. */
    CompletableFuture<Optional<GivenAnswer>> recall(String account, String requestKey);

    /**
     * Writes the next entry to the audit log, which nothing ever changes or deletes.
     *
     * <p>Fails by {@link StoreException.Code#CONFLICT} if the log does not end before {@code seq}.
     *
     * @param seq 1 for the first
     * @param entry one line of at most {@link #MOST_ENTRY} characters
     */
    CompletableFuture<Void> appendAudit(long seq, String entry);

    /** The entries of the audit log that follow {@code afterSeq}, oldest first. */
    CompletableFuture<List<String>> readAudit(long afterSeq, int limit);

    /** What nodes say that calls took, under the rules of this store. */
    UsageLedger usage();

    /** Calls that run later, under the rules of this store; accepting them may take half of it. */
    EventStore events();

    /** Waits for the calls before it and closes; again: nothing. */
    @Override
    void close();
}
