package io.runnel.cluster.store;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL server for tests: Debian's {@code postgresql}, with a folder and a port of its own,
 * on loopback, users proved by password. It ends with this process, in whatever way that ends.
 */
public final class PostgresServer implements AutoCloseable {
    /** Its administrator. */
    public static final String USER = "runnel";

    /** That user's password. */
    public static final String PASSWORD = "correct horse battery staple";

    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
    private static final String AS_OTHER = "postgres";
    private static final int TRIES = 5;

    private final Path bin;
    private final Path folder;
    private int port;
    private Process process;

    private PostgresServer(Path bin, Path folder) {
        this.bin = bin;
        this.folder = folder;
    }

    /** Where the newest one's programs are. */
    public static Optional<Path> installed() {
        if (!Files.isDirectory(INSTALLED)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(INSTALLED)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(programs -> Files.isExecutable(programs.resolve("initdb")))
                    .max(Comparator.comparing(programs -> version(programs.getParent())));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static int version(Path folder) {
        return Integer.parseInt(folder.getFileName().toString().replaceAll("\\..*", ""));
    }

    /**
     * Makes a server and starts it.
     *
     * @throws IllegalStateException if it does not start
     */
    public static PostgresServer start() throws IOException {
        Path bin = installed().orElseThrow(() -> new IllegalStateException("no PostgreSQL here"));
        PostgresServer server = new PostgresServer(bin, Files.createTempDirectory("runnel-pg"));
        try {
            server.make();
            server.startAgain();
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Starts one; where none is installed the test is skipped, or fails if nothing may be. */
    public static PostgresServer startOrSkip() throws IOException {
        if (installed().isEmpty()) {
            String hint = "no PostgreSQL here: apt-get install -y postgresql";
            if ("1".equals(System.getenv("RUNNEL_STRICT"))) {
                fail(hint);
            }
            System.out.println("SKIPPED " + hint);
            abort(hint);
        }
        return start();
    }

    /**
     * Makes a database.
     *
     * @param folder gets the file with the password
     * @return its address, as it stands in a topology
     */
    public String newDatabase(String name, Path folder) throws IOException {
        sql("postgres", "CREATE DATABASE " + name);
        Path password = Files.writeString(folder.resolve(name + ".password"), PASSWORD);
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        return url(name, password);
    }

    private void make() throws IOException {
        Path password = folder.resolve("password");
        Files.writeString(password, PASSWORD + "\n");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        if (isRoot()) {
            run(List.of("chown", "-R", AS_OTHER, folder.toString()));
        }
        run(
                asUser(
                        "initdb",
                        "--pgdata=" + data(),
                        "--username=" + USER,
                        "--pwfile=" + password,
                        "--auth=scram-sha-256",
                        "--no-sync",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--no-instructions"));
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private Path data() {
        return folder.resolve("data");
    }

    /** The server refuses to run as root. */
    private List<String> asUser(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(
                    List.of(
                            "setpriv",
                            "--reuid=" + AS_OTHER,
                            "--regid=" + AS_OTHER,
                            "--clear-groups",
                            "--"));
        }
        command.add(bin.resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private void run(List<String> command) throws IOException {
        Process ran =
                new ProcessBuilder(command)
                        .directory(new File("/"))
                        .redirectErrorStream(true)
                        .start();
        String said = new String(ran.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (waitFor(ran) != 0) {
            throw new IllegalStateException(command + " failed: " + said);
        }
    }

    private static int waitFor(Process process) {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return -1;
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts it, on the same port as before if it ran before. */
    public void startAgain() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            int candidate = port == 0 ? freePort() : port;
            process = server(candidate);
            if (isReady(candidate)) {
                port = candidate;
                return;
            }
            stop();
        }
        throw new IllegalStateException("no server: " + Files.readString(log()));
    }

    private Path log() {
        return folder.resolve("log");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The shell ends the server when this process's pipe to it breaks. */
    private Process server(int at) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "sh",
                                "-c",
                                "\"$@\" </dev/null & server=$!; cat >/dev/null;"
                                        + " kill -QUIT $server; wait $server",
                                "sh"));
        command.addAll(
                asUser(
                        "postgres",
                        "-D",
                        data().toString(),
                        "-p",
                        Integer.toString(at),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        // Tests end processes, not machines; syncing a whole folder takes long.
                        "-c",
                        "fsync=off"));
        return new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    private boolean isReady(int at) throws IOException {
        ProcessBuilder asking =
                new ProcessBuilder(
                        bin.resolve("pg_isready").toString(),
                        "-q",
                        "-h",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(at));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < deadline && process.isAlive()) {
            if (waitFor(asking.start()) == 0) {
                return true;
            }
        }
        return false;
    }

    /** Ends the server at once, as when its machine fails. */
    public void stop() {
        try (OutputStream pipe = process.getOutputStream()) {
            pipe.flush();
        } catch (IOException e) {
            // It has ended.
        }
        waitFor(process);
    }

    /** Where it listens on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** What to write into a topology to use this database. */
    public String url(String database, Path passwordFile) {
        return "postgresql://%s@127.0.0.1:%d/%s?passwordFile=%s"
                .formatted(USER, port, database, passwordFile);
    }

    /** Runs statements, each on its own, and gives what {@code psql} prints of the rows. */
    public String sql(String database, String... statements) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                bin.resolve("psql").toString(),
                                "-qAtX",
                                "-v",
                                "ON_ERROR_STOP=1",
                                "-h",
                                "127.0.0.1",
                                "-p",
                                Integer.toString(port),
                                "-U",
                                USER,
                                "-d",
                                database));
        for (String statement : statements) {
            command.add("-c");
            command.add(statement);
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PGPASSWORD", PASSWORD);
        Process ran = builder.start();
        String said = new String(ran.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (waitFor(ran) != 0) {
            throw new IllegalStateException(said);
        }
        return said.strip();
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            stop();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
