package io.runnel.exec.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.task.ByteSize;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * All functions with numbers by chance, from one printed seed: nothing comes out but an answer or
 * an end of the guest, and what the host holds stays within its limits. {@code -Dwasi.fuzz.steps=N}
 * runs longer.
 */
class HostileCallsTest {
    private static final int STEPS = Integer.getInteger("wasi.fuzz.steps", 200_000);
    private static final int STEPS_OF_A_CALL = 2000;
    private static final FileLimits LIMITS = new FileLimits(ByteSize.ofKiB(128), 30, 12);

    private static final Set<WasiFunction> NEVER_SUCCEED =
            EnumSet.of(
                    WasiFunction.PROC_EXIT,
                    WasiFunction.SOCK_ACCEPT,
                    WasiFunction.SOCK_RECV,
                    WasiFunction.SOCK_SEND,
                    WasiFunction.SOCK_SHUTDOWN);

    private final long seed = Long.getLong("wasi.fuzz.seed", new SecureRandom().nextLong());
    private final Random random = new Random(seed);
    private final ArrayMemory memory = new ArrayMemory(GuestDice.SIZE, 100_000);
    private final GuestDice dice = new GuestDice(random, memory);
    private final HostSources host =
            HostSources.ofSystem().withFiles(GuestFiles.ofTask(assets(), LIMITS));
    private final Map<WasiFunction, Integer> succeeded = new EnumMap<>(WasiFunction.class);

    private static Assets assets() {
        var tree = new AssetTree();
        try {
            tree.addFile("a", new byte[10_000]);
            tree.addFile("b/a", new byte[10]);
        } catch (AssetsRejectedException e) {
            throw new AssertionError(e);
        }
        return tree.freeze();
    }

    private void begin() {
        var body = new ByteArrayInputStream(new byte[3000]);
        var streams = new StandardStreams(body, OutputSink.NOWHERE, OutputSink.NOWHERE);
        memory.begin(new GuestCall(List.of("a", "bc"), Map.of("D", "e"), streams, host));
        dice.prepare();
    }

    @Test
    void everyFunctionHasItsShape() {
        for (WasiFunction function : WasiFunction.values()) {
            String shape = FunctionShape.of(function).replaceAll("[pbv]", "$0$0");
            String types = function.signature().substring(0, function.signature().indexOf(':'));
            assertEquals(types, shape.replaceAll("[rs]", "I").replaceAll("[a-z]", "i"));
        }
    }

    @Test
    void nothingButAnswersComesOut() {
        List<WasiFunction> functions = List.of(WasiFunction.values());
        for (int step = 0; step < STEPS || (step < 8 * STEPS && missesSome()); step++) {
            if (step % STEPS_OF_A_CALL == 0) {
                if (step > 0) {
                    removeAll();
                }
                begin();
            }
            WasiFunction function = functions.get(random.nextInt(functions.size()));
            long[] numbers = dice.roll(function);
            try {
                call(function, numbers);
                assertWithinLimits();
            } catch (RuntimeException | Error e) {
                String what = function + Arrays.toString(numbers);
                throw new AssertionError("-Dwasi.fuzz.seed=%d: %s".formatted(seed, what), e);
            }
        }
        Set<WasiFunction> never = EnumSet.allOf(WasiFunction.class);
        never.removeAll(succeeded.keySet());
        assertEquals(NEVER_SUCCEED, never, "what never succeeds is not tried");
    }

    /** Whether chance has let a function fail each time so far. */
    private boolean missesSome() {
        return succeeded.size() < WasiFunction.values().length - NEVER_SUCCEED.size();
    }

    private void call(WasiFunction function, long[] numbers) {
        boolean ends = function == WasiFunction.FD_CLOSE || function == WasiFunction.FD_RENUMBER;
        if (ends && (numbers[0] == 3 || numbers[numbers.length - 1] == 3)) {
            // The root would be gone for the rest of this call.
            return;
        }
        // Whoever waits is woken at once.
        if (function == WasiFunction.POLL_ONEOFF) {
            Thread.currentThread().interrupt();
        }
        try {
            if (function.call(memory, numbers) == Errno.SUCCESS) {
                succeeded.merge(function, 1, Integer::sum);
            }
        } catch (GuestExit e) {
            assertTrue(function == WasiFunction.PROC_EXIT || function == WasiFunction.PROC_RAISE);
        } catch (GuestInterrupted e) {
            assertEquals(WasiFunction.POLL_ONEOFF, function);
        } finally {
            Thread.interrupted();
        }
    }

    private void assertWithinLimits() {
        long held = memory.call().heldFileBytes();
        assertEquals(held, memory.reservedBytes());
        assertTrue(held >= 0 && held <= 100_000, held + " bytes");
        Descriptors descriptors = memory.call().descriptors(memory);
        assertTrue(!descriptors.isOpen(LIMITS.descriptors()));
    }

    /** What a call took comes back when it closes and removes everything. */
    private void removeAll() {
        Descriptors descriptors = memory.call().descriptors(memory);
        FolderNode root = (FolderNode) descriptors.get(3).target();
        for (int i = 0; i < LIMITS.descriptors(); i++) {
            if (descriptors.isOpen(i)) {
                descriptors.close(i);
            }
        }
        removeAll((ScratchFolder) root.child("tmp").orElseThrow());
        assertEquals(0, memory.reservedBytes(), "seed " + seed);
    }

    private static void removeAll(ScratchFolder folder) {
        List<FolderNode.Entry> entries = new ArrayList<>();
        folder.entriesFrom(0).forEachRemaining(entries::add);
        for (FolderNode.Entry entry : entries) {
            if (entry.node() instanceof ScratchFolder inner) {
                removeAll(inner);
            }
            folder.remove(entry.name());
        }
    }
}
