package io.runnel.exec.wasi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.OutputSink;

import org.junit.jupiter.api.Test;

import java.io.InputStream;
import java.io.Serial;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random bytes of calls. */
class GuestRandomTest {
    private static final int SIZE = 1 << 20;

    /** Gives what a seed says, and counts. */
    private static final class CountedSource extends SecureRandom {
        @Serial private static final long serialVersionUID = 1L;

        private final Random dice = new Random(5);
        private int bytes;

        @Override
        public synchronized void nextBytes(byte[] into) {
            dice.nextBytes(into);
            bytes += into.length;
        }
    }

    private final CountedSource source = new CountedSource();
    private final ArrayMemory memory = new ArrayMemory(SIZE, 0);

    private byte[] bytes(int... lengths) {
        begin();
        int at = 0;
        for (int length : lengths) {
            assertEquals(Errno.SUCCESS, WasiFunction.RANDOM_GET.call(memory, at, length));
            at += length;
        }
        return memory.readBytes(0, at);
    }

    private void begin() {
        var streams =
                new StandardStreams(
                        InputStream.nullInputStream(), OutputSink.NOWHERE, OutputSink.NOWHERE);
        var host = new HostSources(InstantSource.system(), System::nanoTime, source);
        memory.begin(new GuestCall(List.of(), Map.of(), streams, host));
    }

    @Test
    void aFewBytesAreTheSources() {
        byte[] expected = new byte[16];
        new Random(5).nextBytes(expected);
        assertArrayEquals(expected, bytes(16));
        assertEquals(16, source.bytes);
    }

    @Test
    void aFloodTakesFromTheSourceOnce() {
        byte[] flood = bytes(16, SIZE / 2, SIZE / 4, 10);
        assertEquals(16 + 48, source.bytes);
        assertLooksRandom(flood);
        // A stream that began anew with each request would show the same bytes again.
        assertFalse(Arrays.equals(flood, 16, 1000, flood, 16 + SIZE / 2, 1000 + SIZE / 2));
    }

    private static void assertLooksRandom(byte[] bytes) {
        int[] counts = new int[256];
        for (byte one : bytes) {
            counts[one & 0xFF]++;
        }
        double expected = bytes.length / 256.0;
        double sum = Arrays.stream(counts).mapToDouble(c -> (c - expected) * (c - expected)).sum();
        // Chi squared of 255 degrees of freedom: 400 comes by chance once in ten million.
        assertTrue(sum / expected < 400, "chi squared " + sum / expected);
    }

    @Test
    void eachCallHasAStreamOfItsOwn() {
        byte[] one = bytes(5000);
        byte[] two = bytes(5000);
        assertEquals(2 * 48, source.bytes);
        assertFalse(Arrays.equals(one, 0, 48, two, 0, 48));
    }

    @Test
    void manySmallRequestsAreAFloodToo() {
        int[] lengths = new int[1000];
        Arrays.fill(lengths, 16);
        bytes(lengths);
        assertEquals(256 + 48, source.bytes);
    }
}
