package io.runnel.cluster.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.KeyId;
import io.runnel.attestation.signature.SigningKey;
import io.runnel.attestation.signature.SigningScope;
import io.runnel.cluster.replication.SigningKeyHandler.Wanted;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Which keys a node has by which it checks signatures, and how often it asks for them. */
class SigningKeyCacheTest {
    private static final KeyId ALICE = new KeyId("RNLAAAAAAAAAAAAAAAAA");
    private static final KeyId BOB = new KeyId("RNLBBBBBBBBBBBBBBBBB");
    private static final LocalDate DAY = LocalDate.of(2026, 11, 29);

    private final List<Wanted> asked = new ArrayList<>();
    private final List<CompletableFuture<SigningKey>> answers = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-29T12:00:00Z");
    private final SigningKeyCache cache = new SigningKeyCache(this::ask, () -> now);

    private CompletableFuture<SigningKey> ask(Wanted wanted) {
        asked.add(wanted);
        answers.add(new CompletableFuture<>());
        return answers.getLast();
    }

    private static Wanted wanted(KeyId key, String region) {
        return new Wanted(key, new SigningScope(DAY, region, "lambda"));
    }

    private static SigningKey key(Wanted wanted) {
        return SigningKey.derive("secret", wanted.scope());
    }

    @Test
    void itIsAskedForOnceForAllThatWait() {
        Wanted wanted = wanted(ALICE, "eu");
        CompletableFuture<SigningKey> first = cache.of(wanted);
        CompletableFuture<SigningKey> second = cache.of(wanted);
        assertFalse(first.isDone());
        SigningKey key = key(wanted);
        answers.getFirst().complete(key);
        assertSame(key, first.join());
        assertSame(key, second.join());
        assertSame(key, cache.of(wanted).join());
        assertEquals(List.of(wanted), asked);
        CompletableFuture<SigningKey> other = cache.of(wanted(BOB, "eu"));
        assertFalse(other.isDone());
        assertEquals(2, asked.size());
    }

    @Test
    void itGoesWithItsDay() {
        Wanted wanted = wanted(ALICE, "eu");
        CompletableFuture<SigningKey> first = cache.of(wanted);
        answers.getFirst().complete(key(wanted));
        assertTrue(first.isDone());
        now = Instant.parse("2026-11-30T00:09:59Z");
        assertTrue(cache.of(wanted).isDone());
        now = Instant.parse("2026-11-30T00:10:00Z");
        assertFalse(cache.of(wanted).isDone());
        assertEquals(2, asked.size());
    }

    /** Presigned calls come until a week after; keys of all these days would be too many. */
    @Test
    void oneOfADayThatHasEndedIsKeptForAWhile() {
        now = Instant.parse("2026-12-02T12:00:00Z");
        Wanted wanted = wanted(ALICE, "eu");
        assertFalse(cache.of(wanted).isDone());
        answers.getFirst().complete(key(wanted));
        now = now.plus(SigningKeyCache.OF_OTHER_DAY).minusSeconds(1);
        assertTrue(cache.of(wanted).isDone());
        now = now.plusSeconds(1);
        assertFalse(cache.of(wanted).isDone());
        assertEquals(2, asked.size());
    }

    @Test
    void whatWasNotGivenIsAskedForAgainLater() {
        Wanted wanted = wanted(ALICE, "eu");
        CompletableFuture<SigningKey> first = cache.of(wanted);
        answers.getFirst().completeExceptionally(new IllegalStateException("nobody is there"));
        assertTrue(first.isCompletedExceptionally());
        assertTrue(cache.of(wanted).isCompletedExceptionally());
        assertEquals(1, asked.size());
        now = now.plus(SigningKeyCache.PAUSE);
        CompletableFuture<SigningKey> next = cache.of(wanted);
        assertNotSame(first, next);
        answers.getLast().complete(key(wanted));
        assertFalse(next.isCompletedExceptionally());
        assertEquals(2, asked.size());
    }

    @Test
    void whatACallerMayChooseMakesNoMoreThanAFew() {
        for (int i = 0; i < 2 * SigningKeyCache.MOST_OF_ONE; i++) {
            boolean isTaken = !cache.of(wanted(ALICE, "r" + i)).isCompletedExceptionally();
            assertEquals(i < SigningKeyCache.MOST_OF_ONE, isTaken, "scope " + i);
        }
        assertEquals(SigningKeyCache.MOST_OF_ONE, asked.size());
        assertFalse(cache.of(wanted(BOB, "r0")).isCompletedExceptionally());
        now = now.plus(Duration.ofDays(2));
        assertFalse(cache.of(wanted(ALICE, "next")).isCompletedExceptionally(), "after its day");
    }

    @Test
    void whatIsAskedForIsWrittenInOneWay() {
        Wanted wanted = wanted(ALICE, "eu-west");
        assertEquals(
                "RNLAAAAAAAAAAAAAAAAA:20261129:eu-west:lambda:aws4_request", wanted.toString());
        assertEquals(wanted, Wanted.parse(wanted.toString()).orElseThrow());
        for (String other :
                List.of(
                        "",
                        ":",
                        ALICE.value(),
                        ALICE + ":20261129:eu-west:lambda",
                        ALICE + ":20261129:eu-west:lambda:aws4_request:",
                        ALICE + "/20261129/eu-west/lambda/aws4_request",
                        ALICE + ":20261129:..:lambda:aws4_request",
                        "AKIA:20261129:eu-west:lambda:aws4_request")) {
            assertTrue(Wanted.parse(other).isEmpty(), other);
        }
    }
}
