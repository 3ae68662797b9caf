package io.runnel.exec.microvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.runnel.exec.microvm.guest.GuestConfig;
import io.runnel.exec.microvm.guest.SnapshotPoint;
import io.runnel.exec.microvm.machine.MachineFile;
import io.runnel.exec.microvm.machine.MachineSpec;
import io.runnel.exec.network.NetworkPoint;
import io.runnel.exec.network.tcp.FlowKey;
import io.runnel.exec.network.tcp.FlowPoint;
import io.runnel.exec.task.CodeDigest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class TemplateShelfTest {
    private static final TemplatePoint POINT =
            new TemplatePoint(
                    new SnapshotPoint(true, 5, 7),
                    new NetworkPoint(
                            List.of(new FlowPoint(new FlowKey(40_000, 0xc6120100, 5432), -3, 9)),
                            List.of("db.example")));

    @TempDir private Path folder;
    private long seconds = 1_000_000_000;

    private TemplateShelf open() throws IOException {
        return TemplateShelf.open(folder, 2, () -> Instant.ofEpochSecond(seconds++));
    }

    private static void put(TemplateShelf shelf, String name, String... inUse) throws IOException {
        Files.createDirectories(shelf.place(name));
        shelf.keep(name, POINT, Set.of(inUse));
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void whatWasUsedLongestAgoGoes() throws Exception {
        TemplateShelf shelf = open();
        put(shelf, "a");
        put(shelf, "b");
        assertEquals(Optional.of(POINT), shelf.point("a"));
        put(shelf, "c");
        assertEquals(Set.of("a", "c"), names());
        put(shelf, "d", "a");
        assertEquals(Set.of("a", "d"), names());
        shelf.remove("a");
        assertEquals(Optional.empty(), shelf.point("a"));
    }

    @Test
    void theirOrderIsThatOfTheirUse() throws Exception {
        TemplateShelf shelf = open();
        put(shelf, "n0");
        for (int i = 1; i < 12; i++) {
            put(shelf, "n" + i);
            assertEquals(Set.of("n" + (i - 1), "n" + i), names());
        }
    }

    @Test
    void theNextRunFindsWhatIsWhole() throws Exception {
        TemplateShelf shelf = open();
        put(shelf, "a");
        Files.createDirectories(shelf.place("half"));
        Files.createDirectories(shelf.place("b.tmp"));
        TemplateShelf next = open();
        assertEquals(Set.of("a"), names());
        assertEquals(Optional.of(POINT), next.point("a"));
    }

    @Test
    void aPointThatCannotBeIsNone() throws Exception {
        TemplateShelf shelf = open();
        put(shelf, "a");
        Path file = shelf.place("a").resolve("point.json");
        for (String text :
                new String[] {
                    "",
                    "{",
                    "[]",
                    "{\"guestCredit\":5}",
                    "{\"guestCredit\":-1,\"bodyCredit\":0}",
                    "{\"guestCredit\":99999999999,\"bodyCredit\":0}",
                    " ".repeat(2000) + "{}"
                }) {
            Files.writeString(file, text);
            assertEquals(Optional.empty(), shelf.point("a"), text);
        }
    }

    private static MachineFile file(String content) {
        return new MachineFile(
                Path.of("/" + content), CodeDigest.of(content.getBytes(StandardCharsets.UTF_8)));
    }

    private static MachineSpec spec(
            String code, Optional<MachineFile> base, long mib, int version) {
        return new MachineSpec(
                file("kernel"), file("initramfs"), file(code), base, mib << 20, version);
    }

    private static GuestConfig config(Map<String, String> environment) {
        return new GuestConfig(environment, "h", 128, 32, "f", "1", "snap-start", 6_000_000);
    }

    @Test
    void itsNameTellsWhatIsStartedAndHow() {
        String name = TemplateShelf.name(spec("c", Optional.empty(), 128, 1), config(Map.of()));
        assertEquals(
                name, TemplateShelf.name(spec("c", Optional.empty(), 128, 1), config(Map.of())));
        Set<String> others = new TreeSet<>();
        others.add(TemplateShelf.name(spec("d", Optional.empty(), 128, 1), config(Map.of())));
        others.add(TemplateShelf.name(spec("c", Optional.of(file("b")), 128, 1), config(Map.of())));
        others.add(TemplateShelf.name(spec("c", Optional.empty(), 129, 1), config(Map.of())));
        others.add(TemplateShelf.name(spec("c", Optional.empty(), 128, 2), config(Map.of())));
        others.add(
                TemplateShelf.name(spec("c", Optional.empty(), 128, 1), config(Map.of("A", "b"))));
        assertEquals(5, others.size());
        others.forEach(other -> assertNotEquals(name, other));
    }
}
