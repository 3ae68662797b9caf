package io.runnel.routing.usage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

class CompactBytesTest {
    private static byte[] number(long value) {
        var out = new CompactBytes(1);
        out.putNumber(value);
        assertEquals(out.length(), out.toArray().length);
        return out.toArray();
    }

    private static long read(int... bytes) {
        ByteBuffer in = ByteBuffer.allocate(bytes.length);
        for (int one : bytes) {
            in.put((byte) one);
        }
        return CompactBytes.number(in.flip());
    }

    @Test
    void numbersAreTheSameAfterwards() {
        for (int bit = 0; bit < Long.SIZE; bit++) {
            for (long near = -2; near <= 2; near++) {
                long value = (1L << bit) + near;
                assertEquals(value, CompactBytes.number(ByteBuffer.wrap(number(value))));
                var out = new CompactBytes(1);
                out.putSigned(value);
                out.putSigned(-value);
                ByteBuffer in = ByteBuffer.wrap(out.toArray());
                assertEquals(value, CompactBytes.signed(in));
                assertEquals(-value, CompactBytes.signed(in));
            }
        }
    }

    @Test
    void smallNumbersTakeFewBytes() {
        assertArrayEquals(new byte[] {127}, number(127));
        assertArrayEquals(new byte[] {(byte) 0x80, 1}, number(128));
        assertEquals(CompactBytes.MOST_NUMBER, number(-1).length);
    }

    @Test
    void aNumberHasOneForm() {
        assertEquals(0, read(0));
        assertThrows(UsageFormatException.class, () -> read(0x80, 0));
        assertThrows(UsageFormatException.class, () -> read(0xFF, 0x80, 0));
        int[] most = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1};
        assertEquals(-1, read(most));
        most[9] = 3;
        assertThrows(UsageFormatException.class, () -> read(most));
        most[9] = 0x81;
        assertThrows(UsageFormatException.class, () -> read(most));
    }

    @Test
    void aNumberThatIsCutOffIsNone() {
        assertThrows(BufferUnderflowException.class, () -> read(0x80));
        assertThrows(BufferUnderflowException.class, CompactBytesTest::read);
    }

    @Test
    void aCountIsNotNegative() {
        assertThrows(
                UsageFormatException.class,
                () -> CompactBytes.count(ByteBuffer.wrap(number(Long.MIN_VALUE))));
    }
}
