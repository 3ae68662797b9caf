package io.runnel.routing.usage;

import static io.runnel.routing.usage.UsageRecords.EU;
import static io.runnel.routing.usage.UsageRecords.FIRST;
import static io.runnel.routing.usage.UsageRecords.SECOND;
import static io.runnel.routing.usage.UsageRecords.SMALL;
import static io.runnel.routing.usage.UsageRecords.THIRD;
import static io.runnel.routing.usage.UsageRecords.fill;
import static io.runnel.routing.usage.UsageRecords.take;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What is left in the folder may be anything; the node starts, and what is sound is sent. */
class SpoolDamageTest {
    private final Random random = UsageRecords.random();
    private final List<UsageBatch.Entry> entries = new ArrayList<>();

    @TempDir private Path folder;
    private Path boot;

    @BeforeEach
    void writeThreeSegments() throws IOException {
        boot = folder.resolve(FIRST.boot());
        try (UsageSpool spool = UsageSpool.open(folder, FIRST, SMALL)) {
            while (!Files.exists(segment(2))) {
                var unused = fill(spool, 1, random, EU);
            }
            entries.addAll(spool.next(EU, 4096, 1 << 20).orElseThrow().entries());
        }
    }

    private Path segment(int index) {
        return boot.resolve("%08d.usage".formatted(index));
    }

    private List<UsageRecord> segmentRecords(int index) {
        return records(entries.stream().filter(each -> each.place() / 4096 == index).toList());
    }

    private static List<UsageRecord> records(List<UsageBatch.Entry> entries) {
        return entries.stream().map(UsageBatch.Entry::record).toList();
    }

    private void change(int index, int at, int... values) throws IOException {
        byte[] bytes = Files.readAllBytes(segment(index));
        for (int i = 0; i < values.length; i++) {
            bytes[at + i] = (byte) values[i];
        }
        Files.write(segment(index), bytes);
    }

    private void expect(List<UsageRecord> sound, int damaged) throws IOException {
        // Who opens it first only looks: the next one finds the same.
        UsageSpool.open(folder, SECOND, SMALL).close();
        try (UsageSpool spool = UsageSpool.open(folder, THIRD, SMALL)) {
            assertTrue(spool.damaged() <= damaged);
            assertEquals(sound, take(spool, EU));
            assertEquals(fill(spool, 50, random, EU), take(spool, EU));
        }
    }

    private void expectNow(List<UsageRecord> sound, int damaged) throws IOException {
        try (UsageSpool spool = UsageSpool.open(folder, THIRD, SMALL)) {
            assertEquals(damaged, spool.damaged());
            assertEquals(sound, take(spool, EU));
        }
    }

    @Test
    void aRecordThatWasChangedIsSteppedOver() throws IOException {
        int at = (int) entries.get(1).place() + 20;
        change(0, at, Files.readAllBytes(segment(0))[at] ^ 64);
        List<UsageRecord> sound = records(entries);
        List<UsageRecord> others = new ArrayList<>(sound);
        others.remove(1);
        expectNow(others, 1);
    }

    @Test
    void whatStandsBehindALengthThatIsNoneIsSetAside() throws IOException {
        change(0, (int) entries.get(2).place(), 0xff, 0xff, 0xff, 0xff);
        List<UsageRecord> sound = new ArrayList<>(segmentRecords(0).subList(0, 2));
        sound.addAll(segmentRecords(1));
        sound.addAll(segmentRecords(2));
        expect(sound, 1);
        assertFalse(Files.exists(segment(0)));
        assertTrue(Files.exists(boot.resolve("00000000.usage.damaged")));
    }

    @Test
    void pagesThatNeverReachedTheDiskAreSetAside() throws IOException {
        change(0, (int) entries.get(2).place(), 0, 0, 0, 0, 0, 0, 0, 0);
        List<UsageRecord> sound = new ArrayList<>(segmentRecords(0).subList(0, 2));
        sound.addAll(segmentRecords(1));
        sound.addAll(segmentRecords(2));
        expect(sound, 1);
        assertTrue(Files.exists(boot.resolve("00000000.usage.damaged")));
    }

    @Test
    void aFileMayEndAnywhere() throws IOException {
        byte[] whole = Files.readAllBytes(segment(2));
        List<UsageBatch.Entry> before =
                entries.stream().filter(each -> each.place() < 2 * 4096).toList();
        for (int length = 0; length < 400; length += 1 + random.nextInt(20)) {
            Path other = Files.createTempDirectory(folder, "cut");
            Path copy = Files.createDirectory(other.resolve(FIRST.boot()));
            Files.copy(segment(0), copy.resolve("00000000.usage"));
            Files.copy(segment(1), copy.resolve("00000001.usage"));
            Files.write(copy.resolve("00000002.usage"), Arrays.copyOf(whole, length));
            try (UsageSpool spool = UsageSpool.open(other, SECOND, SMALL)) {
                List<UsageRecord> taken = take(spool, EU);
                assertEquals(records(entries).subList(0, taken.size()), taken);
                assertTrue(taken.size() >= before.size());
                assertTrue(spool.damaged() <= 1);
            }
        }
    }

    @Test
    void whatIsNotTheSpoolsIsLeftAlone() throws IOException {
        Files.writeString(folder.resolve("notes"), "mine");
        Files.createDirectory(folder.resolve("0123"));
        Files.createDirectory(folder.resolve("aaaaaaaaaaaaaaaa"));
        Files.writeString(folder.resolve("bbbbbbbbbbbbbbbb"), "no folder");
        Files.writeString(boot.resolve("notes"), "mine");
        Files.writeString(boot.resolve("00000001.new"), "unfinished");
        expect(records(entries), 0);
        assertTrue(Files.exists(folder.resolve("notes")));
        assertTrue(Files.exists(folder.resolve("0123")));
        assertFalse(Files.exists(folder.resolve("aaaaaaaaaaaaaaaa")));
        assertTrue(Files.exists(boot.resolve("notes")));
        assertFalse(Files.exists(boot.resolve("00000001.new")));
    }

    @Test
    void segmentsWithoutASoundHeadAreSetAside() throws IOException {
        change(0, 3, 'x');
        Files.copy(segment(1), segment(7));
        Files.createDirectory(segment(8));
        Files.writeString(segment(9), "");
        List<UsageRecord> sound = new ArrayList<>(segmentRecords(1));
        sound.addAll(segmentRecords(2));
        expectNow(sound, 4);
        assertTrue(Files.exists(boot.resolve("00000000.usage.damaged")));
    }

    @Test
    void anyByteMayBeChanged() throws IOException {
        for (int round = 0; round < 200; round++) {
            Path other = Files.createTempDirectory(folder, "changed");
            Path copy = Files.createDirectory(other.resolve(FIRST.boot()));
            for (int index = 0; index < 3; index++) {
                byte[] bytes = Files.readAllBytes(segment(index));
                for (int i = 0; i < 3; i++) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                Files.write(copy.resolve(segment(index).getFileName()), bytes);
            }
            try (UsageSpool spool = UsageSpool.open(other, SECOND, SMALL)) {
                List<UsageRecord> left = new ArrayList<>(records(entries));
                for (UsageRecord taken : take(spool, EU)) {
                    assertTrue(left.remove(taken), "delivered twice, or never written");
                }
                assertTrue(left.isEmpty() || spool.damaged() > 0);
            }
        }
    }
}
