package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;
import io.runnel.region.server.control.TestClient.Answer;
import io.runnel.routing.catalog.FeedRecord;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Variables that an owner keeps secret. */
final class SecretsIT {
    private static final TaskRef HELLO = TaskRef.of("demo", "hello");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int AT_ONCE = 8;
    private static final String VALUE = "open sesame";
    private static final String SECRETS = ",\"secrets\":{\"TOKEN\":\"%s\"}".formatted(VALUE);

    @TempDir Path folder;
    private TestRegion region;
    private TestClient demo;

    @BeforeEach
    void start() throws IOException {
        region = new TestRegion(folder, TestRegion.WEST);
        demo = region.client(region.demo);
    }

    @AfterEach
    void stop() {
        region.close();
    }

    private Task live() {
        return region.catalog.current().live(HELLO).orElseThrow().task();
    }

    private TaskSecrets read() {
        return region.secrets();
    }

    private static Optional<Map<String, String>> values(TaskSecrets secrets, Task task) {
        return secrets.values(SecretBundle.Key.of(task).orElseThrow()).toCompletableFuture().join();
    }

    /** What the store has them by. */
    private static String kept(Task task) {
        return "secrets " + SecretBundle.Key.of(task).orElseThrow();
    }

    @Test
    void theirNamesAreToldAndTheirValuesAreNot() throws IOException {
        Answer made = demo.deploy("hello", "good one", SECRETS + ",\"env\":{\"A\":\"b\"}");
        assertEquals(201, made.status(), made::toString);
        Answer shown = demo.get("/v1/tasks/hello/versions/1");
        assertEquals("[\"TOKEN\"]", shown.json().path("secrets").toString());
        assertEquals("{\"A\":\"b\"}", shown.json().path("env").toString());
        for (Answer answer :
                List.of(made, shown, demo.get("/v1/tasks/hello"), demo.get("/v1/tasks"))) {
            assertFalse(answer.toString().contains(VALUE), answer::toString);
        }
        for (FeedRecord record : region.store.snapshot(TestRegion.WEST).join()) {
            assertFalse(record.record().contains(VALUE), record::toString);
        }
        assertFalse(live().toString().contains(VALUE));
        noFileHoldsThem();
    }

    private void noFileHoldsThem() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertFalse(Files.readString(file, ISO_8859_1).contains(VALUE), file::toString);
            }
        }
    }

    @Test
    void guestsOfTheVersionGetThem() {
        demo.deploy("hello", "good one", SECRETS);
        Task first = live();
        assertEquals(Set.of("TOKEN"), first.options().secrets().orElseThrow().names());
        TaskSecrets secrets = read();
        assertEquals(Map.of(), secrets.of(first), "nothing was read yet");
        assertTrue(secrets.areHere(first).join());
        assertEquals(Map.of("TOKEN", VALUE), secrets.of(first));
        demo.deploy("hello", "good one", ",\"secrets\":{\"TOKEN\":\"another\"}");
        assertEquals(Optional.of(Map.of("TOKEN", VALUE)), values(secrets, first));
        assertEquals(Optional.of(Map.of("TOKEN", "another")), values(secrets, live()));
        demo.deploy("hello", "good one", "");
        assertEquals(Optional.empty(), live().options().secrets());
        assertTrue(secrets.areHere(live()).join());
        assertEquals(Map.of(), secrets.of(live()));
    }

    @Test
    void whatIsNotHereIsSaidToBeMissing() {
        demo.deploy("hello", "good one", SECRETS);
        Task other =
                live().withOptions(
                                live().options()
                                        .withSecrets(
                                                Optional.of(
                                                        new SecretBundle(
                                                                "0".repeat(32), Set.of("A")))));
        assertFalse(read().areHere(other).join());
        assertEquals(Map.of(), read().of(other));
    }

    /** Sealed for one, they are no other's. */
    @Test
    void whatWasPutInAnothersPlaceIsNotRead() {
        demo.deploy("hello", "good one", SECRETS);
        Task first = live();
        demo.deploy("hello", "good one", ",\"secrets\":{\"TOKEN\":\"another\"}");
        String from = kept(first);
        String to = kept(live());
        region.store.putSecret(to, region.store.secret(from).join().orElseThrow()).join();
        assertEquals(Optional.empty(), values(read(), live()));
        assertFalse(read().areHere(live()).join());
    }

    /** Whoever writes records of one account may write there whatever it has read of another's. */
    @Test
    void aTaskThatNamesAnothersGetsNone() {
        demo.deploy("hello", "good one", SECRETS);
        Task thief =
                new Task(
                        TaskRef.of("demo", "thief"),
                        1,
                        live().runtime(),
                        live().handler(),
                        live().code(),
                        live().limits(),
                        Map.of(),
                        live().options());
        TaskSecrets secrets = read();
        assertTrue(secrets.areHere(live()).join());
        assertFalse(secrets.areHere(thief).join());
        assertEquals(Map.of(), secrets.of(thief));
    }

    @Test
    void theyGoWithTheVersion() {
        demo.deploy("hello", "good one", SECRETS);
        String key = kept(live());
        assertTrue(region.store.secret(key).join().isPresent());
        TaskSecrets secrets = read();
        region.catalog.onChange(secrets::forget);
        assertEquals(204, demo.delete("/v1/tasks/hello").status());
        assertEquals(Optional.empty(), region.store.secret(key).join());
    }

    /** Of many who make the same task at once one does; what the others brought is dropped. */
    @Test
    void whatNoVersionCameToNameIsNotKept() throws Exception {
        demo.putBlob("good one".getBytes(ISO_8859_1));
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService many = Executors.newFixedThreadPool(AT_ONCE)) {
            Callable<Answer> make =
                    () -> demo.deploy("hello", "good one", SECRETS, "If-None-Match", "*");
            for (Future<Answer> one : many.invokeAll(Collections.nCopies(AT_ONCE, make))) {
                statuses.add(one.get().status());
            }
        }
        assertEquals(1, Collections.frequency(statuses, 201), statuses::toString);
        assertEquals(AT_ONCE - 1, Collections.frequency(statuses, 412), statuses::toString);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (keptBundles() != 1) {
            assertTrue(System.nanoTime() < end, () -> "the others are still there");
            Thread.onSpinWait();
        }
        assertTrue(read().areHere(live()).join());
    }

    private int keptBundles() throws SQLException {
        String count = "SELECT count(*) FROM key_secret WHERE key_id LIKE 'secrets %'";
        try (Connection store =
                        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("store.db"));
                Statement asked = store.createStatement();
                ResultSet row = asked.executeQuery(count)) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    @Test
    void mistakesAreToldWithoutTheirValues() {
        for (String wrong :
                List.of(
                        ",\"secrets\":{\"1A\":\"" + VALUE + "\"}",
                        ",\"secrets\":{\"A\":\"" + VALUE + "\\u0000\"}",
                        ",\"secrets\":{\"A\":\"" + VALUE + "\"},\"env\":{\"A\":\"b\"}",
                        ",\"secrets\":{\"A\":\"" + VALUE.repeat(3_000) + "\"}",
                        ",\"secrets\":[\"" + VALUE + "\"]",
                        ",\"secrets\":{\"A\":[\"" + VALUE + "\"]}")) {
            Answer answer = demo.deploy("hello", "good one", wrong);
            assertEquals(400, answer.status(), answer::toString);
            assertTrue(answer.toString().contains("secrets"), answer::toString);
            assertFalse(answer.toString().contains(VALUE), answer::toString);
        }
        String many =
                Stream.iterate(0, i -> i + 1)
                        .limit(SecretBundle.MOST + 1)
                        .map(i -> "\"A%d\":\"b\"".formatted(i))
                        .collect(Collectors.joining(","));
        assertEquals(400, demo.deploy("hello", "good one", ",\"secrets\":{" + many + "}").status());
    }
}
