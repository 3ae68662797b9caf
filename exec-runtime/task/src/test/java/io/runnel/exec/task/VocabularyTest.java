package io.runnel.exec.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Random;

class VocabularyTest {
    @Test
    void namesAreLabels() {
        assertEquals("a-1", new TaskName("a-1").toString());
        for (String bad : new String[] {"", "-a", "a-", "A", "a.b", "a/b", "..", "a".repeat(64)}) {
            assertFalse(TaskName.isValid(bad), bad);
            assertThrows(IllegalArgumentException.class, () -> new TaskName(bad), bad);
        }
    }

    @Test
    void aHostileNameIsShownWithoutControlCharacters() {
        var e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new AccountId("\u001b[31m" + "x".repeat(500)));
        assertFalse(e.getMessage().contains("\u001b"), e.getMessage());
        assertTrue(e.getMessage().length() < 200, e.getMessage());
    }

    @Test
    void aTaskIsReadAsItIsWritten() {
        TaskRef hello = TaskRef.of("demo", "hello");
        assertEquals(hello, TaskRef.parse("task", hello.toString()));
        for (String bad : new String[] {"", "demo", "demo/hello/x", "demo//hello"}) {
            var e =
                    assertThrows(
                            IllegalArgumentException.class, () -> TaskRef.parse("an API", bad));
            assertEquals("an API must be ACCOUNT/NAME: '%s'".formatted(bad), e.getMessage());
        }
        for (String bad : new String[] {"/hello", "demo/", "Demo/hello", "demo/a.b"}) {
            var e = assertThrows(IllegalArgumentException.class, () -> TaskRef.parse("task", bad));
            assertTrue(e.getMessage().contains(" name must be 1 to 63"), e.getMessage());
        }
        var hostile =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> TaskRef.parse("task", "\u001b[31m" + "x".repeat(500)));
        assertFalse(hostile.getMessage().contains("\u001b"), hostile.getMessage());
        assertTrue(hostile.getMessage().length() < 200, hostile.getMessage());
    }

    @Test
    void sizesAreReadAndWritten() {
        assertEquals(64L << 20, ByteSize.parse("64MiB").bytes());
        assertEquals("1GiB", ByteSize.ofMiB(1024).toString());
        assertEquals("1537B", new ByteSize(1537).toString());
        assertEquals("0B", ByteSize.ZERO.toString());
        for (String bad : new String[] {"", "64MB", "-1", "1.5GiB", "9999999TiB", "GiB"}) {
            assertThrows(IllegalArgumentException.class, () -> ByteSize.parse(bad), bad);
        }
    }

    @Test
    void requestIdsSortByTimeAndAreRead() {
        var random = new Random(7);
        RequestId early = RequestId.next(1_000_000_000_000L, random);
        RequestId late = RequestId.next(1_000_000_000_001L, random);
        assertTrue(early.value().compareTo(late.value()) < 0, early + " " + late);
        assertEquals(early, new RequestId(early.value()));
        assertFalse(RequestId.isValid(early.value() + "0"));
        assertFalse(RequestId.isValid("../../../../etc/passwd0000"));
    }

    @Test
    void aRequestIdOfADigestIsTheSameForWhoeverMakesIt() {
        byte[] digest = new byte[10];
        RequestId zero = RequestId.of(1_000_000_000_000L, digest);
        assertEquals(zero.value().substring(0, 10) + "0".repeat(16), zero.value());
        for (int bit = 0; bit < 80; bit++) {
            byte[] other = digest.clone();
            other[bit / 8] ^= (byte) (1 << (bit % 8));
            RequestId its = RequestId.of(1_000_000_000_000L, other);
            assertFalse(its.equals(zero), "bit " + bit);
            assertEquals(its, RequestId.of(1_000_000_000_000L, other.clone()));
            assertEquals(zero.value().substring(0, 10), its.value().substring(0, 10));
        }
        assertFalse(zero.equals(RequestId.of(1_000_000_000_001L, digest)));
        assertThrows(IllegalArgumentException.class, () -> RequestId.of(1, new byte[9]));
    }

    @Test
    void digestsAreOfTheirBytes() {
        assertEquals(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                CodeDigest.of("abc".getBytes(java.nio.charset.StandardCharsets.US_ASCII)).value());
        assertFalse(CodeDigest.isValid("BA".repeat(32)));
    }

    @Test
    void limitsOutOfReachAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Limits.DEFAULT.withMemory(ByteSize.ofMiB(1025)));
        assertThrows(
                IllegalArgumentException.class, () -> Limits.DEFAULT.withTimeout(Duration.ZERO));
    }
}
