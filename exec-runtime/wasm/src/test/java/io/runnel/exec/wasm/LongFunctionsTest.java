package io.runnel.exec.wasm;

import static io.runnel.exec.wasm.ModuleBytes.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.isolate.Tier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import run.endive.wasm.WasmModule;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Modules with functions that the JVM does not take. */
class LongFunctionsTest {
    @TempDir private Path folder;

    /** A command, and functions of so many additions each, which it calls one after the other. */
    private static byte[] module(int... additions) {
        ModuleBytes functions =
                bytes().u32(additions.length + 1).raw(0).repeat(additions.length, 1);
        ModuleBytes start = bytes().raw(0, 0x41, 0, 0x41, 0);
        ModuleBytes code = bytes().u32(additions.length + 1);
        for (int i = 0; i < additions.length; i++) {
            start.raw(0x10).u32(i + 1);
        }
        start.raw(0x36, 2, 0, 0x0B);
        code.u32(start.toBytes().length).add(start);
        for (int count : additions) {
            ModuleBytes body = bytes().raw(0);
            for (int i = 0; i < count; i++) {
                // 200: the least length counts a byte less than it takes.
                body.raw(0x20, 0, 0x41, 0xC8, 1, 0x6A, 0x21, 0);
            }
            body.raw(0x20, 0, 0x0B);
            code.u32(body.toBytes().length).add(body);
        }
        return ModuleBytes.module()
                .section(1, bytes().raw(2, 0x60, 0, 0, 0x60, 1, 0x7F, 1, 0x7F))
                .section(3, functions)
                .section(5, bytes().raw(1, 0, 1))
                .section(7, bytes().raw(2).name("memory").raw(2, 0).name("_start").raw(0, 0))
                .section(10, code)
                .toBytes();
    }

    private static CompiledClasses compile(byte[] module) throws Exception {
        ModuleShape shape = ModuleScan.scan(module);
        return ModuleCompiler.compile(ModuleParser.whole(module, shape), shape.types());
    }

    /** What the command leaves in memory. */
    private static int sum(byte[] module, CompiledClasses classes) throws Exception {
        ModuleShape shape = ModuleScan.scan(module);
        InstanceMaker maker = InstanceMaker.of(module, shape, true);
        GuestInstance instance =
                maker.make(Engine.running(classes, module, shape.types()), maker.first());
        instance.memory().begin(TestCalls.none(), 1 << 20);
        instance.run(shape.entries().command());
        return instance.memory().readInt(0);
    }

    @Test
    void onlyTheLongOnesStayInterpreted() throws Exception {
        byte[] module = module(10, 18_000, 20, 12_000, 30);
        CompiledClasses classes = compile(module);
        assertEquals(Set.of(2, 4), classes.interpreted());
        assertEquals(200 * 30_060, sum(module, classes));
    }

    private static LongFunctions in(byte[] module) throws Exception {
        ModuleShape shape = ModuleScan.scan(module);
        return new LongFunctions(ModuleParser.whole(module, shape), shape.types());
    }

    @Test
    void whatIsSurelyTooLongIsNotTried() throws Exception {
        assertEquals(Set.of(2), in(module(10, 18_000)).found());
        assertEquals(Set.of(), in(module(12_000)).found());
    }

    @Test
    void theLeastLengthIsNeverMoreThanTheLength() throws Exception {
        for (String guest : List.of("mixed", "bulk", "tables", "host_state", "wizer")) {
            byte[] module = Guests.module(guest);
            ModuleShape shape = ModuleScan.scan(module);
            WasmModule whole = ModuleParser.whole(module, shape);
            Map<Integer, Integer> lengths =
                    LargeFunctions.longerThan(0, ModuleCompiler.compile(whole));
            for (int i = 0; i < shape.functions(); i++) {
                int least = ByteCodeLength.least(whole.codeSection().getFunctionBody(i));
                int length = lengths.get(shape.types().imports() + i);
                assertTrue(
                        least <= length,
                        "%s, function %d: %d of %d".formatted(guest, i, least, length));
                assertTrue(3 * least + 30 >= length || length < 40, guest + i + ": " + least);
            }
        }
    }

    @Test
    void theMoreFailuresTheLessIsTried() throws Exception {
        LongFunctions found = in(module(10_600, 11_000, 12_000, 10_500, 10_400, 10_700, 10_300));
        found.failed(1);
        assertEquals(Set.of(1, 2, 3), found.found());
        found.failed(4);
        found.failed(5);
        assertEquals(Set.of(1, 2, 3, 4, 5), found.found());
        found.failed(7);
        assertEquals(Set.of(1, 2, 3, 4, 5, 6, 7), found.found());
    }

    @Test
    void manyFailuresGiveTheModuleUp() throws Exception {
        LongFunctions found = in(module(70, 69, 68, 67, 66, 65, 64, 63, 62));
        for (int i = 1; i < 8; i++) {
            found.failed(i);
        }
        var e = assertThrows(CodeRejectedException.class, () -> found.failed(8));
        assertEquals(CodeRejectedException.Code.COMPILE_LIMIT, e.code());
        assertTrue(e.getMessage().contains("too many functions (8 and more)"), e.getMessage());
    }

    @Test
    void theirOwnerIsToldWhichAndHowLarge() throws Exception {
        byte[] module = module(10, 18_000);
        Program program = Programs.open(module);
        assertEquals(List.of(), program.notes());
        program.optimize();
        assertEquals(Tier.COMPILED, program.tier());
        assertEquals(1, program.notes().size(), "" + program.notes());
        String note = program.notes().getFirst();
        assertTrue(
                note.startsWith("function 2 stays interpreted, many times slower (144004 bytes"),
                note);
    }

    @Test
    void manyAreCounted() throws Exception {
        int[] additions = new int[12];
        byte[] module = module(additions);
        var all = new TreeSet<>(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
        List<String> notes = LongFunctions.notes(all, ModuleScan.scan(module).types(), module);
        assertEquals(9, notes.size());
        assertEquals("4 more functions stay interpreted", notes.getLast());
    }

    @Test
    void aCompilerThatIsStoppedIsToldOf() throws Exception {
        Program program = Programs.open(module(10));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, program::optimize);
        assertEquals(Tier.INTERPRETED, program.tier());
        assertEquals(1, program.notes().size(), "" + program.notes());
        assertTrue(program.notes().getFirst().contains("too long here"), "" + program.notes());
    }

    @Test
    void theCacheGivesTheSameAfterARestart() throws Exception {
        byte[] module = module(10, 18_000);
        Program first = runtime().open(Programs.task(module), module);
        first.optimize();
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(2, files.count(), "a key and an entry");
        }
        Program second = runtime().open(Programs.task(module), module);
        assertEquals(Tier.COMPILED, second.tier());
        assertEquals(first.notes(), second.notes());
        assertEquals("", Programs.output(second.newIsolate(), module));
        ModuleShape shape = ModuleScan.scan(module);
        assertEquals(Set.of(2), compile(module).interpreted());
        assertEquals(3, shape.functions());
    }

    private WasmRuntime runtime() throws Exception {
        return new WasmRuntime(
                InstantSource.system(), System::nanoTime, new SecureRandom(), folder);
    }
}
