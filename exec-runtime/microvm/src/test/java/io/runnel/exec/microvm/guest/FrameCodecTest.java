package io.runnel.exec.microvm.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

final class FrameCodecTest {
    private static final List<FrameType> GUESTS =
            List.of(FrameType.LOG, FrameType.RESPONSE, FrameType.READY, FrameType.PONG);

    private final FrameReader reader = new FrameReader();

    private static ByteBuffer bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.flip();
    }

    private void refused(String why, int... values) {
        BrokenFrameException e =
                assertThrows(BrokenFrameException.class, () -> reader.next(bytes(values)));
        assertEquals(why, e.getMessage());
    }

    @Test
    void framesComeOutAsTheyWentInHoweverTheyAreCut() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<GuestFrame> sent = new ArrayList<>();
            ByteBuffer all = ByteBuffer.allocate(300_000);
            for (int i = 0; i < 4; i++) {
                byte[] payload = new byte[random.nextInt(random.nextInt(1, 65_537))];
                random.nextBytes(payload);
                FrameType type = GUESTS.get(random.nextInt(GUESTS.size()));
                sent.add(new GuestFrame(type, payload));
                all.put(FrameWriter.frame(type, payload));
            }
            List<GuestFrame> got = cut(all.flip(), random);
            assertEquals(sent.size(), got.size(), "seed " + seed);
            for (int i = 0; i < sent.size(); i++) {
                assertEquals(sent.get(i).type(), got.get(i).type(), "seed " + seed);
                assertArrayEquals(sent.get(i).payload(), got.get(i).payload(), "seed " + seed);
            }
            assertFalse(reader.isMidway());
        }
    }

    private List<GuestFrame> cut(ByteBuffer all, Random random) {
        List<GuestFrame> got = new ArrayList<>();
        while (all.hasRemaining()) {
            int length = Math.min(all.remaining(), random.nextInt(1, 30_000));
            ByteBuffer part = all.slice(all.position(), length);
            all.position(all.position() + length);
            Optional<GuestFrame> frame = reader.next(part);
            while (frame.isPresent()) {
                got.add(frame.get());
                frame = reader.next(part);
            }
            assertFalse(part.hasRemaining());
        }
        return got;
    }

    @Test
    void aLengthBeyondTheLimitIsRefusedBeforeMemoryIsTaken() {
        refused("a frame of type 68 has 65537 bytes; at most 65536 are allowed", 0, 1, 0, 2, 68);
        assertTrue(reader.isMidway());
    }

    @Test
    void aLengthThatLooksNegativeIsLarge() {
        refused(
                "a frame of type 71 has 4294967294 bytes; at most 65536 are allowed",
                255,
                255,
                255,
                255,
                71);
    }

    @Test
    void aFrameWithoutATypeIsRefused() {
        refused("a frame of type 66 has -1 bytes; at most 65536 are allowed", 0, 0, 0, 0, 66);
    }

    @Test
    void aTypeThatIsUnknownOrTheHostsIsRefused() {
        refused("a frame of unknown type 99", 0, 0, 0, 1, 99);
    }

    @Test
    void theHostsOwnTypesDoNotComeFromAGuest() {
        refused("a frame of unknown type 7", 0, 0, 0, 5, 7);
    }

    @Test
    void aHostDoesNotSendMoreThanFits() {
        assertThrows(
                IllegalArgumentException.class,
                () -> FrameWriter.frame(FrameType.BODY, new byte[65_537]));
    }

    @Test
    void noBytesMakeAnythingButFramesOrARefusal() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            FrameReader fresh = new FrameReader();
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            ByteBuffer bytes = ByteBuffer.wrap(noise);
            if (random.nextBoolean() && noise.length > 5) {
                bytes.putInt(0, random.nextInt(1, 40)).put(4, (byte) random.nextInt(65, 76));
            }
            try {
                Optional<GuestFrame> frame = fresh.next(bytes);
                while (frame.isPresent()) {
                    GuestMessage.of(frame.get());
                    frame = fresh.next(bytes);
                }
                assertFalse(bytes.hasRemaining(), "seed " + seed);
            } catch (BrokenFrameException refused) {
                assertFalse(refused.getMessage().isEmpty(), "seed " + seed);
            }
        }
    }
}
