package io.runnel.routing.usage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;

class UsageCodecTest {
    private final Random random = UsageRecords.random();

    private static byte[] encode(UsageRecord record) {
        byte[] out = new byte[UsageCodec.size(record)];
        assertEquals(out.length, UsageCodec.encode(record, out, 0));
        return out;
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
            assertEquals(record, UsageCodec.decode(ByteBuffer.wrap(bytes)));
            assertEquals(UsageRecords.EU, UsageCodec.home(bytes));
        }
    }

    @Test
    void aPartOfARecordIsNone() {
        byte[] bytes = encode(UsageRecords.record(random, UsageRecords.EU));
        for (int length = 0; length < bytes.length; length++) {
            ByteBuffer part = ByteBuffer.wrap(bytes, 0, length);
            assertThrows(UsageFormatException.class, () -> UsageCodec.decode(part));
        }
        ByteBuffer more = ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + 1));
        assertThrows(UsageFormatException.class, () -> UsageCodec.decode(more));
    }

    @Test
    void aRecordWithAnyBitFlippedIsARecordOrRefused() {
        byte[] bytes = encode(UsageRecords.record(random, UsageRecords.EU));
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = flip(bytes, bit);
            try {
                assertArrayEquals(flipped, encode(UsageCodec.decode(ByteBuffer.wrap(flipped))));
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
            assertThrows(
                    UsageFormatException.class, () -> UsageCodec.decode(ByteBuffer.wrap(bytes)));
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
        byte[] bytes = UsageBatchCodec.encode(batch(5));
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
        UsageRecord record = UsageRecords.largest();
        assertEquals(UsageCodec.MOST_BYTES, UsageCodec.size(record));
        for (int place = 0; place < UsageBatch.MOST_ENTRIES; place++) {
            entries.add(new UsageBatch.Entry(place, record));
        }
        var batch = new UsageBatch(UsageRecords.FIRST, 0, entries.size(), entries);
        assertThrows(IllegalArgumentException.class, () -> UsageBatchCodec.encode(batch));
        assertThrows(
                UsageFormatException.class,
                () -> UsageBatchCodec.decode(new byte[UsageBatchCodec.MOST_BYTES + 1]));
    }
}
