package io.runnel.routing.usage;

import static io.runnel.routing.usage.UsageRecords.EU;
import static io.runnel.routing.usage.UsageRecords.FIRST;
import static io.runnel.routing.usage.UsageRecords.SECOND;
import static io.runnel.routing.usage.UsageRecords.SMALL;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What threads leave that were killed between claiming space and writing to it. */
class SpoolSegmentTest {
    private final Random random = UsageRecords.random();

    @TempDir private Path folder;

    private SpoolSegment create() throws IOException {
        Path boot = Files.createDirectory(folder.resolve(FIRST.boot()));
        return SpoolSegment.create(boot, new SpoolHeader(4096, 1, 0));
    }

    private byte[] body(UsageRecord record) {
        byte[] body = new byte[UsageCodec.size(record)];
        var unused = UsageCodec.encode(record, body, 0);
        return body;
    }

    @Test
    void aLiveReaderWaitsForWhatIsClaimed() throws IOException {
        SpoolSegment segment = create();
        var reading = new SegmentReading(segment, 0, true);
        byte[] body = body(UsageRecords.record(random, EU));
        int first = segment.claim(body.length);
        int second = segment.claim(body.length);
        segment.put(second, body);
        assertEquals(0, reading.readOn());
        assertEquals(SpoolHeader.BYTES, reading.to());
        segment.put(first, body);
        assertEquals(0, reading.readOn());
        assertEquals(segment.tail(), reading.to());
        assertFalse(reading.isFinished());
        segment.unmap();
    }

    @Test
    void aSegmentEndsWhereTheNextOneWouldNotFit() throws IOException {
        SpoolSegment segment = create();
        var reading = new SegmentReading(segment, 0, true);
        byte[] body = body(UsageRecords.largest(1));
        int count = 0;
        for (int at = segment.claim(body.length); at >= 0; at = segment.claim(body.length)) {
            segment.put(at, body);
            count++;
        }
        assertEquals((4096 - 32) / FrameWord.frameBytes(body.length), count);
        assertTrue(segment.claim(1) < 0, "what ended has begun again");
        assertEquals(0, reading.readOn());
        assertTrue(reading.isFinished());
        segment.unmap();
    }

    @Test
    void whoOpensLaterStepsOverWhatWasOnlyClaimed() throws IOException {
        SpoolSegment segment = create();
        List<UsageRecord> whole = new ArrayList<>();
        int claimed = 0;
        for (int i = 0; i < 10; i++) {
            UsageRecord record = UsageRecords.record(random, EU);
            byte[] body = body(record);
            int at = segment.claim(body.length);
            if (i == 9 || random.nextBoolean()) {
                claimed++;
            } else {
                segment.put(at, body);
                whole.add(record);
            }
        }
        segment.unmap();
        try (UsageSpool spool = UsageSpool.open(folder, SECOND, SMALL)) {
            assertEquals(claimed, spool.damaged());
            assertEquals(whole, UsageRecords.take(spool, EU));
        }
    }
}
