package io.runnel.cluster.replication;

import static io.runnel.cluster.replication.OriginLog.WEST;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.VersionRecord;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

final class CodeSweepTest {
    private static final TaskRef HELLO = TaskRef.of("demo", "hello");

    @TempDir Path folder;

    private final OriginLog west = new OriginLog(WEST, "A");
    private Catalog catalog = Catalog.EMPTY;
    private Instant now = Instant.now();
    private long nanos = Long.MAX_VALUE - 1;
    private boolean allowed = true;
    private CodeStore codes;
    private CodeSweep sweep;
    private CodeDigest named;
    private CodeDigest orphan;

    @BeforeEach
    void open() throws IOException {
        codes = new CodeStore(folder);
        named = bring("named");
        orphan = bring("orphan");
        west.writeAccount("demo");
        west.writeVersion(
                new VersionRecord(
                        new Task(
                                HELLO,
                                1,
                                RuntimeKind.WASM,
                                HandlerKind.HTTP,
                                named,
                                Limits.DEFAULT,
                                Map.of()),
                        ByteSize.ofKiB(1),
                        List.of(),
                        Instant.EPOCH));
        west.writeTask("hello", 1);
        catalog = Catalog.EMPTY.with(west.records);
        sweep = new CodeSweep(codes, () -> catalog, version -> allowed, () -> now, () -> nanos);
        // Brought long ago, as far as the files say.
        age(named);
        age(orphan);
    }

    private CodeDigest bring(String code) throws IOException {
        return codes.put(code.getBytes(StandardCharsets.UTF_8));
    }

    private void age(CodeDigest digest) throws IOException {
        Files.setLastModifiedTime(
                folder.resolve(digest.value()), FileTime.from(now.minus(Duration.ofDays(1))));
    }

    private void sweepAfter(Duration time) {
        now = now.plus(time);
        nanos += time.toNanos();
        sweep.sweep();
    }

    private List<CodeDigest> held() throws IOException {
        assertEquals(codes.list(), new CodeStore(folder).list(), "as on disk");
        return codes.list();
    }

    @Test
    void removesWhatNothingHasNamedForAnHour() throws IOException {
        sweep.sweep();
        sweepAfter(Duration.ofMinutes(59));
        assertEquals(2, held().size());
        sweepAfter(Duration.ofMinutes(1));
        assertEquals(List.of(named), held());
        sweepAfter(Duration.ofDays(30));
        assertEquals(List.of(named), held());
    }

    @Test
    void removesWhatMayNotBeHereAnyMore() throws IOException {
        sweep.sweep();
        sweepAfter(Duration.ofHours(2));
        assertEquals(List.of(named), held());
        allowed = false;
        sweep.sweep();
        sweepAfter(Duration.ofMinutes(59));
        assertEquals(List.of(named), held());
        sweepAfter(Duration.ofMinutes(1));
        assertEquals(List.of(), held());
    }

    @Test
    void aClockThatJumpsMakesNothingOlder() throws IOException {
        sweep.sweep();
        now = now.plus(Duration.ofHours(2));
        sweepAfter(Duration.ofMinutes(10));
        assertEquals(2, held().size());
        now = now.minus(Duration.ofHours(2));
        sweepAfter(Duration.ofMinutes(50));
        assertEquals(List.of(named), held());
    }

    @Test
    void keepsWhatIsNamedAgainInTime() throws IOException {
        sweep.sweep();
        Catalog without = catalog;
        catalog =
                catalog.with(
                        List.of(
                                west.writeVersion(
                                        new VersionRecord(
                                                new Task(
                                                        HELLO,
                                                        2,
                                                        RuntimeKind.WASM,
                                                        HandlerKind.HTTP,
                                                        orphan,
                                                        Limits.DEFAULT,
                                                        Map.of()),
                                                ByteSize.ofKiB(1),
                                                List.of(),
                                                Instant.EPOCH))));
        sweepAfter(Duration.ofHours(2));
        catalog = without;
        sweepAfter(Duration.ofMinutes(10));
        assertEquals(2, held().size());
    }

    @Test
    void keepsWhatADeployHasJustBroughtAgain() throws IOException {
        sweep.sweep();
        Instant brought = now.plus(Duration.ofMinutes(60));
        Files.setLastModifiedTime(folder.resolve(orphan.value()), FileTime.from(brought));
        sweepAfter(Duration.ofMinutes(90));
        assertEquals(2, held().size());
        sweepAfter(Duration.ofMinutes(30));
        assertEquals(List.of(named), held());
    }

    @Test
    void removesNothingByACatalogThatIsNotThere() throws IOException {
        Catalog known = catalog;
        sweep.sweep();
        catalog = Catalog.EMPTY;
        sweepAfter(Duration.ofHours(2));
        catalog = known;
        sweepAfter(Duration.ofMinutes(10));
        assertEquals(2, held().size());
    }
}
