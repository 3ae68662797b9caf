package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.Program;
import io.runnel.exec.isolate.Tier;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

class ClassCacheTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ByteSize MOST = ByteSize.ofKiB(64);

    @TempDir private Path folder;
    private Path classes;
    private Instant now = Instant.ofEpochSecond(1_700_000_000);

    @BeforeEach
    void choose() {
        classes = folder.resolve("node").resolve("classes");
    }

    private ClassCache cache() throws Exception {
        return ClassCache.in(classes, MOST, RANDOM, (InstantSource) () -> now);
    }

    private static CacheKey key(int number) {
        return new CacheKey(CodeDigest.of(new byte[] {(byte) number}));
    }

    private static CompiledClasses some(int sizeBytes) {
        byte[] file = new byte[sizeBytes];
        Arrays.fill(file, (byte) 7);
        return new CompiledClasses(
                "a.Main",
                Map.of("a.Main", file, "a.Other", new byte[] {1}),
                new TreeSet<>(Set.of(7)));
    }

    private Path file(int number) {
        return classes.resolve(key(number).fileName());
    }

    @Test
    void whatWasPutIsThereAfterARestart() throws Exception {
        cache().put(key(1), some(100));
        CompiledClasses found = cache().get(key(1)).orElseThrow();
        assertEquals("a.Main", found.main());
        assertArrayEquals(new byte[] {1}, found.classes().get("a.Other"));
        assertEquals(101, found.sizeBytes());
        assertEquals(Set.of(7), found.interpreted());
        assertEquals(Optional.empty(), cache().get(key(2)));
    }

    @Test
    void nobodyElseMayReadOrWrite() throws Exception {
        Files.createDirectories(classes);
        Files.setPosixFilePermissions(classes, PosixFilePermissions.fromString("rwxrwxrwx"));
        cache().put(key(1), some(100));
        assertEquals("rwx------", mode(classes));
        assertEquals("rw-------", mode(classes.resolve("key")));
        assertEquals("rw-------", mode(file(1)));
        assertEquals(32, Files.size(classes.resolve("key")));
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void everyChangedByteIsFound() {
        var seal = new SealedClasses(new byte[32]);
        byte[] good = seal.close(key(1), some(100));
        assertTrue(seal.open(key(1), good).isPresent());
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 0x10;
            assertEquals(Optional.empty(), seal.open(key(1), bad), "byte " + i);
            byte[] cut = Arrays.copyOf(good, i);
            assertEquals(Optional.empty(), seal.open(key(1), cut), "length " + i);
        }
        byte[] longer = Arrays.copyOf(good, good.length + 1);
        assertEquals(Optional.empty(), seal.open(key(1), longer));
        assertEquals(Optional.empty(), seal.open(key(2), good));
        byte[] key = new byte[32];
        key[31] = 1;
        assertEquals(Optional.empty(), new SealedClasses(key).open(key(1), good));
    }

    @Test
    void whatIsNotAsItWasWrittenIsDeleted() throws Exception {
        cache().put(key(1), some(100));
        byte[] good = Files.readAllBytes(file(1));
        byte[] forged = good.clone();
        forged[40] ^= 1;
        assertRefused(1, forged);
        assertRefused(1, Arrays.copyOf(good, 50));
        assertRefused(1, new byte[0]);
        assertRefused(2, good);
        Files.write(file(1), good);
        assertTrue(cache().get(key(1)).isPresent());
    }

    /** Refused, and gone. */
    private void assertRefused(int number, byte[] bytes) throws Exception {
        Files.write(file(number), bytes);
        assertEquals(Optional.empty(), cache().get(key(number)));
        assertFalse(Files.exists(file(number)));
    }

    @Test
    void anotherNodesEntriesAreRefused() throws Exception {
        cache().put(key(1), some(100));
        byte[] good = Files.readAllBytes(file(1));
        for (int length : new int[] {32, 31, 0}) {
            Files.write(classes.resolve("key"), new byte[length]);
            assertRefused(1, good);
            cache().put(key(1), some(100));
            assertTrue(cache().get(key(1)).isPresent(), "with the new key it goes on");
        }
    }

    @Test
    void theLeastRecentlyUsedGoWhenItIsFull() throws Exception {
        for (int i = 0; i < 6; i++) {
            now = now.plusSeconds(1);
            cache().put(key(i), some(12_000));
            assertTrue(cache().get(key(0)).isPresent(), "used again after each");
        }
        assertTrue(total() <= MOST.bytes(), () -> "bytes: " + total());
        assertTrue(Files.exists(file(0)));
        assertFalse(Files.exists(file(1)));
        assertTrue(Files.exists(file(5)));
        cache().put(key(7), some((int) MOST.bytes()));
        assertFalse(Files.exists(file(7)), "larger than all");
        assertTrue(Files.exists(file(5)));
    }

    private long total() {
        try (Stream<Path> files = Files.list(classes)) {
            return files.mapToLong(f -> f.toFile().length()).sum();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void whatWasHalfWrittenGoes() throws Exception {
        cache();
        Path half = classes.resolve(key(9).fileName() + ".tmp");
        Files.write(half, new byte[10]);
        cache().put(key(1), some(10));
        assertFalse(Files.exists(half));
    }

    @Test
    void aFolderThatCannotBeWrittenCostsTimeOnly() throws Exception {
        ClassCache cache = cache();
        Files.delete(classes.resolve("key"));
        Files.delete(classes);
        cache.put(key(1), some(10));
        assertEquals(Optional.empty(), cache.get(key(1)));
    }

    @Test
    void aModuleIsCompiledOnceForAllStarts() throws Exception {
        byte[] module = Guests.module("everywhere");
        Program first = runtime().open(Programs.task(module), module);
        assertEquals(Tier.INTERPRETED, first.tier());
        first.optimize();
        for (int start = 0; start < 2; start++) {
            Program again = runtime().open(Programs.task(module), module);
            assertEquals(Tier.COMPILED, again.tier());
            assertEquals(".", Programs.output(again.newIsolate(), module));
            again.optimize();
        }
        Path entry = entries().getFirst();
        byte[] bad = Files.readAllBytes(entry);
        bad[bad.length / 2]++;
        Files.write(entry, bad);
        Program anew = runtime().open(Programs.task(module), module);
        assertEquals(Tier.INTERPRETED, anew.tier());
        anew.optimize();
        assertEquals(".", Programs.output(anew.newIsolate(), module));
        assertEquals(Tier.COMPILED, runtime().open(Programs.task(module), module).tier());
    }

    private List<Path> entries() throws Exception {
        try (Stream<Path> files = Files.list(classes)) {
            return files.filter(f -> CodeDigest.isValid(f.getFileName().toString())).toList();
        }
    }

    private WasmRuntime runtime() throws Exception {
        return new WasmRuntime(InstantSource.system(), System::nanoTime, RANDOM, classes);
    }
}
