package io.runnel.routing.usage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

class UsageCodecTest {
    private final Random random = UsageRecords.random();

    // The same all along: what one record left in it must not change how another is read.
    private final UsageDecoder decoder = new UsageDecoder();

    private static byte[] encode(UsageRecord record) {
        byte[] out = new byte[UsageCodec.size(record)];
        assertEquals(out.length, UsageCodec.encode(record, out, 0));
        return out;
    }

    private UsageRecord decode(byte[] bytes) {
        return decoder.decode(bytes);
    }

    private UsageBatch batch(int count) {
        List<UsageBatch.Entry> entries = new ArrayList<>();
        long place = 32;
        for (int i = 0; i < count; i++) {
            UsageRecord record = UsageRecords.record(random, UsageRecords.EU);
            entries.add(new UsageBatch.Entry(place, record));
            place += 1 + random.nextInt(1000);
        }
        return new UsageBatch(UsageRecords.FIRST, 7, place, entries);
    }

    @Test
    void aRecordIsTheSameAfterwards() {
        for (int i = 0; i < 1000; i++) {
            UsageRecord record = UsageRecords.record(random, UsageRecords.EU);
            byte[] bytes = encode(record);
            assertTrue(bytes.length <= UsageCodec.MOST_BYTES);
            assertEquals(record, decode(bytes));
            assertEquals(UsageRecords.EU, decoder.home(bytes));
        }
    }

    @Test
    void aPartOfARecordIsNone() {
        byte[] bytes = encode(UsageRecords.record(random, UsageRecords.EU));
        for (int length = 0; length < bytes.length; length++) {
            byte[] part = Arrays.copyOf(bytes, length);
            assertThrows(UsageFormatException.class, () -> decode(part));
        }
        byte[] more = Arrays.copyOf(bytes, bytes.length + 1);
        assertThrows(UsageFormatException.class, () -> decode(more));
    }

    @Test
    void aRecordWithAnyBitFlippedIsARecordOrRefused() {
        byte[] bytes = encode(UsageRecords.record(random, UsageRecords.EU));
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = flip(bytes, bit);
            try {
                assertArrayEquals(flipped, encode(decode(flipped)));
            } catch (UsageFormatException _) {
                // Refused.
            }
        }
    }

    @Test
    void bytesThatMeanNothingAreRefused() {
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[random.nextInt(500)];
            random.nextBytes(bytes);
            assertThrows(UsageFormatException.class, () -> decode(bytes));
            assertThrows(UsageFormatException.class, () -> UsageBatchCodec.decode(bytes));
        }
    }

    private static byte[] flip(byte[] bytes, int bit) {
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        return flipped;
    }

    @Test
    void aBatchIsTheSameAfterwards() {
        for (int count : new int[] {0, 1, 100, 2000}) {
            UsageBatch batch = batch(count);
            assertEquals(batch, UsageBatchCodec.decode(UsageBatchCodec.encode(batch)));
        }
    }

    /** Of few callers and tasks, in any order, as it is where calls are many. */
    private UsageBatch likes(int count) {
        List<UsageRecord> some =
                Stream.generate(() -> UsageRecords.record(random, UsageRecords.EU))
                        .limit(3)
                        .toList();
        List<UsageBatch.Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            UsageRecord one = some.get(random.nextInt(some.size()));
            entries.add(new UsageBatch.Entry(200L * i, UsageRecords.again(one, random)));
        }
        return new UsageBatch(UsageRecords.FIRST, 0, 200L * count, entries);
    }

    @Test
    void whatRecordsHaveInCommonIsSaidOnce() {
        UsageBatch batch = likes(1000);
        byte[] bytes = UsageBatchCodec.encode(batch);
        assertEquals(batch, UsageBatchCodec.decode(bytes));
        assertTrue(bytes.length < 1000 * 66, () -> bytes.length + " bytes");
    }

    /** As nodes of before wrote it: into spools that are read still, and into batches. */
    private static byte[] oldForm(UsageRecord record) {
        ByteBuffer out = ByteBuffer.allocate(UsageCodec.MOST_BYTES);
        out.put((byte) 1).put(UsageCodec.number(record.start()));
        out.put((byte) record.outcome().number()).put((byte) (record.key().isPresent() ? 1 : 0));
        for (String name :
                List.of(
                        record.home().value(),
                        record.payer().value(),
                        record.task().account().value(),
                        record.task().name().value())) {
            out.put((byte) name.length()).put(name.getBytes(US_ASCII));
        }
        out.put(record.id().value().getBytes(US_ASCII));
        out.put(record.key().orElse("").getBytes(US_ASCII)).putInt(record.version());
        out.putLong(record.endedMillis()).putLong(record.startNanos()).putLong(record.runNanos());
        out.putLong(record.cpuNanos()).putLong(record.memoryBytes());
        out.putLong(record.bytesIn()).putLong(record.bytesOut());
        return Arrays.copyOf(out.array(), out.position());
    }

    @Test
    void aRecordOfTheOldFormIsReadAlsoBetweenOthersThatBeginAlike() {
        UsageRecord one = UsageRecords.record(random, UsageRecords.EU);
        for (int i = 0; i < 20; i++) {
            UsageRecord next = UsageRecords.again(one, random);
            UsageRecord old = UsageRecords.old(UsageRecords.again(one, random));
            assertEquals(next, decode(encode(next)));
            assertEquals(old, decode(oldForm(old)));
            assertEquals(UsageRecords.EU, decoder.home(oldForm(old)));
        }
    }

    /** A batch of form 2: as it is now, but for what was not said then. */
    @Test
    void aBatchOfTheSecondFormIsRead() {
        UsageRecord record = UsageRecords.old(UsageRecords.record(random, UsageRecords.EU));
        var entry = new UsageBatch.Entry(0, record);
        UsageBatch batch = new UsageBatch(UsageRecords.FIRST, 0, 9, List.of(entry));
        byte[] now = UsageBatchCodec.encode(batch);
        int head = new String(now, US_ASCII).indexOf("fedcba9876543210") + 16 + 20;
        var kind = new CompactBytes(1);
        UsageKind.of(record).write(kind);
        // How it was called is the last of its kind, with nothing after its length.
        int saysBy = head + 1 + kind.length() - 2;
        var out = new CompactBytes(now.length);
        for (int i = 0; i < now.length - 4 - 16; i++) {
            if (i < saysBy || i >= saysBy + 2) {
                out.putByte(i == 4 ? 2 : now[i]);
            }
        }
        out.putInt(out.checksum());
        assertEquals(batch, UsageBatchCodec.decode(out.toArray()));
    }

    @Test
    void aBatchOfTheOldFormIsRead() {
        UsageBatch batch = old(batch(20));
        ByteBuffer out = ByteBuffer.allocate(UsageBatchCodec.MOST_BYTES);
        byte[] node = batch.spool().node().value().getBytes(US_ASCII);
        out.put("RNLU".getBytes(US_ASCII)).put((byte) 1).put((byte) node.length).put(node);
        out.put(batch.spool().boot().getBytes(US_ASCII));
        out.putLong(batch.from()).putLong(batch.to()).putInt(batch.entries().size());
        for (UsageBatch.Entry entry : batch.entries()) {
            byte[] record = oldForm(entry.record());
            out.putLong(entry.place()).putShort((short) record.length).put(record);
        }
        out.putInt(UsageBatchCodec.checksum(out.array(), out.position()));
        byte[] bytes = Arrays.copyOf(out.array(), out.position());
        assertEquals(batch, UsageBatchCodec.decode(bytes));
    }

    private static UsageBatch old(UsageBatch batch) {
        return new UsageBatch(
                batch.spool(),
                batch.from(),
                batch.to(),
                batch.entries().stream()
                        .map(e -> new UsageBatch.Entry(e.place(), UsageRecords.old(e.record())))
                        .toList());
    }

    @Test
    void entriesTakeNoMoreThanIsReckonedWith() {
        List<UsageBatch.Entry> entries = new ArrayList<>();
        int most = UsageBatchCodec.MOST_FRAME;
        long place = 0;
        for (int i = 0; i < 1000; i++) {
            UsageRecord record = UsageRecords.record(random, UsageRecords.EU);
            entries.add(new UsageBatch.Entry(place, record));
            most += UsageBatchCodec.ENTRY_FRAME + UsageCodec.size(record);
            place += 1 + random.nextLong(Long.MAX_VALUE / 2000);
        }
        var batch = new UsageBatch(UsageRecords.FIRST, 0, place, entries);
        int length = UsageBatchCodec.encode(batch).length;
        assertTrue(length <= most, length + " bytes of " + most);
    }

    @Test
    void aBatchThatSaysAKindTwiceIsRefused() {
        UsageRecord record = UsageRecords.again(UsageRecords.largest(1), random);
        var first = new UsageBatch.Entry(0, record);
        byte[] one =
                UsageBatchCodec.encode(new UsageBatch(UsageRecords.FIRST, 0, 9, List.of(first)));
        var kind = new CompactBytes(1);
        UsageKind.of(record).write(kind);
        // The second entry is as the first, but for the number of its kind.
        int head = new String(one, US_ASCII).indexOf("fedcba9876543210") + 16 + 20;
        var out = new CompactBytes(one.length);
        for (int i = 0; i < head; i++) {
            out.putByte(i == head - 1 ? 2 : one[i]);
        }
        for (int number = 0; number < 2; number++) {
            out.putByte(number);
            for (int i = head + 1; i < one.length - 4; i++) {
                out.putByte(number == 1 && i == head + 1 + kind.length() ? 1 : one[i]);
            }
        }
        out.putInt(out.checksum());
        UsageFormatException refused =
                assertThrows(
                        UsageFormatException.class, () -> UsageBatchCodec.decode(out.toArray()));
        assertEquals("kind is said twice", refused.getMessage());
    }

    @Test
    void aPartOfABatchIsNone() {
        byte[] bytes = UsageBatchCodec.encode(batch(5));
        for (int length = 0; length < bytes.length; length++) {
            byte[] part = Arrays.copyOf(bytes, length);
            assertThrows(UsageFormatException.class, () -> UsageBatchCodec.decode(part));
        }
        byte[] more = Arrays.copyOf(bytes, bytes.length + 1);
        assertThrows(UsageFormatException.class, () -> UsageBatchCodec.decode(more));
    }

    @Test
    void aBatchWithAnyBitFlippedIsRefused() {
        byte[] bytes = UsageBatchCodec.encode(batch(5));
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = flip(bytes, bit);
            assertThrows(UsageFormatException.class, () -> UsageBatchCodec.decode(flipped));
        }
    }

    @Test
    void aBatchThatLiesWithAGoodChecksumIsABatchOrRefused() {
        lie(UsageBatchCodec.encode(batch(5)));
        lie(UsageBatchCodec.encode(likes(30)));
    }

    private static void lie(byte[] bytes) {
        int end = bytes.length - 4;
        for (int bit = 0; bit < end * 8; bit++) {
            byte[] flipped = flip(bytes, bit);
            var crc = new CRC32C();
            crc.update(flipped, 0, end);
            ByteBuffer.wrap(flipped).putInt(end, (int) crc.getValue());
            try {
                UsageBatch read = UsageBatchCodec.decode(flipped);
                assertArrayEquals(flipped, UsageBatchCodec.encode(read));
            } catch (UsageFormatException _) {
                // Refused.
            }
        }
    }

    @Test
    void aBatchThatIsTooLargeIsNeitherMadeNorRead() {
        List<UsageBatch.Entry> entries = new ArrayList<>();
        assertEquals(UsageCodec.MOST_BYTES, UsageCodec.size(UsageRecords.largest(1)));
        for (int place = 0; place < UsageBatch.MOST_ENTRIES; place++) {
            entries.add(new UsageBatch.Entry(place, UsageRecords.largest(1 + place)));
        }
        var batch = new UsageBatch(UsageRecords.FIRST, 0, entries.size(), entries);
        assertThrows(IllegalArgumentException.class, () -> UsageBatchCodec.encode(batch));
        assertThrows(
                UsageFormatException.class,
                () -> UsageBatchCodec.decode(new byte[UsageBatchCodec.MOST_BYTES + 1]));
    }
}
