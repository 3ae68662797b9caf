package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.util.Random;

class ConversionsTest {
    @Test
    void numbersWithoutSignAreRoundedToTheNearest() {
        Random random = new Random(1);
        check(-8174461990488082029L);
        check(Long.MIN_VALUE);
        check(-1);
        check(0);
        for (int i = 0; i < 100_000; i++) {
            // Many of them near the middle of two.
            check((random.nextLong() & (-1L << random.nextInt(64))) | random.nextInt(2));
        }
    }

    private static void check(long number) {
        BigDecimal exact = new BigDecimal(Long.toUnsignedString(number));
        assertEquals(exact.floatValue(), Conversions.f32OfUnsigned(number), exact.toString());
        assertEquals(exact.doubleValue(), Conversions.f64OfUnsigned(number), exact.toString());
    }
}
