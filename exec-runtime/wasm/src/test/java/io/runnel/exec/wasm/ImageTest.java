package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.Collected;
import io.runnel.exec.isolate.Isolate;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.isolate.Tier;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.wasi.GuestCall;
import io.runnel.exec.wasi.HostSources;
import io.runnel.exec.wasi.StandardStreams;

import org.junit.jupiter.api.Test;

import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** Guests that write everywhere, and look in the next call for what they wrote. */
class ImageTest {
    private static final byte[] EVERYWHERE = Guests.module("everywhere");

    @Test
    void whatWasWrittenAnywhereIsNeverSeenAgain() throws Exception {
        for (WasmRuntime runtime : List.of(Programs.runtime(), Programs.runtime().withoutMarks())) {
            seesNothing(runtime.open(Programs.task(EVERYWHERE), EVERYWHERE));
        }
    }

    private static void seesNothing(Program program) throws Exception {
        Isolate kept = program.newIsolate();
        for (int i = 0; i < 4; i++) {
            assertEquals(".", Programs.output(kept, EVERYWHERE), "call " + i + " of the kept one");
            assertEquals(".", Programs.output(program.newIsolate(), EVERYWHERE), "new " + i);
            if (i == 1) {
                program.optimize();
                assertEquals(Tier.COMPILED, program.tier());
            }
        }
    }

    /** The test above would see it if any one of these were not brought back. */
    @Test
    void theGuestSeesWhatIsNotBroughtBack() throws Exception {
        for (Engine engine : engines()) {
            assertEquals("m.", seenWith(engine, Part.MEMORY));
            assertEquals("sm", seenWith(engine, Part.MEMORY_SIZE).substring(0, 2));
            assertEquals("ggggg.", seenWith(engine, Part.GLOBALS));
            assertEquals("tttt.", seenWith(engine, Part.TABLES));
            assertEquals("", seenWith(engine, Part.DATA_SEGMENTS), "it traps");
            assertEquals("", seenWith(engine, Part.ELEMENT_SEGMENTS), "it traps");
            assertEquals(".", seenWith(engine, Part.NOTHING));
        }
    }

    private enum Part {
        MEMORY,
        MEMORY_SIZE,
        GLOBALS,
        TABLES,
        DATA_SEGMENTS,
        ELEMENT_SEGMENTS,
        NOTHING
    }

    private static List<Engine> engines() throws Exception {
        ModuleShape shape = ModuleScan.scan(EVERYWHERE);
        var classes = ModuleCompiler.compile(ModuleParser.whole(EVERYWHERE, shape));
        return List.of(
                Engine.interpreting(EVERYWHERE, shape.types()),
                new Engine(Tier.COMPILED, ProgramLoader.load(classes)),
                UnmarkedForm.load(classes));
    }

    /** What the guest says in its second call, before which all but one part is brought back. */
    private static String seenWith(Engine engine, Part left) throws Exception {
        ModuleShape shape = ModuleScan.scan(EVERYWHERE);
        InstanceMaker maker = InstanceMaker.of(EVERYWHERE, shape, true);
        Image first = maker.first();
        GuestInstance instance = maker.make(engine, first);
        assertEquals(".", call(instance, shape));
        instance.restore(mixed(first, instance.snapshot(false), left));
        return call(instance, shape);
    }

    private static Image mixed(Image first, Image after, Part left) {
        MemoryImage was = first.memory();
        MemoryImage is = after.memory();
        MemoryImage memory =
                switch (left) {
                    case MEMORY ->
                            new MemoryImage(
                                    java.util.Arrays.copyOf(is.bytes(), 2 << 16),
                                    was.pages(),
                                    was.dropped());
                    case MEMORY_SIZE -> new MemoryImage(is.bytes(), is.pages(), was.dropped());
                    case DATA_SEGMENTS -> new MemoryImage(was.bytes(), was.pages(), is.dropped());
                    default -> was;
                };
        return new Image(
                memory,
                left == Part.GLOBALS ? after.globals() : first.globals(),
                left == Part.TABLES ? after.tables() : first.tables(),
                left == Part.ELEMENT_SEGMENTS ? after.elements() : first.elements(),
                false);
    }

    private static String call(GuestInstance instance, ModuleShape shape) {
        Collected out = new Collected();
        var streams = new StandardStreams(InputStream.nullInputStream(), out, out);
        instance.memory()
                .begin(
                        new GuestCall(List.of(), Map.of(), streams, HostSources.ofSystem()),
                        1 << 24);
        try {
            instance.run(shape.entries().command());
        } catch (RuntimeException e) {
            // It says what it saw until then.
            assertTrue(e.getMessage().contains("out of bounds"), e.toString());
        }
        return out.text();
    }

    @Test
    void instancesShareTheBytesOfTheImage() throws Exception {
        ModuleShape shape = ModuleScan.scan(EVERYWHERE);
        InstanceMaker maker = InstanceMaker.of(EVERYWHERE, shape, true);
        Image first = maker.first();
        GuestInstance instance = maker.make(engines().getFirst(), first);
        call(instance, shape);
        assertEquals(65530 + 19, first.memory().bytes().length, "up to the last byte of data");
        assertEquals(2, first.tables().getFirst()[1], "what a guest wrote is its own");
        assertFalse(first.memory().dropped().get(1));
    }

    @Test
    void aStartFunctionThatAsksForNothingRunsOnce() throws Exception {
        byte[] module = Guests.module("pure_start");
        var program = (WasmProgram) Programs.open(module);
        assertFalse(program.image().started());
        Isolate isolate = program.newIsolate();
        assertEquals("1", Programs.output(isolate, module));
        assertTrue(program.image().started());
        assertEquals("1", Programs.output(isolate, module));
        assertEquals("1", Programs.output(program.newIsolate(), module));
        program.optimize();
        assertEquals("1", Programs.output(isolate, module));
    }

    @Test
    void aStartFunctionThatAsksTheHostRunsInEachCall() throws Exception {
        byte[] module = Guests.module("asking_start");
        var program = (WasmProgram) Programs.open(module);
        for (int i = 0; i < 3; i++) {
            assertEquals("1", Programs.output(program.newIsolate(), module));
            assertFalse(program.image().started());
        }
    }

    @Test
    void anInitializationRunsOnceForAll() throws Exception {
        for (String guest : List.of("initialized", "wizer")) {
            byte[] module = Guests.module(guest);
            var program = Programs.open(module);
            assertFalse(program.isRunnable());
            program.optimize();
            assertTrue(program.isRunnable());
            Isolate isolate = program.newIsolate();
            for (int i = 0; i < 3; i++) {
                assertEquals("110", Programs.output(isolate, module), guest);
                assertEquals("110", Programs.output(program.newIsolate(), module), guest);
            }
        }
    }

    @Test
    void anImageLargerThanTheCallsLimitIsNotUsed() throws Exception {
        byte[] module =
                ModuleBytes.module()
                        .section(1, ModuleBytes.bytes().raw(1, 0x60, 0, 0))
                        .section(3, ModuleBytes.bytes().raw(1, 0))
                        .section(5, ModuleBytes.bytes().raw(1, 0).u32(300))
                        .section(
                                7,
                                ModuleBytes.bytes()
                                        .raw(2)
                                        .name("memory")
                                        .raw(2, 0)
                                        .name("_start")
                                        .raw(0, 0))
                        .code(ModuleBytes.bytes().raw(0, 0x0B))
                        .toBytes();
        var task = Programs.task(module);
        var large =
                io.runnel.exec.isolate.Contracts.task(
                        task.runtime(), "large", module, io.runnel.exec.task.Limits.DEFAULT);
        var program = Programs.runtime().open(large, module);
        Outcome outcome = Programs.run(program.newIsolate(), module, (b, o, l) -> {});
        assertInstanceOf(Outcome.MemoryExceeded.class, outcome);
    }
}
