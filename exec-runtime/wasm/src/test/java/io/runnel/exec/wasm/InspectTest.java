package io.runnel.exec.wasm;

import static io.runnel.exec.wasm.ModuleBytes.bytes;
import static io.runnel.exec.wasm.ModuleBytes.command;
import static io.runnel.exec.wasm.ModuleBytes.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;
import io.runnel.exec.isolate.CodeReport;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Limits;

import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;

class InspectTest {
    private final WasmRuntime runtime =
            new WasmRuntime(InstantSource.system(), System::nanoTime, new SecureRandom());

    private CodeReport inspect(byte[] module) throws CodeRejectedException {
        return runtime.inspect(module, Limits.DEFAULT);
    }

    private void assertRejected(Code code, String part, ModuleBytes module) {
        var e = assertThrows(CodeRejectedException.class, () -> inspect(module.toBytes()));
        assertTrue(e.getMessage().contains(part), e.getMessage());
        assertEquals(code, e.code(), e.getMessage());
    }

    private static ModuleBytes body(int... instructions) {
        return bytes().u32(0).raw(instructions);
    }

    @Test
    void reportsWhatIsThere() throws Exception {
        CodeReport report = inspect(command().code(body(0x0B)).toBytes());
        assertEquals(ByteSize.ofKiB(64), report.initialMemory());
        assertEquals(1, report.functions());
        assertEquals(List.of(), report.notes());
        assertEquals(1, inspect(Guests.module("start_section")).notes().size());
    }

    @Test
    void nothingRuns() throws Exception {
        // Its start function would never return.
        assertEquals(2, inspect(Guests.module("start_section")).functions());
    }

    @Test
    void unknownImportsAreNamed() {
        var type = bytes().raw(1, 0x60, 0, 0);
        assertRejected(
                Code.UNKNOWN_IMPORT,
                "import env.emscripten_memcpy_big is not of wasi_snapshot_preview1",
                importing(type, "env", "emscripten_memcpy_big"));
        assertRejected(
                Code.UNKNOWN_IMPORT,
                "import wasi_snapshot_preview1.fd_open does not exist",
                importing(type, "wasi_snapshot_preview1", "fd_open"));
        assertRejected(
                Code.UNKNOWN_IMPORT,
                "import wasi_snapshot_preview1.fd_write has another type there",
                importing(type, "wasi_snapshot_preview1", "fd_write"));
        assertRejected(
                Code.UNKNOWN_IMPORT,
                "import env.memory is not a function",
                module().section(2, bytes().u32(1).name("env").name("memory").raw(2, 0, 1)));
    }

    @Test
    void otherVersionsOfOurOwnModuleAreNamed() {
        var type = bytes().raw(1, 0x60, 0, 0);
        for (String from : new String[] {"runnel", "runnel@0", "runnel@2", "runnel@1.0"}) {
            assertRejected(
                    Code.UNKNOWN_IMPORT,
                    "this node knows runnel@1 and no other version",
                    importing(type, from, "log"));
        }
        assertRejected(
                Code.UNKNOWN_IMPORT,
                "import runnel@1.fly does not exist",
                importing(type, "runnel@1", "fly"));
        assertRejected(
                Code.UNKNOWN_IMPORT,
                "import runnel@1.log has another type there",
                importing(type, "runnel@1", "log"));
    }

    private static ModuleBytes importing(ModuleBytes types, String from, String name) {
        return module().section(1, types)
                .section(2, bytes().u32(1).name(from).name(name).raw(0, 0));
    }

    @Test
    void anEntryIsDemanded() {
        assertRejected(
                Code.NO_ENTRY, "no function _start", module().section(5, bytes().raw(1, 0, 1)));
        assertRejected(Code.NO_ENTRY, "no function _start", module());
        assertRejected(
                Code.NO_ENTRY,
                "takes or gives",
                module().section(1, bytes().raw(1, 0x60, 0, 1, 0x7F))
                        .section(3, bytes().raw(1, 0))
                        .section(5, bytes().raw(1, 0, 1))
                        .section(7, bytes().raw(1).name("_start").raw(0, 0)));
        assertRejected(
                Code.NO_ENTRY,
                "no export 'memory'",
                module().section(1, bytes().raw(1, 0x60, 0, 0))
                        .section(3, bytes().raw(1, 0))
                        .section(5, bytes().raw(1, 0, 1))
                        .section(7, bytes().raw(1).name("_start").raw(0, 0))
                        .code(body(0x0B)));
    }

    @Test
    void memoryHasALimit() {
        assertRejected(
                Code.MEMORY,
                "needs 128MiB of memory at the start, its limit is 64MiB",
                memory(bytes().raw(1, 0).u32(2048)));
        assertRejected(Code.MEMORY, "65536 pages", memory(bytes().raw(1, 0).u32(65536)));
        assertRejected(Code.UNSUPPORTED, "shared", memory(bytes().raw(1, 3, 1, 2)));
        assertRejected(Code.UNSUPPORTED, "one memory", memory(bytes().raw(2, 0, 1, 0, 1)));
    }

    private static ModuleBytes memory(ModuleBytes section) {
        return module().section(1, bytes().raw(1, 0x60, 0, 0))
                .section(3, bytes().raw(1, 0))
                .section(5, section)
                .section(7, bytes().raw(2).name("memory").raw(2, 0).name("_start").raw(0, 0))
                .code(body(0x0B));
    }

    @Test
    void countsThatLieAreRefusedBeforeTheyCostMemory() {
        long many = 0x7FFF_FFFFL;
        assertRejected(Code.MALFORMED, "types announced", module().section(1, bytes().u32(many)));
        assertRejected(
                Code.MALFORMED,
                "parameters of a function announced",
                module().section(1, bytes().raw(1, 0x60).u32(many)));
        assertRejected(Code.MALFORMED, "imports announced", module().section(2, bytes().u32(many)));
        assertRejected(
                Code.MALFORMED,
                "bytes announced",
                command().code(body(0x0B)).section(11, bytes().raw(1, 1).u32(many)));
        assertRejected(
                Code.COMPILE_LIMIT,
                "local variables",
                command().code(bytes().raw(1).u32(many).raw(0x7F, 0x0B)));
        assertRejected(
                Code.MEMORY,
                "tables may have at most",
                module().section(4, bytes().raw(1, 0x70, 0).u32(many)));
        assertRejected(
                Code.MALFORMED,
                "elements of a segment announced",
                command().section(9, bytes().raw(1, 1, 0).u32(many)));
    }

    @Test
    void nestingAndBranchesHaveALimit() {
        assertRejected(
                Code.COMPILE_LIMIT,
                "nested at most",
                command().code(body().repeat(5000, 0x02, 0x40).repeat(5001, 0x0B)));
        var entangled = body().repeat(3900, 0x02, 0x40);
        for (int i = 0; i < 60_000 / 2; i++) {
            entangled.raw(0x0C).u32(3899);
        }
        assertRejected(Code.COMPILE_LIMIT, "branches", functions(3, entangled.repeat(3901, 0x0B)));
        assertRejected(
                Code.COMPILE_LIMIT, "function 0", command().code(body().repeat(1_200_000, 0x01)));
    }

    /** Several functions of this body. */
    private static ModuleBytes functions(int count, ModuleBytes body) {
        var code = bytes().u32(count);
        for (int i = 0; i < count; i++) {
            code.u32(body.toBytes().length).add(body);
        }
        return module().section(1, bytes().raw(1, 0x60, 0, 0))
                .section(3, bytes().u32(count).repeat(count, 0))
                .section(5, bytes().raw(1, 0, 1))
                .section(7, bytes().raw(2).name("memory").raw(2, 0).name("_start").raw(0, 0))
                .section(10, code);
    }

    @Test
    void whatTasksCannotUseIsNamed() {
        assertRejected(Code.UNSUPPORTED, "SIMD", command().code(body(0xFD, 0x0C)));
        assertRejected(Code.UNSUPPORTED, "atomic", command().code(body(0xFE, 0x03, 0, 0x0B)));
        assertRejected(Code.UNSUPPORTED, "typed references", command().code(body(0xFB, 0x00)));
        assertRejected(
                Code.UNSUPPORTED, "typed references", command().code(body(0x02, 0x6B, 0x0B)));
        assertRejected(Code.UNSUPPORTED, "exceptions", command().code(body(0x08, 0x00)));
        assertRejected(
                Code.UNSUPPORTED, "a component", bytes().raw(0, 'a', 's', 'm', 0x0D, 0, 1, 0));
    }

    @Test
    void whatIsMadeForSomethingElseIsTold() {
        var type = bytes().raw(1, 0x60, 0, 0);
        assertRejected(
                Code.UNKNOWN_IMPORT,
                "-sSTANDALONE_WASM",
                importing(type, "env", "emscripten_memcpy_js"));
        assertRejected(Code.UNKNOWN_IMPORT, "-sSTANDALONE_WASM", importing(type, "a", "b"));
        assertRejected(
                Code.UNKNOWN_IMPORT, "GOOS=wasip1", importing(type, "gojs", "runtime.wasmExit"));
        assertRejected(Code.UNKNOWN_IMPORT, "wasm-bindgen", importing(type, "wbg", "__wbg_log"));
        assertRejected(
                Code.UNKNOWN_IMPORT, "preview 2", importing(type, "wasi:cli/run@0.2.0", "run"));
        assertRejected(
                Code.UNKNOWN_IMPORT, "preview 0", importing(type, "wasi_unstable", "fd_seek"));
        assertRejected(
                Code.NO_ENTRY,
                "it is a reactor",
                module().section(1, type)
                        .section(3, bytes().raw(1, 0))
                        .section(5, bytes().raw(1, 0, 1))
                        .section(7, bytes().raw(1).name("_initialize").raw(0, 0)));
    }

    @Test
    void hostileNumbersAndNamesAreRefused() {
        assertRejected(
                Code.COMPILE_LIMIT,
                "at most 40000 functions: 50000",
                module().section(1, bytes().raw(1, 0x60, 0, 0))
                        .section(3, bytes().u32(50_000).repeat(50_000, 0)));
        assertRejected(
                Code.MALFORMED,
                "two exports have the name 'memory'",
                module().section(5, bytes().raw(1, 0, 1))
                        .section(
                                7,
                                bytes().raw(2).name("memory").raw(2, 0).name("memory").raw(2, 0)));
        assertRejected(
                Code.COMPILE_LIMIT,
                "at most 256 imports",
                module().section(2, bytes().u32(300).repeat(300, 0, 0, 0, 0)));
        // Data beyond memory, and data that would make an image of 512 MiB.
        assertRejected(
                Code.MALFORMED,
                "no instance can be made of it: out of bounds",
                command()
                        .code(body(0x0B))
                        .section(11, bytes().raw(1, 0, 0x41).signed(65_535).raw(0x0B, 2, 1, 1)));
    }

    @Test
    void dataThatReachesFarIsRefused() {
        var far =
                module().section(1, bytes().raw(1, 0x60, 0, 0))
                        .section(3, bytes().raw(1, 0))
                        .section(5, bytes().raw(1, 0).u32(8192))
                        .section(
                                7, bytes().raw(2).name("memory").raw(2, 0).name("_start").raw(0, 0))
                        .code(body(0x0B))
                        .section(11, bytes().raw(1, 0, 0x41).signed(300 << 20).raw(0x0B, 1, 1));
        Limits large = Limits.DEFAULT.withMemory(ByteSize.ofMiB(512));
        var e =
                assertThrows(
                        CodeRejectedException.class, () -> runtime.inspect(far.toBytes(), large));
        assertEquals(Code.MALFORMED, e.code());
        assertTrue(e.getMessage().contains("may reach up to 64MiB"), e.getMessage());
    }

    @Test
    void whatIsNotValidIsRejected() {
        assertRejected(Code.MALFORMED, "else", command().code(body(0x02, 0x40, 0x05, 0x0B, 0x0B)));
        // An addition without operands, and a call of a function that is not there.
        assertRejected(Code.MALFORMED, "not valid", command().code(body(0x6A, 0x1A, 0x0B)));
        assertRejected(Code.MALFORMED, "not valid", command().code(body(0x10, 0x63, 0x0B)));
    }

    @Test
    void anyBytesAreAnswered() {
        long seed = new SecureRandom().nextLong();
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] module = Guests.module(i % 2 == 0 ? "remember" : "environment");
            int changes = 1 + random.nextInt(4);
            for (int c = 0; c < changes; c++) {
                module[8 + random.nextInt(module.length - 8)] = (byte) random.nextInt(256);
            }
            try {
                inspect(module);
            } catch (CodeRejectedException e) {
                assertTrue(e.getMessage().length() < 400, e.getMessage());
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", module " + i, e);
            }
        }
    }
}
