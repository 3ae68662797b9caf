package io.runnel.cluster.store;

import io.runnel.cluster.store.StoreException.Code;

import org.postgresql.ds.PGSimpleDataSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * A PostgreSQL server that several nodes share.
 *
 * <p>Everything has a limit in time, on both sides: a node that stops in the middle of a
 * transaction would hold up all others for ever, and a server that stops would hold up the node.
 */
final class PostgresEngine implements SqlEngine {
    static final String SCHEMA = "runnel";
    static final String CHANNEL = "runnel_store";

    /**
     * Writers go one by one. Numbers given by a sequence would not be in the order of the commits:
     * a follower that has seen 7 would never see a 6 that is committed later.
     */
    private static final long WRITERS = 0x524e4e4cL;

    private static final int CONNECT_SECONDS = 3;
    private static final int ANSWER_SECONDS = 10;

    /** For who copies: a process that has just begun, for which nobody waits with a call. */
    private static final int PATIENT_SECONDS = 60;

    /** For a node that starts: on a busy machine its first connection takes a while. */
    private static final int START_SECONDS = 15;

    private static final String SESSION =
            "-c statement_timeout=8000 -c lock_timeout=5000"
                    + " -c idle_in_transaction_session_timeout=5000";
    private static final long TRY_AGAIN_NANOS = 500_000_000L;

    /** As which nodes are seen by the server. */
    static final String NODES = "runnel";

    private final PostgresSettings settings;
    private final LongSupplier nanoClock;
    private final String schema;
    private final String as;
    private final int leastSeconds;
    private Optional<SQLException> refusal = Optional.empty();
    private long refusedAt;

    PostgresEngine(PostgresSettings settings, LongSupplier nanoClock) {
        this(settings, nanoClock, SCHEMA, NODES, 0);
    }

    /**
     * Of another schema than nodes use, for who copies.
     *
     * @param as what the server shows of who it is
     */
    PostgresEngine(PostgresSettings settings, LongSupplier nanoClock, String schema, String as) {
        this(settings, nanoClock, schema, as, PATIENT_SECONDS);
    }

    private PostgresEngine(
            PostgresSettings settings,
            LongSupplier nanoClock,
            String schema,
            String as,
            int leastSeconds) {
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.schema = schema;
        this.as = as;
        this.leastSeconds = leastSeconds;
    }

    /** The same for a node that starts. */
    PostgresEngine atStart() {
        return new PostgresEngine(settings, nanoClock, schema, as, START_SECONDS);
    }

    /** Where its tables are. */
    String schema() {
        return schema;
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public int schemaVersion() {
        return PostgresSchema.VERSION;
    }

    /** Calls that wait are not to wait for a server that is not there each in turn. */
    @Override
    public Connection connect() throws SQLException {
        if (refusal.isPresent() && nanoClock.getAsLong() - refusedAt < TRY_AGAIN_NANOS) {
            throw new SQLException(
                    refusal.get().getMessage(), refusal.get().getSQLState(), refusal.get());
        }
        try {
            Connection connection = source().getConnection();
            refusal = Optional.empty();
            return prepared(connection);
        } catch (SQLException e) {
            refusal = Optional.of(e);
            refusedAt = nanoClock.getAsLong();
            throw e;
        }
    }

    /** What was answered is on disk, even where the server's usual is another. */
    private static Connection prepared(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "SELECT set_config('synchronous_commit', 'on', false)"
                            + " WHERE current_setting('synchronous_commit') = 'off'");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** How connections are made. */
    PGSimpleDataSource source() throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {settings.host()});
        source.setPortNumbers(new int[] {settings.port()});
        source.setDatabaseName(settings.database());
        source.setUser(settings.user());
        source.setCurrentSchema(schema);
        source.setApplicationName(as);
        source.setOptions(SESSION);
        source.setConnectTimeout(seconds(CONNECT_SECONDS));
        source.setLoginTimeout(seconds(CONNECT_SECONDS));
        source.setSocketTimeout(seconds(ANSWER_SECONDS));
        source.setTcpKeepAlive(true);
        // Many rows of one statement go in one way there and back.
        source.setReWriteBatchedInserts(true);
        if (settings.passwordFile().isPresent()) {
            source.setPassword(password(settings.passwordFile().get()));
        }
        source.setSslMode(isLoopback(settings.host()) ? "disable" : "verify-full");
        settings.rootCertificate().ifPresent(file -> source.setSslRootCert(file.toString()));
        return source;
    }

    private int seconds(int ofNodes) {
        return Math.max(ofNodes, leastSeconds);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static String password(Path file) throws SQLException {
        try {
            Set<PosixFilePermission> who = Files.getPosixFilePermissions(file);
            boolean others =
                    who.stream()
                            .anyMatch(p -> !p.name().toUpperCase(Locale.ROOT).contains("OWNER"));
            if (others) {
                throw new SQLException(file + " is open to others: chmod 600 it");
            }
            try (Stream<String> lines = Files.lines(file)) {
                return lines.findFirst().orElse("");
            }
        } catch (IOException | UnsupportedOperationException e) {
            throw new SQLException(file + ": the password cannot be read", e);
        }
    }

    @Override
    public String beginWriting() {
        return "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(%d)"
                .formatted(WRITERS);
    }

    @Override
    public Optional<String> beginReading() {
        return Optional.of("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    }

    @Override
    public Optional<String> announce() {
        return Optional.of("SELECT pg_notify('" + CHANNEL + "', '')");
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public boolean isLost(SQLException failure) {
        String state = state(failure);
        return state.startsWith("08") || state.startsWith("57P") || state.equals("25P03");
    }

    private static String state(SQLException failure) {
        return failure.getSQLState() == null ? "" : failure.getSQLState();
    }

    @Override
    public StoreException failure(SQLException failure) {
        String state = state(failure);
        Code code =
                switch (state) {
                    // The disk; no more memory.
                    case "53100", "53200" -> Code.FULL;
                    // Another writer holds on, or as many are connected as may be.
                    case "55P03", "53300" -> Code.OVERLOADED;
                    default -> Code.FAILED;
                };
        return new StoreException(
                code, "%s: %s%s".formatted(name(), oneLine(failure), hint(state)), failure);
    }

    private static String oneLine(SQLException failure) {
        return String.valueOf(failure.getMessage()).replaceAll("\\s+", " ");
    }

    private String hint(String state) {
        return switch (state) {
            case "3D000" ->
                    "; make it: createdb -O %s %s".formatted(settings.user(), settings.database());
            case "28P01", "28000" -> "; PGPASSFILE or passwordFile says how the user is proved";
            case "08001" -> "; is the server up?";
            default -> "";
        };
    }
}
