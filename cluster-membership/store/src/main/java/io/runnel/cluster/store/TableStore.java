package io.runnel.cluster.store;

import io.runnel.cluster.store.StoreException.Code;
import io.runnel.exec.durable.EventStore;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.RecordSeals;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A region's store in the tables of a database, whichever engine it is.
 *
 * <p>Listeners are told what the tables say, not what a caller wrote: so they hear of this
 * process's writes and of other processes' in one way, in the order of the log. Each write reads
 * what is new in its own transaction and tells it once that is done. Other processes' writes show
 * at the next call that looks at the feed, or when {@link #lookAround} is called.
 */
final class TableStore implements RegionStore {
    private static final String LOG_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LOG_LENGTH = 16;

    private final String name;
    private final RegionId origin;
    private final String log;
    private final InstantSource clock;
    private final Database database;
    private final FeedTables feed;
    private final OwnLog own;
    private final LogTables logs;
    private final AnswerTable answers;
    private final LeaseTable leases;
    private final AuditTable audit;
    private final Optional<String> node;
    private final AuthorityTable authorities;
    private final RecordSeals seals;
    private final StoreCheck check;
    private final SoundFeed sound;
    private final StoreThread thread;
    private final UsageLedger usage;
    private final EventStore events;

    /**
     * Takes over a database that has its tables.
     *
     * @param seals sign what is written, and check what is read
     * @param node who writes; nobody else may where writers were named
     * @param last what is done on the store's thread at the end; it closes the database
     * @throws StoreException if it is another region's
     */
    TableStore(
            Database database,
            RegionId origin,
            RecordSeals seals,
            Optional<String> node,
            Retention retention,
            InstantSource clock,
            RandomGenerator random,
            Runnable last) {
        this.name = database.engine().name();
        this.origin = origin;
        this.clock = clock;
        this.database = database;
        this.feed = new FeedTables(database, origin, database.engine().schemaVersion());
        this.own = new OwnLog(database, feed, origin, seals);
        this.logs = new LogTables(database, retention);
        this.answers = new AnswerTable(database, retention);
        this.leases = new LeaseTable(database);
        this.audit = new AuditTable(database);
        this.node = node;
        this.log = database.transaction(() -> begun(random));
        this.seals = seals;
        this.authorities = new AuthorityTable(database);
        this.check = new StoreCheck(name, seals, authorities::all);
        this.sound = new SoundFeed(database, feed, origin, check);
        this.thread = new StoreThread("store-" + origin, last);
        this.usage = new TableLedger(thread, database, UsageRetention.DEFAULT);
        this.events = new TableEvents(thread, database);
    }

    /** The own log's name; of a new store, after it was given one. */
    private String begun(RandomGenerator random) {
        Optional<String> owner = fact("origin");
        if (owner.isPresent() && !owner.get().equals(origin.value())) {
            throw new StoreException(
                    Code.NOT_THIS_STORE,
                    "%s: is the store of region %s, not of %s"
                            .formatted(name, owner.get(), origin));
        }
        return fact("log").orElseGet(() -> begin(random));
    }

    private Optional<String> fact(String name) {
        return database.first(
                row -> row.getString(1), "SELECT value FROM store_fact WHERE name = ?", name);
    }

    private String begin(RandomGenerator random) {
        StringBuilder name = new StringBuilder(LOG_LENGTH);
        for (int i = 0; i < LOG_LENGTH; i++) {
            name.append(LOG_DIGITS.charAt(random.nextInt(LOG_DIGITS.length())));
        }
        String sql = "INSERT INTO store_fact (name, value) VALUES (?, ?)";
        database.update(sql, "origin", origin.value());
        database.update(sql, "log", name.toString());
        own.begin(name.toString());
        return name.toString();
    }

    @Override
    public RegionId origin() {
        return origin;
    }

    @Override
    public String log() {
        return log;
    }

    @Override
    public CompletableFuture<Void> listen(StoreListener listener) {
        return thread.submit(
                MOST_PENDING,
                () -> {
                    seals.learn(authorities.all());
                    sound.listen(listener);
                    return null;
                });
    }

    /** Tells of what other processes wrote, if that was not asked for already. */
    void lookAround() {
        thread.submitAside(() -> sound.reading(() -> null));
    }

    private <T> CompletableFuture<T> reading(Supplier<T> work) {
        return thread.submit(MOST_PENDING, work::get);
    }

    /** Reads what other processes may have written to: it is told before it is read. */
    private <T> CompletableFuture<T> readingFeed(Supplier<T> work) {
        return thread.submit(MOST_PENDING, () -> sound.reading(work));
    }

    private <T> CompletableFuture<T> writingFeed(Supplier<T> work) {
        return thread.submit(MOST_PENDING, () -> sound.writing(work));
    }

    private CompletableFuture<Void> writingFeed(Runnable work) {
        return writingFeed(
                () -> {
                    work.run();
                    return null;
                });
    }

    private CompletableFuture<Void> writing(int mostPending, Runnable work) {
        return thread.submit(
                mostPending,
                () ->
                        database.transaction(
                                () -> {
                                    work.run();
                                    return null;
                                }));
    }

    private <T> CompletableFuture<T> deciding(Supplier<T> work) {
        return thread.submit(MOST_PENDING, () -> database.transaction(work));
    }

    private CompletableFuture<Void> writing(Runnable work) {
        return writing(MOST_PENDING, work);
    }

    @Override
    public CompletableFuture<FeedPositions> positions() {
        return readingFeed(feed::positions);
    }

    @Override
    public CompletableFuture<List<FeedRecord>> append(
            List<Draft> drafts,
            List<Precondition> preconditions,
            Optional<Function<List<FeedRecord>, GivenAnswer>> answer) {
        requireAtMost("drafts", drafts.size(), MOST_RECORDS);
        List<Draft> wanted = List.copyOf(drafts);
        return writingFeed(
                () -> {
                    node.ifPresent(leases::require);
                    preconditions.forEach(own::require);
                    List<FeedRecord> written = List.copyOf(appended(wanted));
                    answer.ifPresent(a -> answers.remember(a.apply(written), clock.instant()));
                    return written;
                });
    }

    private List<FeedRecord> appended(List<Draft> drafts) {
        // Nothing is built on what this process does not stand by.
        sound.requireOwn();
        try {
            return own.append(drafts, clock.instant());
        } catch (CatalogException e) {
            if (e.code() == CatalogException.Code.UNSIGNABLE) {
                throw new StoreException(Code.UNSIGNABLE, name + ": " + e.getMessage(), e);
            }
            throw check.damaged(e);
        }
    }

    @Override
    public CompletableFuture<Long> sealOld() {
        return deciding(
                () -> check.sound(() -> own.hasUnsealed() ? own.sealOld(clock.instant()) : 0L));
    }

    @Override
    public CompletableFuture<Void> keepAuthorities(List<String> certificates) {
        List<String> wanted = List.copyOf(certificates);
        return writing(() -> authorities.keep(wanted));
    }

    @Override
    public CompletableFuture<List<String>> authorities() {
        return reading(authorities::all);
    }

    @Override
    public long unsound() {
        return check.found();
    }

    @Override
    public CompletableFuture<Optional<Lease>> lease(String name) {
        return reading(() -> leases.find(name));
    }

    @Override
    public CompletableFuture<Lease> take(
            String name, String holder, Duration life, Optional<Lease> seen) {
        return deciding(() -> leases.take(name, holder, clock.instant().plus(life), seen));
    }

    @Override
    public CompletableFuture<Writers> writers() {
        return reading(leases::writers);
    }

    @Override
    public CompletableFuture<Writers> admit(long epoch, Set<String> nodes) {
        Set<String> wanted = Set.copyOf(nodes);
        return deciding(() -> leases.admit(epoch, wanted));
    }

    @Override
    public CompletableFuture<Void> copy(List<FeedRecord> records) {
        requireAtMost("records", records.size(), MOST_RECORDS);
        List<FeedRecord> wanted = List.copyOf(records);
        return writingFeed(() -> feed.copy(sound.byOthers().without(wanted)));
    }

    @Override
    public CompletableFuture<Void> replace(RegionId origin, List<FeedRecord> snapshot) {
        List<FeedRecord> wanted = List.copyOf(snapshot);
        return writingFeed(
                () -> {
                    if (!sound.byOthers().reaches(origin, wanted)) {
                        feed.replace(origin, wanted);
                    }
                });
    }

    @Override
    public CompletableFuture<List<FeedRecord>> read(
            RegionId origin, String log, long afterSeq, int limit) {
        requireAtMost("limit", limit, MOST_RECORDS);
        return readingFeed(() -> sound.read(origin, log, afterSeq, limit));
    }

    @Override
    public CompletableFuture<List<FeedRecord>> snapshot(RegionId origin) {
        return readingFeed(() -> sound.snapshot(origin));
    }

    @Override
    public CompletableFuture<Catalog> loadCatalog() {
        return readingFeed(sound::catalog);
    }

    @Override
    public CompletableFuture<Void> appendLogs(
            List<TaskLogLine> lines, List<DroppedLines> droppedLines) {
        requireAtMost("lines", lines.size(), MOST_LINES);
        requireAtMost("tasks with dropped lines", droppedLines.size(), MOST_LINES);
        List<TaskLogLine> wanted = List.copyOf(lines);
        List<DroppedLines> dropped = List.copyOf(droppedLines);
        return writing(MOST_PENDING / 2, () -> logs.append(wanted, dropped, clock.instant()));
    }

    @Override
    public CompletableFuture<LogPage> readLogs(TaskRef task, long afterId, int limit) {
        requireAtMost("limit", limit, MOST_LINES);
        return reading(() -> logs.after(task, afterId, limit, clock.instant()));
    }

    @Override
    public CompletableFuture<LogPage> lastLogs(TaskRef task, int limit) {
        requireAtMost("limit", limit, MOST_LINES);
        return reading(() -> logs.last(task, limit, clock.instant()));
    }

    @Override
    public CompletableFuture<Void> putSecret(String keyId, byte[] sealed) {
        byte[] copy = sealed.clone();
        return writing(
                () ->
                        database.update(
                                "INSERT INTO key_secret (key_id, sealed) VALUES (?, ?) ON CONFLICT"
                                        + " (key_id) DO UPDATE SET sealed = excluded.sealed",
                                keyId,
                                copy));
    }

    @Override
    public CompletableFuture<Optional<byte[]>> secret(String keyId) {
        return reading(
                () ->
                        database.first(
                                row -> row.getBytes(1),
                                "SELECT sealed FROM key_secret WHERE key_id = ?",
                                keyId));
    }

    @Override
    public CompletableFuture<Void> deleteSecret(String keyId) {
        return writing(
                () -> {
                    database.update("DELETE FROM key_use WHERE key_id = ?", keyId);
                    database.update("DELETE FROM key_secret WHERE key_id = ?", keyId);
                });
    }

    @Override
    public CompletableFuture<Void> remember(GivenAnswer answer) {
        return writing(() -> answers.remember(answer, clock.instant()));
    }

    @Override
    public CompletableFuture<Optional<GivenAnswer>> recall(String account, String requestKey) {
        return reading(() -> answers.recall(account, requestKey, clock.instant()));
    }

    @Override
    public CompletableFuture<Void> appendAudit(long seq, String entry) {
        requireAtMost("characters", entry.length(), MOST_ENTRY);
        return writing(() -> audit.append(seq, entry));
    }

    @Override
    public CompletableFuture<List<String>> readAudit(long afterSeq, int limit) {
        requireAtMost("limit", limit, MOST_ENTRIES);
        return reading(() -> audit.read(afterSeq, limit));
    }

    @Override
    public UsageLedger usage() {
        return usage;
    }

    @Override
    public EventStore events() {
        return events;
    }

    static void requireAtMost(String what, int count, int most) {
        if (count < 0 || count > most) {
            throw new IllegalArgumentException(
                    "%s must be 0 to %d: %d".formatted(what, most, count));
        }
    }

    @Override
    public void close() {
        thread.close();
    }
}
