package io.runnel.cluster.store;

import io.runnel.cluster.store.StoreException.Code;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A region's store in one SQLite file on this machine: write-ahead log, synced at each commit. One
 * process at a time.
 */
public final class SqliteStore implements RegionStore {
    private static final System.Logger LOGGER = System.getLogger(SqliteStore.class.getName());
    private static final String LOG_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LOG_LENGTH = 16;
    private static final int PAGE_BYTES = 4096;
    private static final int BUSY_MILLIS = 5000;

    private final Path file;
    private final RegionId origin;
    private final String log;
    private final InstantSource clock;
    private final Database database;
    private final FeedTables feed;
    private final LogTables logs;
    private final AnswerTable answers;
    private final List<StoreListener> listeners = new CopyOnWriteArrayList<>();
    private final StoreThread thread;

    private SqliteStore(
            StoreSettings settings,
            Database database,
            StoreLock lock,
            InstantSource clock,
            RandomGenerator random) {
        this.file = settings.file();
        this.origin = settings.origin();
        this.clock = clock;
        this.database = database;
        this.feed = new FeedTables(database, origin);
        this.logs = new LogTables(database, settings);
        this.answers = new AnswerTable(database, settings);
        this.log = database.transaction(() -> begun(random));
        this.thread = new StoreThread("store-" + origin, () -> closeAll(database, lock));
    }

    /**
     * Opens the store, and makes or migrates it first if need be. Blocks; for the node's start.
     *
     * @param clock what records and log lines are dated by
     * @param random names a new log: secure
     * @throws StoreException if it cannot be opened; then the file is as it was
     */
    public static SqliteStore open(
            StoreSettings settings, InstantSource clock, RandomGenerator random) {
        makeFolder(settings.file());
        StoreLock lock = StoreLock.take(settings.file());
        try {
            SqliteSchema.prepare(settings.file());
            Database database = Database.open(settings.file());
            try {
                setUp(database, settings);
                return new SqliteStore(settings, database, lock, clock, random);
            } catch (RuntimeException | Error e) {
                database.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    private static void makeFolder(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new StoreException(
                    Code.FAILED, file.getParent() + ": cannot be made: " + e.getMessage(), e);
        }
    }

    static void setUp(Database database, StoreSettings settings) {
        database.execute("PRAGMA busy_timeout = " + BUSY_MILLIS);
        database.execute("PRAGMA journal_mode = WAL");
        // FULL, not NORMAL: a commit must survive a disk that forgets what was not synced.
        database.execute("PRAGMA synchronous = FULL");
        database.execute("PRAGMA max_page_count = " + settings.mostSize().bytes() / PAGE_BYTES);
    }

    /** The own log's name; of a new store, after it was given one. */
    private String begun(RandomGenerator random) {
        Optional<String> owner = fact("origin");
        if (owner.isPresent() && !owner.get().equals(origin.value())) {
            throw new StoreException(
                    Code.NOT_THIS_STORE,
                    "%s: is the store of region %s, not of %s"
                            .formatted(file, owner.get(), origin));
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
        feed.begin(name.toString());
        return name.toString();
    }

    private static void closeAll(Database database, StoreLock lock) {
        try (lock;
                database) {
            // Both are closed, the lock last, whatever the other says.
        }
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
    public void listen(StoreListener listener) {
        listeners.add(listener);
    }

    private <T> CompletableFuture<T> reading(Supplier<T> work) {
        return thread.submit(MOST_PENDING, work::get);
    }

    private <T> CompletableFuture<T> writing(
            int mostPending, Supplier<T> work, Consumer<T> thenTell) {
        return thread.submit(
                mostPending,
                () -> {
                    T result = database.transaction(work);
                    thenTell.accept(result);
                    return result;
                });
    }

    private CompletableFuture<Void> writing(int mostPending, Runnable work, Runnable thenTell) {
        Supplier<Void> step =
                () -> {
                    work.run();
                    return null;
                };
        return writing(mostPending, step, nothing -> thenTell.run());
    }

    private CompletableFuture<Void> writing(Runnable work) {
        return writing(MOST_PENDING, work, () -> {});
    }

    /** What is on disk stays so, whatever a listener makes of it. */
    private void tell(Consumer<StoreListener> what) {
        for (StoreListener listener : listeners) {
            try {
                what.accept(listener);
            } catch (RuntimeException e) {
                LOGGER.log(System.Logger.Level.ERROR, "a listener of the store failed", e);
            }
        }
    }

    @Override
    public CompletableFuture<FeedPositions> positions() {
        return reading(feed::positions);
    }

    @Override
    public CompletableFuture<List<FeedRecord>> append(
            List<Draft> drafts,
            List<Precondition> preconditions,
            Optional<Function<List<FeedRecord>, GivenAnswer>> answer) {
        requireAtMost("drafts", drafts.size(), MOST_RECORDS);
        List<Draft> wanted = List.copyOf(drafts);
        return writing(
                MOST_PENDING,
                () -> {
                    preconditions.forEach(feed::require);
                    List<FeedRecord> written = List.copyOf(feed.append(wanted, clock.instant()));
                    answer.ifPresent(a -> answers.remember(a.apply(written), clock.instant()));
                    return written;
                },
                written -> tell(listener -> listener.added(written)));
    }

    @Override
    public CompletableFuture<Void> copy(List<FeedRecord> records) {
        requireAtMost("records", records.size(), MOST_RECORDS);
        List<FeedRecord> wanted = List.copyOf(records);
        return writing(
                MOST_PENDING,
                () -> feed.copy(wanted),
                () -> tell(listener -> listener.added(wanted)));
    }

    @Override
    public CompletableFuture<Void> replace(RegionId origin, List<FeedRecord> snapshot) {
        List<FeedRecord> wanted = List.copyOf(snapshot);
        return writing(
                MOST_PENDING,
                () -> feed.replace(origin, wanted),
                () -> tell(listener -> listener.replaced(origin, wanted)));
    }

    @Override
    public CompletableFuture<List<FeedRecord>> read(
            RegionId origin, String log, long afterSeq, int limit) {
        requireAtMost("limit", limit, MOST_RECORDS);
        return reading(() -> feed.read(origin, log, afterSeq, limit));
    }

    @Override
    public CompletableFuture<List<FeedRecord>> snapshot(RegionId origin) {
        return reading(() -> feed.snapshot(origin));
    }

    @Override
    public CompletableFuture<Catalog> loadCatalog() {
        return reading(this::catalog);
    }

    private Catalog catalog() {
        try {
            return feed.catalog();
        } catch (CatalogException e) {
            throw StoreException.damaged("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    @Override
    public CompletableFuture<Void> appendLogs(
            List<TaskLogLine> lines, List<DroppedLines> droppedLines) {
        requireAtMost("lines", lines.size(), MOST_LINES);
        requireAtMost("tasks with dropped lines", droppedLines.size(), MOST_LINES);
        List<TaskLogLine> wanted = List.copyOf(lines);
        List<DroppedLines> dropped = List.copyOf(droppedLines);
        return writing(
                MOST_PENDING / 2, () -> logs.append(wanted, dropped, clock.instant()), () -> {});
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
                                "INSERT OR REPLACE INTO key_secret (key_id, sealed) VALUES (?, ?)",
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
        return writing(() -> database.update("DELETE FROM key_secret WHERE key_id = ?", keyId));
    }

    @Override
    public CompletableFuture<Void> remember(GivenAnswer answer) {
        return writing(() -> answers.remember(answer, clock.instant()));
    }

    @Override
    public CompletableFuture<Optional<GivenAnswer>> recall(String account, String requestKey) {
        return reading(() -> answers.recall(account, requestKey, clock.instant()));
    }

    private static void requireAtMost(String what, int count, int most) {
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
